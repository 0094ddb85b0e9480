"""Which amounts of power, energy, frequency and time does a text name, and between which words?"""

import re
from dataclasses import dataclass

from agent.brains.embedded.figures import SAID, said
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.words import base_form

_PREFIX = {"": 1.0, "k": 0.001, "kilo": 0.001, "m": 1.0, "mega": 1.0, "g": 1000.0, "giga": 1000.0, "t": 1e6}
_SECOND = r"s(?:ec(?:onds?|s)?)?"
# the first that fits decides: 'MWs' and 'MVA·s' are energy, 'Hz/s' is a rate
_UNITS = (
    ("hz_per_s", rf"(?P<rate_m>m)?hz\s*(?:/|per)\s*{_SECOND}\b"),
    ("percent_per_hz", r"(?:%|percent|per\s?cent)\s*(?:/|per)\s*(?:hz|hertz)\b"),
    (
        "mws",
        rf"(?P<energy>[kmgt]|kilo|mega|giga)(?:(?:w|va)\s?[·⋅.*x×]?\s?{_SECOND}|(?:watt|volt\s?ampere)[\s-]?(?:[·⋅*x×]\s?s|sec(?:ond)?s?))\b"
        r"|(?P<joule>[mg])j\b",
    ),
    ("mw", r"(?P<power>[kmg]|kilo|mega|giga)w(?:att)?s?\b|(?P<short>meg|gig)s?\b"),
    ("hz", r"(?P<frequency>m|milli)?h(?:z|ertz)\b"),
    ("percent", r"(?:%|percent\b|per\s?cent\b)"),
    ("ms", r"(?:ms|milliseconds?)\b"),
    ("s", rf"(?:{_SECOND})\b"),
    ("min", r"min(?:ute)?s?\b"),
    ("h", r"(?:h|hrs?|hours?)\b"),
    ("day", r"days?\b"),
)
_NUMBER = rf"(?<![\w.,])(?P<n>\d{{1,3}}(?:[, ]\d{{3}})+(?:\.\d+)?(?!\d)|{SAID})"
_AMOUNT = re.compile(rf"{_NUMBER}[\s-]*(?:{'|'.join(f'(?P<u{i}>{pattern})' for i, (_, pattern) in enumerate(_UNITS))})")
_WORD = re.compile(r"[a-z']+|[,;:.?!]")
_STARTS = word_class("disturbance_amounts.starts")
_NEAR = 5  # words
_EITHER = re.compile(rf"{_NUMBER}\s*(?:or|to|and|-|–)\s*{SAID}\s*(?:[kmg]w|[kmg]va|hz)")


@dataclass(frozen=True)
class Amount:
    """`value` in `unit`: mw, mws, hz, hz_per_s, percent_per_hz, percent, s.

    `before` and `after`: the words of its own clause, in base form.
    """

    value: float
    unit: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    start: int
    following: str = ""  # the word right behind it, also where that begins another clause

    def near(self, words: frozenset[str], back: int = 2) -> bool:
        """Is one of the words behind it, or among the last few before it?"""
        return not words.isdisjoint((*self.after, *self.before[-back:]))

    @property
    def around(self) -> frozenset[str]:
        return frozenset((*self.before, *self.after))


def disturbance_amounts(text: str) -> tuple[Amount, ...]:
    """Every amount with a unit, in order. 'and', 'with', 'if' ... begin another clause and stay with what follows them."""
    plain = text.lower()
    matches = list(_AMOUNT.finditer(plain))
    ends = [0, *(m.end() for m in matches)]
    starts = [*(m.start() for m in matches[1:]), len(plain)]
    return tuple(_amount(m, plain[low : m.start()], plain[m.end() : high]) for m, low, high in zip(matches, ends, starts, strict=False))


def leaves_open(text: str) -> bool:
    """'450 or 500 MW': which one is not ours to choose."""
    return bool(_EITHER.search(text.lower()))


def _amount(match: re.Match[str], before: str, after: str) -> Amount:
    unit = next(name for i, (name, _) in enumerate(_UNITS) if match[f"u{i}"])
    value, unit = _scaled(_number(match["n"]), unit, match)
    return Amount(round(value, 9), unit, _clause_before(before), _clause_after(after), match.start(), next(iter(_WORD.findall(after)), ""))


def _scaled(value: float, unit: str, match: re.Match[str]) -> tuple[float, str]:
    if unit in ("mws", "mw"):
        prefix = match["energy"] or match["joule"] if unit == "mws" else match["power"] or match["short"][0]
        return value * _PREFIX[prefix], unit
    if unit in ("hz", "hz_per_s"):
        return value / 1000.0 if match["frequency"] or match["rate_m"] else value, unit
    seconds = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0}
    return (value * seconds[unit], "s") if unit in seconds else (value, unit)


def _number(text: str) -> float:
    """'19,000' and '19 000' are thousands, '1,5' is one and a half."""
    grouped = re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?", text)
    return float(re.sub(r"[, ]", "", text)) if grouped else said(text)


def _clause_before(text: str) -> tuple[str, ...]:
    words = _WORD.findall(text)[-_NEAR:]
    first = max((i for i, w in enumerate(words) if w in _STARTS or not w[0].isalpha()), default=0)
    return tuple(base_form(w)[0] for w in words[first:] if w[0].isalpha())


def _clause_after(text: str) -> tuple[str, ...]:
    words = _WORD.findall(text)[:_NEAR]
    last = next((i for i, w in enumerate(words) if w in _STARTS or not w[0].isalpha()), len(words))
    return tuple(base_form(w)[0] for w in words[:last])
