"""Where does a sentence speak of changing the grid, and which of its words belong to which change?"""

from collections.abc import Sequence
from dataclasses import replace

from agent.brains.embedded.candidates import VerbUse, candidates
from agent.brains.embedded.numbers import fraction_at
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import ElementKind

_OF_ELEMENTS = frozenset({"remove", "start"})
_FALLING = frozenset({"drop", "fall"})
_HOW_FAR = frozenset({"to", "by", "all", "whole", "completely", "entirely", "some", "more", "below", "under"})
_WITH_VALUES = {ElementKind.BUS}
_BRANCHES = {ElementKind.LINE, ElementKind.TRANSFORMER}
_ARTICLES = {"the", "connection", "link"}
SUBJECT_FIRST = ("event", "be_out", "be_in")


def verb_uses(sentence: Sentence) -> tuple[VerbUse, ...]:
    """Every use of a changing verb in order; each owns the tokens from the use before it to the use after it, within its sentence."""
    kept: list[VerbUse] = []
    for use in sorted(candidates(sentence), key=lambda u: (u.start, -u.end)):
        if not kept or use.start >= kept[-1].end:
            kept.append(use)
    owned = _owned(sentence, kept)
    useful = [found for use in owned if (found := _useful(sentence, use)) is not None]
    return _owned(sentence, useful)


def _useful(sentence: Sentence, use: VerbUse) -> VerbUse | None:
    """The use, if it has something to act on; 'do not switch anything' forbids everything."""
    if use.act == "lower" and use.verb == "cut" and _cuts_branch(sentence, use):
        return replace(use, act="event")
    if use.act == "lower" and use.verb in _FALLING and _falls_whole(sentence, use):
        return replace(use, act="event")
    if use.verb in _OF_ELEMENTS and not _acts_on_element(sentence, use):
        return None  # 'remove the bad data', 'a cascade starting with line 54'
    if _has_something(sentence, use):
        return replace(use, act="set") if use.act == "put" else use
    negated = not {"not", "never"}.isdisjoint(t.word for t in sentence.tokens[max(use.start - 3, 0) : use.start])
    return replace(use, act="touch") if negated else None


def _acts_on_element(sentence: Sentence, use: VerbUse) -> bool:
    article = use.end < len(sentence.tokens) and sentence.tokens[use.end].word in ("the", "up")
    return any(m.start == use.end + article for m in sentence.mentions)


def _cuts_branch(sentence: Sentence, use: VerbUse) -> bool:
    """'Somebody cut the line between bus 9 and bus 14': a branch is severed; its load is cut by an amount, or by name."""
    behind = range(use.end, use.right[1])
    objects = [m for m in sentence.mentions if m.start in behind][:1]
    branch = bool(objects) and bool(objects[0].kinds) and set(objects[0].kinds) <= _BRANCHES
    before = {t.word for t in sentence.tokens[use.end : objects[0].start]} if objects else set()
    return branch and before <= _ARTICLES and not any(q.start in behind and q.unit for q in sentence.quantities)


def _falls_whole(sentence: Sentence, use: VerbUse) -> bool:
    """'Line 2-3 falls', 'drop load 44': an element, and nothing said of how much or of what of it."""
    behind = range(use.end, use.right[1])
    amounts = any(q.start in behind for q in sentence.quantities) or any(fraction_at(sentence.tokens, i) for i in behind)
    words = {sentence.tokens[i].word for i in behind}
    named = any(m.end == use.start or m.start in (use.end, use.end + 1) for m in sentence.mentions if not set(m.kinds) & _WITH_VALUES)
    return named and not amounts and words.isdisjoint(_HOW_FAR)


def _owned(sentence: Sentence, uses: Sequence[VerbUse]) -> tuple[VerbUse, ...]:
    found: list[VerbUse] = []
    for k, use in enumerate(uses):
        low, high = sentence.bounds(use.start)
        left = (max(low, uses[k - 1].end) if k else low, use.start)
        right = (use.end, min(high, _subject_start(sentence, use, uses[k + 1])) if k + 1 < len(uses) else high)
        found.append(replace(use, left=left, right=right))
    return tuple(found)


def _subject_start(sentence: Sentence, use: VerbUse, following: VerbUse) -> int:
    """Where the next use begins: at its subject, where that stands in front of it ('open line 14 but keep line 15 closed')."""
    between = [m.start for m in sentence.mentions if use.end <= m.start and m.end <= following.start]
    has_subject = following.act in SUBJECT_FIRST and following.verb != "lose" and following.form not in ("noun", "ing")
    return between[-1] if has_subject and len(between) > 1 else following.start


def _has_something(sentence: Sentence, use: VerbUse) -> bool:
    """'go ahead', 'make sure': setting verbs count only with an amount, an element or a group of loads or parks."""
    if use.act not in ("set", "put", "raise", "lower", "scale", "release"):
        return True
    low, high = use.left[0], use.right[1]
    if use.act == "put":
        bounded = ("above",) if use.verb in ("keep", "hold") else ("above", "below")  # 'keep sgen 64 below 100 MW'
        values = (q for q in sentence.quantities if q.relation not in bounded)
        return any(use.end <= q.start < high for q in values) or any(fraction_at(sentence.tokens, i) for i in range(use.end, high))
    groups = any(low <= h.start < high and h.concept in ("load", "generation", "wind", "pv", "tap") for h in sentence.hits)
    return groups or any(low <= m.start < high for m in sentence.mentions) or any(use.end <= q.start < high for q in sentence.quantities)
