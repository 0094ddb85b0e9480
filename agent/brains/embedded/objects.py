"""Which elements, kinds and amounts belong to a use of a verb?"""

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.kinds import KindWord, Mention
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.verbs import SUBJECT_FIRST
from agent.brains.embedded.vocabulary import word_class

_CLAUSE_STARTS = word_class("objects.clause_starts")
_NOUN_LINKS = word_class("objects.noun_links")
_NOUN_ADJECTIVES = word_class("objects.noun_adjectives")
_OWN_DOING = word_class("objects.own_doing")
_JOINING = word_class("objects.joining")
_PASSIVE = word_class("objects.passive")
_MORE_OBJECTS = word_class("objects.more_objects")
_NO_PURPOSE = word_class("objects.no_purpose")  # 'back to service', 'to position 3'
_SUPPOSING = frozenset({"if", "when", "whenever", "once", "while"})
_GROUPS = ("load", "generation", "wind", "pv")
_CASES = frozenset({"case", "event"})


def object_mentions(sentence: Sentence, use: VerbUse) -> tuple[Mention, ...]:
    """To the right of the verb; for events, states and passives to its left."""
    right = _mentions(sentence, use.end, clause_end(sentence, use))
    left = _nearest_group(sentence, _mentions(sentence, _clause_start(sentence, use), use.start))
    if use.act == "be_out" and sentence.tokens[use.start].word in ("without", "during", "throughout"):
        return _first_group(sentence, right)  # 'without Sgen 64 how loaded is line 54'
    if use.form == "noun" and use.act == "event":
        return _of_noun(sentence, use, left, right)
    stands_before = use.form == "ing" and any(m.end == use.start for m in left)  # 'line 58 tripping'; but 'by tripping line 58'
    if use.form == "s" and any(m.end == use.start for m in left):
        return left  # 'after line 14 opens, what is on line 15'
    if use.act in ("raise", "lower") and use.form in ("base", "s") and _is_subject(sentence, use, left, right):
        return left  # 'let Sgen 64 drop by 10 MW and Sgen 65 rise by 10 MW'
    subject_first = use.act in SUBJECT_FIRST and use.verb != "lose" and (use.form not in ("noun", "ing") or stands_before)
    if left and use.verb in _OWN_DOING and _words_between(sentence, left[-1].end, use.start) <= _PASSIVE:
        return left  # 'with Sgen 64 absorbing 5 Mvar, what is the voltage of bus 7'
    if use.form in ("adj", "ed") and use.act not in SUBJECT_FIRST and left:  # 'Sgen 67 at 60 MW and Sgen 65 at 50'
        each = _each_with_amount(sentence, (*left, *right), clause_end(sentence, use))
        passive = use.form == "adj" or _words_between(sentence, left[-1].end, use.start) <= _PASSIVE
        return each or (left if passive else right or left)
    return (left or right) if subject_first else (right or left)


def _clause_start(sentence: Sentence, use: VerbUse) -> int:
    """Where the objects to the left begin: in 'what does line 54 carry if all the PV is gone' behind the 'if', for the PV is what goes."""
    low, high = use.left
    supposing = max((i for i in range(low, high) if sentence.tokens[i].word in _SUPPOSING), default=low)
    own = any(supposing < h.start < high and h.concept in _GROUPS for h in sentence.hits)
    return supposing if own else low


def _is_subject(sentence: Sentence, use: VerbUse, left: tuple[Mention, ...], right: tuple[Mention, ...]) -> bool:
    """Right before the verb, with no object right behind it."""
    behind = use.end + (use.end < len(sentence.tokens) and sentence.tokens[use.end].word == "the")
    return any(m.end == use.start for m in left) and not any(m.start == behind for m in right)


def _each_with_amount(sentence: Sentence, mentions: tuple[Mention, ...], end: int) -> tuple[Mention, ...]:
    """The mentions, where an amount of its own follows each."""
    ends = [*(m.start for m in mentions[1:]), end]
    own = all(any(m.end <= q.start < stop for q in sentence.quantities) for m, stop in zip(mentions, ends, strict=True))
    return mentions if len(mentions) > 1 and own else ()


