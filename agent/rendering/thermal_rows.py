"""One row of a transformer study: its numbers as markers, times in the unit that reads best."""

import re
from dataclasses import dataclass

from agent.answer import Call
from agent.rendering.marks import Marks
from agent.rendering.reading import Row, amount, number, rows, text

_HOURS = {"minutes": 1 / 60, "min": 1 / 60, "hours": 1.0, "days": 24.0, "years": 8766.0}
_UNIT = re.compile(rf"(?:^|_)({'|'.join(_HOURS)})(?=_|$)")
_SCALES = (("min", 1.0), ("hours", 72.0), ("days", 2 * 8766.0))  # up to so many hours; engineering judgement
_SMALLEST_RATE = 0.001


@dataclass(frozen=True)
class RowMarks:
    """`path` leads to the row; the result itself has none."""

    mark: Marks
    path: str
    row: Row

    def __call__(self, key: str, decimals: int | None = None, unit: str = "") -> str:
        return self.mark(f"{self.path}.{key}" if self.path else key, decimals, unit)

    def number(self, key: str) -> float | None:
        return number(self.row, key)

    def amount(self, key: str) -> float:
        return amount(self.row, key)

    def text(self, key: str) -> str:
        return text(self.row, key)

    @property
    def name(self) -> str:
        return text(self.row, "element")

    def time(self, key: str, like: str = "") -> str:
        """'47 min', '3.1 h', '9.2 days' or '31 years'; whole numbers without decimals. `like`: the field whose unit it takes."""
        return self(key, *_readable(self._hours(key), self._hours(like or key)))

    def interval(self, key: str) -> str:
        """' (90 %: 4.1 days to 21 days)' in the unit of what lies inside; empty where none is known."""
        low, high = f"{key}_low", f"{key}_high"
        if self.number(low) is None:
            return "" if self.number(high) is None else f" ({self._share}: up to {self.time(high, key)})"
        until = "or later" if self.number(high) is None else f"to {self.time(high, key)}"
        since = "at once" if self.number(low) == 0 else self.time(low, key)
        return f" ({self._share}: {since} {until})"

    def band(self, key: str) -> str:
        """'90 %: 54.1 °C to 63.6 °C'; empty where none is known."""
        low, high = f"{key}_low_celsius", f"{key}_high_celsius"
        known = self.number(low) is not None and self.number(high) is not None
        return f"{self._share}: {self(low)} to {self(high)}" if known else ""

    @property
    def _share(self) -> str:
        """What every interval of the study holds."""
        return self.mark("interval_percent", 0)

    def rate(self, key: str) -> str:
        """A rate against normal with the digits that say something: '106', '1.82', '0.013'; 'almost none' below a thousandth."""
        size = abs(self.amount(key))
        return "almost none" if size < _SMALLEST_RATE else self(key, 0 if size >= 10 else 2 if size >= 0.1 else 3)

    def _hours(self, key: str) -> float:
        return self.amount(key) * hours_of(key)


def hours_of(key: str) -> float:
    """How many hours one of the unit in a field's name is."""
    found = _UNIT.search(key)
    return _HOURS[found[1]] if found else 1.0


def _readable(hours: float, like: float) -> tuple[int, str]:
    """Decimals for so long a time, and the unit in which `like` [h] reads best."""
    unit = next((u for u, end in _SCALES if abs(like) < end), "years")
    shown = abs(hours) / _HOURS[unit]
    whole = abs(shown - round(shown)) < 1e-6 or shown >= 100 or (shown >= 10 and unit in ("min", "years"))
    return (0 if whole else 1), unit


def of_result(call: Call) -> RowMarks:
    """The result's own fields."""
    return RowMarks(Marks(call), "", call.result)


def listed(call: Call, key: str) -> list[RowMarks]:
    """The rows of one of its lists, in order."""
    return [RowMarks(Marks(call), f"{key}[{i}]", row) for i, row in enumerate(rows(call.result, key))]
