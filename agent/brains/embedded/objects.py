"""Which elements, kinds and amounts belong to a use of a verb?"""

from agent.brains.embedded.mentions import KindWord, Mention
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.verbs import VerbUse
from agent.brains.embedded.vocabulary import word_class

_CLAUSE_STARTS = word_class("objects.clause_starts")
_OTHER_CLAUSES = word_class("objects.other_clauses")
_NO_PURPOSE = word_class("objects.no_purpose")  # 'back to service', 'to position 3'


def object_mentions(sentence: Sentence, use: VerbUse) -> tuple[Mention, ...]:
    """To the right of the verb; for events, states and passives to its left."""
    right = _mentions(sentence, use.end, clause_end(sentence, use))
    left = _nearest_group(sentence, _mentions(sentence, *use.left))
    subject_first = use.act in ("event", "be_out", "be_in") and use.verb != "lose" and use.form not in ("noun", "ing")
    return (left or right) if subject_first else (right or left)


def _nearest_group(sentence: Sentence, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The last mention and those joined to it: 'line 3 and trafo 2 trip'."""
    group = mentions[-1:]
    for mention in reversed(mentions[:-1]):
        between = {t.word for t in sentence.tokens[mention.end : group[0].start]}
        if not between <= {"and", "or", ",", "&", "the", "both", "also", "plus"}:
            break
        group = (mention, *group)
    return group


def _mentions(sentence: Sentence, start: int, end: int) -> tuple[Mention, ...]:
    return tuple(m for m in sentence.mentions if start <= m.start and m.end <= end and not m.excluded)


def clause_end(sentence: Sentence, use: VerbUse) -> int:
    """Where the objects end: before a reason, a condition or a purpose ('to relieve line 54')."""
    tokens = sentence.tokens
    for k in range(use.end, use.right[1]):
        if sentence.mention_at(k):
            continue
        if tokens[k].word in ("and", ",", "then", "-", ":") and k + 1 < use.right[1] and tokens[k + 1].word in _OTHER_CLAUSES:
            return k
        if tokens[k].word in _CLAUSE_STARTS or (k > use.end and tokens[k].word == "to" and _starts_purpose(sentence, k + 1)):
            return k
    return use.right[1]


def _starts_purpose(sentence: Sentence, i: int) -> bool:
    if i >= len(sentence.tokens) or any(q.start == i for q in sentence.quantities):
        return False
    token = sentence.tokens[i]
    return token.form == "base" and token.word.isalpha() and token.word not in _NO_PURPOSE


def amounts(sentence: Sentence, use: VerbUse) -> tuple[Quantity, ...]:
    """The quantities to the right of the verb, else those to its left."""
    end = clause_end(sentence, use)
    right = [q for q in sentence.quantities if use.end <= q.start < end]
    return tuple(right or [q for q in sentence.quantities if use.left[0] <= q.start < use.left[1]])


def bare_kind(sentence: Sentence, use: VerbUse) -> KindWord | None:
    """The kind in 'open the line', 'the busiest line trips': an object without a name."""
    inside = [k for k in sentence.kinds if use.end <= k.start < clause_end(sentence, use)]
    before = [k for k in sentence.kinds if use.left[0] <= k.start < use.left[1]]
    return next(iter(inside or before), None)


def stretch(sentence: Sentence, use: VerbUse) -> range:
    """All tokens that belong to the use: its objects and amounts, not its reasons."""
    return range(use.left[0], clause_end(sentence, use))
