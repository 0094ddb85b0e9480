"""'Which infeed hurts most if it goes?', 'only the lines: is there one whose loss …': the kind that the word for what fails stands for."""

from collections.abc import Iterator

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.kinds import KindWord
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.verbs import verb_uses
from agent.brains.embedded.vocabulary import word_class

_GENERAL = word_class("kinds_pointed.general")
_POINTING = word_class("kinds_pointed.pointing")
_OWNING = frozenset({"its", "their", "whose"})
_RESTRICTING = word_class("kinds_pointed.restricting")
_SHOWING = word_class("kinds_pointed.showing")
_SUPPOSING = frozenset({"if", "when", "should", "once", "with"})
_DEFINITE = frozenset({"the", "this", "that", "our"})
_BEFORE = 4  # words: 'which of our transformers', 'the most dangerous line'
_NEAR = 3  # words between 'it' and 'trips'


def pointed_kinds(sentence: Sentence) -> tuple[KindWord, ...]:
    """Kinds in general that fail as 'it', 'one', 'them', by 'whose loss' or as what there is 'to lose'."""
    found = [_meant(sentence, i) for use in verb_uses(sentence) for i in _pointers(sentence, use)]
    found += [_meant(sentence, use.start) for use in verb_uses(sentence) if _is_supposed(sentence, use)]
    return tuple(dict.fromkeys(kind for kind in found if kind is not None))


def restricted_kinds(sentence: Sentence) -> tuple[KindWord, ...]:
    """'Only the transformers', 'the lines alone': what a study of outages is restricted to; 'show only lines' chooses what is told."""
    return tuple(k for k in sentence.kinds if _is_restricted(sentence, k))


def _is_supposed(sentence: Sentence, use: VerbUse) -> bool:
    """'If a single transformer were to drop out': what is said to fail stands before the verb."""
    left = {t.word for t in sentence.tokens[use.left[0] : use.start]}
    return use.act == "event" and use.form in ("base", "s", "ed") and use.verb != "lose" and not _SUPPOSING.isdisjoint(left)


def _pointers(sentence: Sentence, use: VerbUse) -> Iterator[int]:
    """Where a word stands for what fails in this use; the token of 'lose' itself where nothing does: 'which one to lose'."""
    tokens = sentence.tokens
    supposed = not _SUPPOSING.isdisjoint(t.word for t in tokens[use.left[0] : use.start])
    if use.act != "event" and not (supposed and (use.act == "be_out" or (use.act == "open" and use.form == "ed"))):
        return
    before = range(max(use.left[0], use.start - _NEAR), use.start)
    takes = use.verb == "lose" or [t.word for t in tokens[use.end : use.end + 1]] == ["of"]  # 'we lose one', 'the loss of any of them'
    after = range(use.end, min(use.end + _NEAR + 1, use.right[1])) if takes else range(0)
    owned = use.form == "noun" and use.start > 0 and tokens[use.start - 1].word in _OWNING
    if owned:
        yield use.start - 1
    elif use.verb == "lose" and use.start > 0 and tokens[use.start - 1].word == "to" and _has_no_object(sentence, use):
        yield use.start
    else:
        spoken = after if use.form == "noun" else (*before, *after)
        counted = use.start - 1 if use.form == "base" and tokens[use.start - 1].word == "one" else -1  # 'one fault'
        yield from (i for i in spoken if tokens[i].word in _POINTING and i != counted and not sentence.mention_at(i))


def _meant(sentence: Sentence, i: int) -> KindWord | None:
    """The nearest thing named before token i, where it is a kind in general; a name in between is what is meant."""
    kind = max((k for k in sentence.kinds if k.end <= i), key=lambda k: k.start, default=None)
    if kind is None or any(kind.end <= m.start < i for m in sentence.mentions):
        return None
    return kind if _is_general(sentence, kind) else None


def _is_general(sentence: Sentence, kind: KindWord) -> bool:
    """'Which infeed', 'any of the lines', 'a transformer', 'transformers'; 'the line' and 'the most loaded line' are one."""
    before = [t.word for t in sentence.tokens[max(kind.start - _BEFORE, 0) : kind.start]]
    if kind.plural:
        return True
    article = next((w for w in reversed(before) if w in _GENERAL or w in _DEFINITE), None)
    return article in _GENERAL


def _is_restricted(sentence: Sentence, kind: KindWord) -> bool:
    tokens = sentence.tokens
    start = kind.start - (kind.start > 0 and tokens[kind.start - 1].word in _DEFINITE)
    low = max(start - _NEAR, 0)
    shown = any(t.lemma in _SHOWING for t in tokens[low:start])
    before = start > 0 and tokens[start - 1].word in _RESTRICTING
    after = kind.end < len(tokens) and tokens[kind.end].word in _RESTRICTING | {"alone"}
    return (before or after) and not shown


def _has_no_object(sentence: Sentence, use: VerbUse) -> bool:
    """'Which line can we not afford to lose right now?'"""
    behind = range(use.end, min(use.end + _NEAR, use.right[1]))
    named = any(m.start in behind for m in sentence.mentions) or any(k.start in behind for k in sentence.kinds)
    return not named and not any(h.start in behind and h.concept in ("load", "generation") for h in sentence.hits)
