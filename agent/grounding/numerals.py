"""Which numbers are written in a text, and how can they be read?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.grounding.formats import UNIT_PATTERN, Unit, unit_named
from agent.grounding.names import Span

_NUMBER = re.compile(
    r"(?<![\w.])(?:(?<![^\s(|*:~≈<>=])[-+−])?"  # a sign only where a word could begin: the dash of "5-6" is none
    r"(?P<digits>\d{1,3}(?:[,'’\u00a0\u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)"
    rf"(?:[ \u00a0\u202f-]?(?P<unit>{UNIT_PATTERN})(?! of freedom))?"
)
_UNITS_IN_WORDS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS_IN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_IN_WORDS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_UNITS_IN_WORDS.split(), 2)},
    **{word: 10.0 * value for value, word in enumerate(_TENS_IN_WORDS.split(), 2)},
    "dozen": 12.0,
}
# "two lines", but not "these two lines" and not "two of them": what stands behind a determiner counts nothing new
_WORD = re.compile(
    r"(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\ball )(?<!\bother )(?<!\bboth )(?<!\bmy )(?<!\byour )(?<![\w-])"
    rf"(?P<digits>(?i:{'|'.join(_IN_WORDS)}))(?![\w-])(?!\sof\s(?:the|these|those|them)\b)(?:[ \u00a0-](?P<unit>{UNIT_PATTERN}))?"
)
_THOUSANDS = re.compile(r"[,'’\u00a0\u202f](?=\d{3}(?:\D|$))")


@dataclass(frozen=True)
class Reading:
    """A number and with how many decimals it was written."""

    value: float
    decimals: int


@dataclass(frozen=True)
class Numeral:
    """A number as written, its unit included where there is one. "1,286" can be read in two ways."""

    span: Span
    text: str
    readings: tuple[Reading, ...]
    unit: Unit | None


def find_numerals(text: str, *, in_words: bool = False) -> Iterator[Numeral]:
    """Every number of the text, in order, with `in_words` "twelve lines" too; digits glued to a word ("HV1") are none."""
    for found in sorted((*_NUMBER.finditer(text), *(_WORD.finditer(text) if in_words else ())), key=lambda m: m.start()):
        sign = "-" if found[0][0] in "-−" else ""
        unit = unit_named(found["unit"]) if found["unit"] else None
        yield Numeral(found.span(), found[0], tuple(_readings(sign, found["digits"])), unit)


def _readings(sign: str, digits: str) -> Iterator[Reading]:
    if digits.lower() in _IN_WORDS:
        yield Reading(_IN_WORDS[digits.lower()], 0)
        return
    joined = _THOUSANDS.sub("", digits)
    if "," not in joined:
        yield _reading(sign + joined)
    if re.fullmatch(r"\d+,\d+", digits):
        yield _reading(sign + digits.replace(",", "."))


def _reading(plain: str) -> Reading:
    mantissa, _, exponent = plain.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Reading(float(plain), decimals)
