"""One quantity of one element over time, and where it is heading."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from grid_models.trends.columns import Trended, unit_of
from grid_models.twin.model import BoolArray, FloatArray, Names

_SURE = 2.0  # a slope below two standard errors is no trend; engineering judgement
_S_AN_HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class Series:
    """In the order recorded, oldest first: samples, before them means of a minute, before them means of 15 minutes.

    time_s: plant time in Unix seconds.  values: in `unit`, NaN where there was no voltage.  gap: something is missing before this row.
    quality: label of each row.  element: display name, or 'total'.
    """

    quantity: Trended
    element: str
    time_s: FloatArray
    values: FloatArray
    gap: BoolArray
    quality: Names

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def unit(self) -> str:
        return unit_of(self.quantity)

    @cached_property
    def times(self) -> tuple[datetime, ...]:
        """Plant times, UTC."""
        return tuple(datetime.fromtimestamp(t, UTC) for t in self.time_s)


@dataclass(frozen=True)
class Trend:
    """`first` ... `change`: in the series' unit, since its clock last went back.  rate_per_hour: least-squares slope, its standard error.

    hours_to_limit: when the limit asked for is crossed if it goes on like this; 0 where it is crossed; None where it is not heading there,
    the slope is within its error, or no limit was given.
    """

    first: float
    last: float
    least: float
    greatest: float
    mean: float
    change: float
    rate_per_hour: float
    rate_error_per_hour: float
    samples: int
    hours_to_limit: float | None = None

    @property
    def steady(self) -> bool:
        """The slope cannot be told from noise."""
        return abs(self.rate_per_hour) <= _SURE * self.rate_error_per_hour


def trend(series: Series, limit: float | None = None, *, upper: bool = True) -> Trend | None:
    """Where a series is heading; None where fewer than two values are known.  limit: in its unit, upper or (upper=False) lower."""
    back = np.flatnonzero(np.diff(series.time_s) < 0)
    since = int(back[-1]) + 1 if len(back) else 0
    known = ~np.isnan(series.values[since:])
    values, hours = series.values[since:][known], series.time_s[since:][known] / _S_AN_HOUR
    if len(values) < 2:
        return None
    rate, error = _slope(hours - hours.mean(), values - values.mean())
    found = Trend(
        first=float(values[0]),
        last=float(values[-1]),
        least=float(values.min()),
        greatest=float(values.max()),
        mean=float(values.mean()),
        change=float(values[-1] - values[0]),
        rate_per_hour=rate,
        rate_error_per_hour=error,
        samples=len(values),
    )
    return found if limit is None else _heading(found, limit, 1.0 if upper else -1.0)


def _slope(hours: FloatArray, values: FloatArray) -> tuple[float, float]:
    """Least-squares slope of centred values and its standard error (independent errors); 0 where no time passed."""
    square = float((hours**2).sum())
    if square == 0.0:
        return 0.0, 0.0
    rate = float((hours * values).sum()) / square
    rest = float(((values - rate * hours) ** 2).sum()) / max(len(values) - 2, 1)
    return rate, float(np.sqrt(rest / square))


def _heading(found: Trend, limit: float, sign: float) -> Trend:
    left = sign * (limit - found.last)
    if left <= 0:
        return replace(found, hours_to_limit=0.0)
    towards = sign * found.rate_per_hour
    return found if found.steady or towards <= 0 else replace(found, hours_to_limit=left / towards)
