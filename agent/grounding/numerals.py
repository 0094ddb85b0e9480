"""Which numbers are written in a text, and how can they be read?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.grounding.formats import UNIT_PATTERN, Unit, unit_named
from agent.grounding.names import Span

_NUMBER = re.compile(
    r"(?<![\w.])(?:(?<![^\s(|*:~≈<>=])[-+−])?"  # a sign only where a word could begin: the dash of "5-6" is none
    r"(?P<digits>\d{1,3}(?:[,'’\u00a0\u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)"
    rf"(?:[ \u00a0\u202f-]?(?P<unit>{UNIT_PATTERN}))?"
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


def find_numerals(text: str) -> Iterator[Numeral]:
    """Every number of the text, in order; digits glued to a word ("HV1") are none."""
    for found in _NUMBER.finditer(text):
        sign = "-" if found[0][0] in "-−" else ""
        unit = unit_named(found["unit"]) if found["unit"] else None
        yield Numeral(found.span(), found[0], tuple(_readings(sign, found["digits"])), unit)


def _readings(sign: str, digits: str) -> Iterator[Reading]:
    joined = _THOUSANDS.sub("", digits)
    if "," not in joined:
        yield _reading(sign + joined)
    if re.fullmatch(r"\d+,\d+", digits):
        yield _reading(sign + digits.replace(",", "."))


def _reading(plain: str) -> Reading:
    mantissa, _, exponent = plain.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Reading(float(plain), decimals)