def _of_noun(sentence: Sentence, use: VerbUse, left: tuple[Mention, ...], right: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """'Line 14 outage', 'loss of line 14', 'line 14 and its outage'; but in 'capping Sgen 64 helps in line outages' it is nobody's."""
    if right and _words_between(sentence, use.end, right[0].start) <= _NOUN_LINKS:
        return _first_group(sentence, right)
    if left and _words_between(sentence, left[-1].end, use.start) <= _NOUN_ADJECTIVES:
        return left
    if use.start and sentence.tokens[use.start - 1].text.endswith("'s") and not sentence.mention_at(use.start - 1):
        return ()  # 'during the neighbour's outage'
    owned = sentence.tokens[use.start - 1].word in ("its", "their", "whose") if use.start else False
    following = sentence.tokens[use.end].word if use.end < len(sentence.tokens) else ""
    alone = len(sentence.mentions) == 1 and following != "of" and not any(k.end == use.start for k in sentence.kinds)
    return (left or right) if owned or alone else ()


def _words_between(sentence: Sentence, start: int, end: int) -> frozenset[str]:
    """What stands between, kinds left out ('the loss of the line HV1 Line 14')."""
    of_kind = {i for k in sentence.kinds for i in range(k.start, k.end)}
    return frozenset(sentence.tokens[i].word for i in range(start, end) if i not in of_kind)


def _nearest_group(sentence: Sentence, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The last mention and those joined to it: 'line 3 and trafo 2 trip'."""
    group = mentions[-1:]
    for mention in reversed(mentions[:-1]):
        if not _are_joined(sentence, mention, group[0]):
            break
        group = (mention, *group)
    return group


def _first_group(sentence: Sentence, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The first mention and those joined to it: the outage of line 3 and line 4, not what it does 'on line 5'."""
    group = mentions[:1]
    for mention in mentions[1:]:
        if not _are_joined(sentence, group[-1], mention):
            break
        group = (*group, mention)
    return group


def _are_joined(sentence: Sentence, first: Mention, second: Mention) -> bool:
    return {t.word for t in sentence.tokens[first.end : second.start]} <= _JOINING


def _mentions(sentence: Sentence, start: int, end: int) -> tuple[Mention, ...]:
    return tuple(m for m in sentence.mentions if start <= m.start and m.end <= end and not m.excluded)


def clause_end(sentence: Sentence, use: VerbUse) -> int:
    """Where the objects end: before a reason, a condition or a purpose ('to relieve line 54')."""
    tokens = sentence.tokens
    for k in range(use.end, use.right[1]):
        if sentence.mention_at(k):
            continue
        if k > use.end and tokens[k].word in ("and", "or", ",", ";", "then", "-", ":", "but") and _starts_clause(sentence, k + 1):
            return k
        if tokens[k].word == "by" and k + 1 < len(tokens) and tokens[k + 1].form == "ing":
            return k  # 'lower the voltage by tapping trafo 3'
        if tokens[k].word == "in" and k + 1 < len(tokens) and tokens[k + 1].word in _CASES:
            return k  # 'in case line 15 is overloaded'
        if tokens[k].word in _CLAUSE_STARTS or (k > use.end and tokens[k].word == "to" and _starts_purpose(sentence, k + 1)):
            return k
    return use.right[1]


def _starts_clause(sentence: Sentence, i: int) -> bool:
    """'..., then tell me', 'but keep line 15 closed': anything but another object ('and also line 15') or amount."""
    while i < len(sentence.tokens) and sentence.tokens[i].word in ("or", "of"):  # 'the loss of line 14, or of line 15'
        i += 1
    token = sentence.tokens[i] if i < len(sentence.tokens) else None
    if token is None or sentence.mention_at(i) or not token.word[0].isalpha() or token.word in _MORE_OBJECTS:
        return False
    return not any(q.start == i for q in sentence.quantities) and not any(k.start == i for k in sentence.kinds)


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
