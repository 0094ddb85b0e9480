"""Which quantities does a sentence name, in which unit, and as what: a target, a step, a threshold, a band or a count?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.brains.embedded.numbers import fraction_at, number_at
from agent.brains.embedded.text import Token
from agent.brains.embedded.vocabulary import data_file, word_class

Relation = Literal["to", "by", "above", "below", "between", "none"]

_OF_THE_TRADE: dict[str, tuple[str, float]] = {  # no physical units: pint knows none of them
    **dict.fromkeys(("pu", "p.u", "p.u."), ("pu", 1.0)),
    **dict.fromkeys(("step", "steps", "position", "positions", "notch", "notches", "tap", "taps", "click", "clicks"), ("step", 1.0)),
    **dict.fromkeys(("times", "fold", "x"), ("times", 1.0)),
}
# surface form → (unit, factor to it)
UNITS: dict[str, tuple[str, float]] = _OF_THE_TRADE | {
    word: (unit["unit"], float(unit["factor"])) for unit in data_file("units.yaml").values() for word in unit["words"].split()
}
_LETTERS = frozenset(word for word in UNITS if len(word) == 1) - {"x"}  # 'a' is a word, 'A' a unit
_TWO_WORDS = {
    ("per", "cent"): "percent",
    ("per", "unit"): "pu",
    ("tap", "steps"): "step",
    ("tap", "step"): "step",
    ("tap", "positions"): "step",
}
_LIMITS = frozenset({"band", "range", "window", "limit", "bound", "corridor"})
_JOINTS = frozenset({"/", ",", ".", "'", ":", "^", "*", "\u00d7", "\u00b7"})
_ABOVE = word_class("quantities.above")
_BELOW = word_class("quantities.below")
_TO = word_class("quantities.to")
_BY = word_class("quantities.by")
_LINKS = word_class("quantities.links")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit; `high` is the upper end of a band. Tokens start <= i < end."""

    value: float
    unit: str
    relation: Relation
    start: int
    end: int
    high: float | None = None


def quantities(tokens: Sequence[Token], taken: frozenset[int]) -> tuple[Quantity, ...]:
    """Every quantity outside the tokens already taken by element names."""
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        quantity = None if i in taken else _quantity(tokens, i, taken)
        if quantity:
            found.append(quantity)
        i = quantity.end if quantity else max(_written_together(tokens, i), i + 1)
    return tuple(found)


def unit_at(tokens: Sequence[Token], i: int) -> tuple[str, float, int] | None:
    """(unit, factor, tokens it takes) of the unit beginning at token i."""
    if i >= len(tokens):
        return None
    if i + 1 < len(tokens) and (name := _TWO_WORDS.get((tokens[i].word, tokens[i + 1].word))):
        return name, 1.0, 2
    known = UNITS.get(tokens[i].word)
    if known is None or (tokens[i].word in _LETTERS and tokens[i].text.islower()):
        return None
    return *known, 1


def _quantity(tokens: Sequence[Token], i: int, taken: frozenset[int]) -> Quantity | None:
    number = _number(tokens, i, taken)
    if number is None:
        return None
    value, after = number
    unit, factor, width = unit_at(tokens, after) or ("", 1.0, 0)
    end = after + width
    band = _band(tokens, i, end, taken)
    if band is not None:
        high, band_unit, band_factor, band_end = band
        return Quantity(value * (factor if unit else band_factor), unit or band_unit, "between", i, band_end, high * band_factor)
    return Quantity(value * factor, unit, _relation(tokens, i, end), i, end)


def _number(tokens: Sequence[Token], i: int, taken: frozenset[int]) -> tuple[float, int] | None:
    """The whole number written at token i, '1/2' and '1 000' included; None for one that cannot be read, never a piece of it."""
    if not tokens[i].is_number:
        return _share_of_unit(tokens, i) or number_at(tokens, i)
    end = _written_together(tokens, i)
    if end == i + 1:
        value = tokens[i].word
        while end < len(tokens) and end not in taken and re.fullmatch(r"\d{3}", tokens[end].word) and re.fullmatch(r"[-+]?\d+", value):
            value, end = value + tokens[end].word, end + 1  # '1 000'
        return float(value), end
    divided = end == i + 3 and tokens[i + 1].word == "/" and tokens[i + 2].is_number and float(tokens[i + 2].word)
    return (float(tokens[i].word) / divided, end) if divided else None


