"""Which limits of the area does a course of frequency keep?"""

from collections.abc import Callable

from grid_models.dynamics.measures import nadir, rocof_at_once, rocof_over, seconds_above, seconds_below, zenith
from grid_models.dynamics.schemes import Area, FrequencyLimit
from grid_models.dynamics.trajectory import Trajectory
from tools.frequency_result import LimitRow

_DIGITS = 1e-6  # Hz: a frequency at its limit keeps it


def limit_rows(area: Area | None, course: Trajectory, settles_hz: float | None) -> tuple[LimitRow, ...]:
    """One row a limit, in the file's order; where frequency does not settle its last value stands for that."""
    ends = settles_hz if settles_hz is not None else float(course.frequency_hz[-1])
    return tuple(_ROWS[limit.kind](limit, course, ends) for limit in area.limits) if area else ()


def _row(limit: FrequencyLimit, value: float, kept: bool, beyond_s: float | None = None) -> LimitRow:
    return LimitRow(
        limit=limit.name,
        value=value,
        allowed=limit.value,
        unit=limit.unit,
        kept=kept,
        beyond_s=beyond_s,
        clause=limit.clause,
        unverified=limit.unverified,
    )


def _extreme(limit: FrequencyLimit, course: Trajectory, ends_hz: float) -> LimitRow:
    nominal = course.system.frequency_hz
    farthest = max(nominal - nadir(course).frequency_hz, zenith(course).frequency_hz - nominal)
    beyond = seconds_below(course, nominal - limit.value) + seconds_above(course, nominal + limit.value)
    return _row(limit, farthest, farthest <= limit.value + _DIGITS, beyond)


def _settling(limit: FrequencyLimit, course: Trajectory, ends_hz: float) -> LimitRow:
    away = abs(ends_hz - course.system.frequency_hz)
    return _row(limit, away, away <= limit.value + _DIGITS)


def _low(limit: FrequencyLimit, course: Trajectory, ends_hz: float) -> LimitRow:
    lowest = nadir(course).frequency_hz
    return _row(limit, lowest, lowest >= limit.value - _DIGITS, seconds_below(course, limit.value))


def _rate(limit: FrequencyLimit, course: Trajectory, ends_hz: float) -> LimitRow:
    rate = rocof_at_once(course) if limit.window_s is None else rocof_over(course, limit.window_s)
    return _row(limit, rate, rate <= limit.value + _DIGITS)


_ROWS: dict[str, Callable[[FrequencyLimit, Trajectory, float], LimitRow]] = {
    "extreme": _extreme,
    "settling": _settling,
    "low": _low,
    "rocof": _rate,
}
