"""Which load is a transformer to carry, and how fast do loads grow? In per cent of its rating, and per cent a year."""

import re
from dataclasses import dataclass

from agent.brains.embedded.durations import ANNUAL
from agent.brains.embedded.numbers import fraction_at
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_RATED = word_class("held_load.rated")
_BEYOND = word_class("held_load.beyond")
_SHRINKING = word_class("held_load.shrinking")
_OTHER_SHARES = word_class("held_load.other_shares")
_FULL = re.compile(
    r"\b(?:full|rated|nominal|nameplate)(?: rated| nominal)? (?:load|power|capacity|rating|output|current)\b"
    r"|\b(?:at|its|their) (?:rating|nameplate)\b|\bfully (?:loaded|utili[sz]ed)\b|\bflat out\b"
)
_TWICE = re.compile(r"\b(?:twice|double) (?:its |the |their )?(?:rating|rated|nominal|nameplate|capacity)\b")
_OTHER_UNITS = ("mva", "mw", "ka")
_NEAR = 4  # words between a share and what makes it a growth


@dataclass(frozen=True)
class Held:
    """`percent` of the rating; `growth` per cent a year; `unit`: the load was given in this unit instead; `several`: more than one load."""

    percent: float | None = None
    growth: float | None = None
    unit: str = ""
    several: bool = False


def held_load(sentence: Sentence, scaled: frozenset[float] = frozenset()) -> Held:
    """What the shares of a sentence mean for a transformer. `scaled`: the amounts that scale a group of loads or parks."""
    growing = [q for q in sentence.quantities if q.unit == "percent" and q.value not in scaled and _is_growth(sentence, q)]
    annual = [q for q in sentence.quantities if q.unit == "percent" and _is_annual(sentence, q)] or growing
    rest = [q for q in sentence.quantities if q not in annual and q.value not in scaled]
    shares = list(dict.fromkeys(share for q in rest if (share := _share(sentence, q)) is not None))
    return Held(
        percent=shares[0] if shares else _in_words(sentence),
        growth=_growth(sentence, annual[0]) if annual else None,
        unit=next((q.unit for q in sentence.quantities if q.unit in _OTHER_UNITS), ""),
        several=len(shares) > 1,
    )


def _growth(sentence: Sentence, quantity: Quantity) -> float:
    return -quantity.value if not _SHRINKING.isdisjoint(_around(sentence, quantity)) else quantity.value


def _is_growth(sentence: Sentence, quantity: Quantity) -> bool:
    """'With 2 % growth': where nothing is said to grow by it at once, it is a rate."""
    near = sentence.tokens[max(quantity.start - 2, 0) : quantity.end + 2]
    return any(t.lemma == "growth" for t in near)


def _share(sentence: Sentence, quantity: Quantity) -> float | None:
    """'130 %', '1.3 times its rating', '1.3 pu', '25 % above its rating', 'overload by 25 %'."""
    after = [t.word for t in sentence.tokens[quantity.end : quantity.end + 3]]
    rated = not _RATED.isdisjoint(after)
    if quantity.unit == "pu" or (quantity.unit == "times" and rated):
        return round(100.0 * quantity.value, 6)
    if quantity.unit != "percent" or not _OTHER_SHARES.isdisjoint(after):
        return None
    overloads = any(t.lemma == "overload" for t in sentence.tokens)
    over = overloads or (after[:1] and after[0] in _BEYOND and rated)
    if over and quantity.value < 100.0 and (quantity.relation in ("by", "none") or (after[:1] and after[0] in _BEYOND)):
        return 100.0 + quantity.value
    if quantity.relation in ("below", "by"):
        return None
    return quantity.value if quantity.high is None else max(quantity.value, quantity.high)


def _is_annual(sentence: Sentence, quantity: Quantity) -> bool:
    """'2 % per year', '2 % load growth a year', 'annual growth of 2 %'."""
    first, last = max(quantity.start - _NEAR, 0), min(quantity.end + _NEAR, len(sentence.tokens)) - 1
    return bool(ANNUAL.search(sentence.text[sentence.tokens[first].start : sentence.tokens[last].end].lower()))


def _around(sentence: Sentence, quantity: Quantity) -> frozenset[str]:
    near = sentence.tokens[max(quantity.start - _NEAR, 0) : quantity.end + _NEAR]
    return frozenset(w for t in near for w in (t.word, t.lemma))


def _in_words(sentence: Sentence) -> float | None:
    text = sentence.text.lower()
    overloads = any(t.lemma == "overload" for t in sentence.tokens)
    share = next((s for i in range(len(sentence.tokens)) if (s := fraction_at(sentence.tokens, i))), None) if overloads else None
    if share is not None:
        return round(100.0 * (1.0 + share[0]), 6)
    if _TWICE.search(text):
        return 200.0
    return 100.0 if _FULL.search(text) else None