def _share_of_unit(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """'Half a gigawatt', 'a quarter of a kA'."""
    share = fraction_at(tokens, i)
    k = share[1] if share else i
    while share and k < len(tokens) and tokens[k].word in ("of", "a", "an"):
        k += 1
    return (share[0], k) if share and k > share[1] and unit_at(tokens, k) else None


def _written_together(tokens: Sequence[Token], i: int) -> int:
    """The index after everything that is written without a blank after the number at token i, its unit and a range's dash left out."""
    if not tokens[i].is_number:
        return i
    end = i + 1
    while end < len(tokens) and tokens[end].start == tokens[end - 1].end and unit_at(tokens, end) is None:
        joins = end + 1 < len(tokens) and tokens[end + 1].start == tokens[end].end and tokens[end + 1].is_number
        exponent = tokens[end].word in ("-", "+") and tokens[end - 1].word[0].isalpha()  # '5e-1000'
        if (tokens[end].word in _JOINTS or exponent) and joins:
            end += 2
        elif tokens[end].is_number or tokens[end].word[0].isalpha() or tokens[end].word[0] == "_":
            end += 1
        else:
            break
    return end


def _band(tokens: Sequence[Token], i: int, end: int, taken: frozenset[int]) -> tuple[float, str, float, int] | None:
    """The second half of 'between 0.95 and 1.05 pu', 'within 0.95 to 1.05', '0.95-1.05 pu'."""
    before = {t.word for t in tokens[max(i - 3, 0) : i]}
    if end + 1 >= len(tokens) or tokens[end].word not in ("and", "-", "\u2013", "to", "..") or end + 1 in taken:
        return None
    dash = tokens[end].word in ("-", "\u2013", "..")
    number = _number(tokens, end + 1, taken)
    if number is None:
        return None
    limits = {t.lemma for t in tokens[max(i - 4, 0) : i]} & _LIMITS or (tokens[end].word == "to" and _named_band(tokens, number[1]))
    if not (dash or before & {"between", "within", "inside", "outside", "band", "range", "from", "against"} or limits):
        return None
    unit, factor, width = unit_at(tokens, number[1]) or ("", 1.0, 0)
    return number[0], unit, factor, number[1] + width


def _named_band(tokens: Sequence[Token], after: int) -> bool:
    """'0.95 to 1.05 voltage band', '0.9 to 1.1 pu window'."""
    return any(t.lemma in _LIMITS for t in tokens[after : after + 3])


def _relation(tokens: Sequence[Token], i: int, end: int) -> Relation:
    """What the words around a number make of it."""
    if tokens[i].word.startswith("+"):
        return "by"
    after = [t.word for t in tokens[end : end + 2]]
    if after[:1] in (
        ["more"],
        ["higher"],
        ["additional"],
        ["extra"],
        ["less"],
        ["lower"],
        ["fewer"],
        ["growth"],
        ["increase"],
        ["reduction"],
        ["up"],
        ["down"],
    ):
        return "by"
    goes_on = end + 2 < len(tokens) and number_at(tokens, end + 2) is not None  # 'above 40 % and below 60 %'
    if goes_on:
        after = []
    if after in (["or", "more"], ["and", "above"], ["and", "more"], ["or", "above"], ["and", "higher"], ["or", "higher"]):
        return "above"
    if after in (["or", "less"], ["and", "below"], ["or", "below"], ["and", "less"], ["or", "lower"]):
        return "below"
    for back in range(i - 1, max(i - 5, -1), -1):
        word = tokens[back].word
        for words, relation in _RELATIONS:
            if word in words:
                return relation
        if word not in _LINKS:
            break
    return "none"


_RELATIONS: tuple[tuple[frozenset[str], Relation], ...] = (
    (_ABOVE, "above"),
    (_BELOW, "below"),
    (_BY, "by"),
    (_TO - _LINKS, "to"),
    (frozenset({"at"}), "to"),
)
