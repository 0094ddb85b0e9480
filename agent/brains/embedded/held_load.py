"""Which load is a transformer to carry, and how fast do loads grow? In per cent of its rating, and per cent a year."""

import re
from dataclasses import dataclass

from agent.brains.embedded.durations import ANNUAL
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_RATED = word_class("held_load.rated")
_BEYOND = word_class("held_load.beyond")
_SHRINKING = word_class("held_load.shrinking")
_OTHER_SHARES = word_class("held_load.other_shares")
_FULL = re.compile(
    r"\b(?:full|rated|nominal|nameplate)(?: rated| nominal)? (?:load|power|capacity|rating|output|current)\b"
    r"|\b(?:at|its|their) (?:rating|nameplate)\b"
)
_TWICE = re.compile(r"\b(?:twice|double) (?:its |the |their )?(?:rating|rated|nominal|nameplate|capacity)\b")
_NEAR = 4  # words between a share and what makes it a growth


@dataclass(frozen=True)
class Held:
    """`percent` of the rating; `growth` per cent a year; `unit`: the load was given in this unit instead."""

    percent: float | None = None
    growth: float | None = None
    unit: str = ""


def held_load(sentence: Sentence, scaled: frozenset[float] = frozenset()) -> Held:
    """What the shares of a sentence mean for a transformer. `scaled`: the amounts that scale a group of loads or parks."""
    percent, growth, unit = None, None, ""
    for quantity in sentence.quantities:
        if quantity.unit == "percent" and _is_annual(sentence, quantity):
            growth = -quantity.value if not _SHRINKING.isdisjoint(_around(sentence, quantity)) else quantity.value
        elif quantity.value not in scaled and percent is None:
            percent = _share(sentence, quantity)
        if quantity.unit in ("mva", "mw", "ka"):
            unit = quantity.unit
    return Held(percent if percent is not None else _in_words(sentence), growth, unit)


def _share(sentence: Sentence, quantity: Quantity) -> float | None:
    """'130 %', '1.3 times its rating', '1.3 pu', '25 % above its rating', 'overload by 25 %'."""
    around = _around(sentence, quantity)
    after = [t.word for t in sentence.tokens[quantity.end : quantity.end + 3]]
    rated = not _RATED.isdisjoint(after)
    if quantity.unit == "pu" or (quantity.unit == "times" and rated):
        return round(100.0 * quantity.value, 6)
    if quantity.unit != "percent" or not _OTHER_SHARES.isdisjoint(after):
        return None
    over = "overload" in around or (after[:1] and after[0] in _BEYOND and rated)
    if over and quantity.value < 100.0 and (quantity.relation in ("by", "none") or (after[:1] and after[0] in _BEYOND)):
        return 100.0 + quantity.value
    return None if quantity.relation in ("below", "by") else quantity.value


def _is_annual(sentence: Sentence, quantity: Quantity) -> bool:
    """'2 % per year', '2 % load growth a year', 'annual growth of 2 %'."""
    first, last = max(quantity.start - _NEAR, 0), min(quantity.end + _NEAR, len(sentence.tokens)) - 1
    return bool(ANNUAL.search(sentence.text[sentence.tokens[first].start : sentence.tokens[last].end].lower()))


def _around(sentence: Sentence, quantity: Quantity) -> frozenset[str]:
    near = sentence.tokens[max(quantity.start - _NEAR, 0) : quantity.end + _NEAR]
    return frozenset(w for t in near for w in (t.word, t.lemma))


def _in_words(sentence: Sentence) -> float | None:
    text = sentence.text.lower()
    if _TWICE.search(text):
        return 200.0
    return 100.0 if _FULL.search(text) else None
