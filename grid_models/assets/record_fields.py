"""What does one cell of an asset file say: read by field, with an error that names what was found and what would work.

The bounds refuse wrong units (ppb for ppm, hours for minutes, kVA for MVA), not unusual transformers; all are engineering judgement.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

from grid_models.errors import AeipError
from grid_models.heating.ageing import Paper
from grid_models.heating.iec_parameters import Cooling, Size

FieldValue: TypeAlias = str | float | int | bool | Cooling | Size | Paper
_FIRST_YEAR = 1900
_COOLING = re.compile(r"(ONAN|ONAF|OF|OD)|(OF|OD)[AW][FN]")
_PAPERS = {"kraft": Paper.NON_UPGRADED, "upgraded": Paper.UPGRADED, **{p.value: p for p in Paper}}
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class UnreadableField(AeipError):
    """A cell that cannot be read; the sentence goes on after the name of the field."""


@dataclass(frozen=True)
class Number:
    """Between two bounds, inclusive unless `above`, where the lower one is itself too small."""

    lowest: float
    highest: float
    unit: str
    above: bool = False

    def __call__(self, text: str, year: int) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        low = number > self.lowest if self.above else number >= self.lowest
        if isfinite(number) and low and number <= self.highest:
            return number
        raise UnreadableField(f"is '{text}'; a number {self._range} with a decimal point would work")

    @property
    def _range(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"above {self.lowest:g} and up to {self.highest:g}{unit}" if self.above else f"from {self.lowest:g} to {self.highest:g}{unit}"
        )


def _text(text: str, year: int) -> str:
    return text


def _year(text: str, year: int) -> int:
    if re.fullmatch(r"\d{4}", text) and _FIRST_YEAR <= int(text) <= year + 1:
        return int(text)
    raise UnreadableField(f"is '{text}'; a year from {_FIRST_YEAR} to {year + 1} would work")


def _yes_no(text: str, year: int) -> bool:
    if (found := _YES_NO.get(text.casefold())) is None:
        raise UnreadableField(f"is '{text}'; true or false would work")
    return found


def _cooling(text: str, year: int) -> Cooling:
    """OFAF, OFWF, ODAF and ODWF are OF and OD of the standard; older names without the N or F inside are not guessed."""
    if found := _COOLING.fullmatch(text.upper()):
        return Cooling(found[1] or found[2])
    raise UnreadableField(f"is '{text}'; ONAN, ONAF, OF (OFAF, OFWF) or OD (ODAF, ODWF) would work")


def _size(text: str, year: int) -> Size:
    if text.casefold() in tuple(Size):
        return Size(text.casefold())
    raise UnreadableField(f"is '{text}'; {', '.join(Size)} would work")


def _paper(text: str, year: int) -> Paper:
    if found := _PAPERS.get(text.casefold()):
        return found
    raise UnreadableField(f"is '{text}'; {', '.join(_PAPERS)} would work")


FIELDS: dict[str, Callable[[str, int], FieldValue]] = {
    "element": _text,
    "rated_mva": Number(0, 5000, "MVA", above=True),
    "cooling": _cooling,
    "size": _size,
    "restricted_flow": _yes_no,
    "paper": _paper,
    "commissioned_year": _year,
    "onan_rating_mva": Number(0, 5000, "MVA", above=True),
    "cooling_lost": _yes_no,
    "indoor_rise_k": Number(0, 40, "K"),
    "top_oil_rise_k": Number(5, 100, "K"),
    "winding_gradient_k": Number(1, 60, "K"),
    "hot_spot_factor": Number(1, 3, ""),
    "oil_time_constant_min": Number(15, 1000, "min"),
    "winding_time_constant_min": Number(1, 60, "min"),
    "loss_ratio": Number(0, 1000, "", above=True),
    "moisture_percent": Number(0, 10, "%"),
    "sealed": _yes_no,
    "polymerisation": Number(100, 1500, ""),
    "polymerisation_year": _year,
    "furan_ppm": Number(0, 100, "ppm"),
    "load_growth_percent_per_year": Number(-30, 50, "%"),
    "synthetic": _yes_no,
    "source": _text,
}
