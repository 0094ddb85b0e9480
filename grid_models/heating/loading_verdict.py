"""Whether a temperature calculation stays inside the limits of each loading regime, which limit binds, and when the first is crossed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from grid_models.findings import Outcome
from grid_models.heating.iec_parameters import Size
from grid_models.heating.loading_limits import RegimeLimits, limits_of
from grid_models.heating.series import InvalidThermalInput, ThermalSeries, checked
from grid_models.twin.model import FloatArray

_TOLERANCE = 1e-9  # of rounding: a value at its limit is inside


class Quantity(StrEnum):
    CURRENT = "current"
    TOP_OIL = "top oil"
    HOT_SPOT = "hot-spot"


@dataclass(frozen=True)
class LimitCheck:
    """peak, limit and margin are in `unit`, the margin positive inside.  crossed_min: minutes until the limit is crossed, None if not."""

    quantity: Quantity
    unit: str
    peak: float
    limit: float
    crossed_min: float | None

    @property
    def margin(self) -> float:
        return self.limit - self.peak


@dataclass(frozen=True)
class RegimeVerdict:
    """checks: current (where the set limits it), top oil, hot-spot.  binding: the one crossed first, or nearest to its limit.

    overload_min: the longest time without a break above the nameplate rating.
    outcome: `not applicable` where that is longer than the regime is for, whatever the values.
    """

    limits: RegimeLimits
    checks: tuple[LimitCheck, ...]
    binding: LimitCheck
    overload_min: float
    outcome: Outcome

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.PASS

    @property
    def first_crossed_min(self) -> float | None:
        """Minutes from the start until the first limit is crossed; None where none is."""
        return self.binding.crossed_min


def judged(series: ThermalSeries, load_pu: ArrayLike, step_min: float, size: Size) -> tuple[RegimeVerdict, ...]:
    """The IEC regimes of a size on a *held* series and the load [pu of the nameplate rating] it was calculated from, both (steps,)."""
    return judged_against(series, load_pu, step_min, limits_of(size))


def judged_against(
    series: ThermalSeries, load_pu: ArrayLike, step_min: float, limits: tuple[RegimeLimits, ...]
) -> tuple[RegimeVerdict, ...]:
    """One verdict for each of some limits. Raises InvalidThermalInput."""
    load, _ = checked(load_pu, 0.0, step_min)
    if series.top_oil_celsius.shape != load.shape:
        raise InvalidThermalInput(
            f"Temperatures of {len(series.top_oil_celsius)} steps and a load of {len(load)} were given; those of one calculation work."
        )
    return tuple(_verdict(series, load, step_min, each) for each in limits)


def _verdict(series: ThermalSeries, load: FloatArray, step_min: float, limits: RegimeLimits) -> RegimeVerdict:
    checks = tuple(_checks(series, load, step_min, limits))
    overload_min = _longest_run(load > 1.0 + _TOLERANCE) * step_min
    return RegimeVerdict(limits, checks, _binding(checks), overload_min, _outcome(checks, limits, overload_min))


def _checks(series: ThermalSeries, load: FloatArray, step_min: float, limits: RegimeLimits) -> Iterator[LimitCheck]:
    if limits.current_pu is not None:
        yield LimitCheck(Quantity.CURRENT, "pu", float(load.max()), limits.current_pu, _stepped(load, limits.current_pu, step_min))
    for quantity, celsius, limit in (
        (Quantity.TOP_OIL, series.top_oil_celsius, limits.top_oil_celsius),
        (Quantity.HOT_SPOT, series.hot_spot_celsius, limits.hot_spot_celsius),
    ):
        yield LimitCheck(quantity, "°C", float(celsius.max()), limit, _risen(celsius, limit, step_min))


def _outcome(checks: tuple[LimitCheck, ...], limits: RegimeLimits, overload_min: float) -> Outcome:
    if limits.longest_min is not None and overload_min > limits.longest_min + _TOLERANCE:
        return Outcome.NOT_APPLICABLE
    return Outcome.PASS if all(check.crossed_min is None for check in checks) else Outcome.FAIL


def _binding(checks: tuple[LimitCheck, ...]) -> LimitCheck:
    """Two crossed at one moment: the one that is further beyond its limit, as a share of it."""
    return min(checks, key=lambda c: (np.inf if c.crossed_min is None else c.crossed_min, c.margin / c.limit))


def _risen(celsius: FloatArray, limit: float, step_min: float) -> float | None:
    """Values stand for the ends of steps and are joined by straight lines; within the first step only its end is known."""
    above = np.flatnonzero(celsius > limit + _TOLERANCE)
    if not len(above):
        return None
    i = int(above[0])
    share = (limit - celsius[i - 1]) / (celsius[i] - celsius[i - 1]) if i else 1.0
    return float((i + share) * step_min)


def _stepped(load: FloatArray, limit: float, step_min: float) -> float | None:
    """A held load is beyond its limit from the begin of its step."""
    above = np.flatnonzero(load > limit + _TOLERANCE)
    return float(above[0] * step_min) if len(above) else None


def _longest_run(flags: np.ndarray) -> int:
    edges = np.diff(np.concatenate([[0], flags.astype(np.int64), [0]]))
    return int(np.max(np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1), initial=0))
