"""What moves fast towards its limit between two states."""

from collections.abc import Iterator

import numpy as np

from grid_models.alerting.alarm import AlarmKind, Reading
from grid_models.alerting.rules import AlarmRules
from grid_models.limits import OperatingLimits
from grid_models.steady.solution import Solution

_LEAST_MINUTES = 1.0  # a change in a shorter time counts as if it took this long, so that noise between two scans is no rate


def rates(before: Solution, now: Solution, minutes: float, limits: OperatingLimits, rules: AlarmRules) -> Iterator[Reading]:
    """Readings beyond the rules' rates; none where the clock did not go on."""
    if minutes <= 0:
        return
    span = max(minutes, _LEAST_MINUTES)
    yield from _loadings(before, now, span, limits, rules)
    yield from _voltages(before, now, span, rules)


def _loadings(before: Solution, now: Solution, minutes: float, limits: OperatingLimits, rules: AlarmRules) -> Iterator[Reading]:
    rise = np.nan_to_num(now.loading_percent - before.loading_percent) / minutes
    near = np.nan_to_num(now.loading_percent) > rules.rate_from_loading_share * limits.max_loading_percent
    for i in np.flatnonzero(near & (rise > rules.loading_rate_percent_per_min)):
        words = f"loading rises fast, now {now.loading_percent[i]:.1f} percent"
        yield _rate(
            AlarmKind.RISING, "branches", now.model.branches.name[i], words, rise[i], rules.loading_rate_percent_per_min, "percent/min"
        )


def _voltages(before: Solution, now: Solution, minutes: float, rules: AlarmRules) -> Iterator[Reading]:
    buses = now.model.buses
    move = np.nan_to_num(now.vm_pu - before.vm_pu) / minutes
    for i in np.flatnonzero((np.abs(move) > rules.voltage_rate_pu_per_min) & ~buses.is_star):
        words = f"voltage {'rises' if move[i] > 0 else 'falls'} fast, now {now.vm_pu[i]:.3f} pu"
        found = _rate(AlarmKind.VOLTAGE_MOVES, "buses", buses.name[i], words, abs(move[i]), rules.voltage_rate_pu_per_min, "pu/min")
        yield found.model_copy(update={"place": f"{buses.nominal_kv[i]:g} kV"})


def _rate(kind: AlarmKind, table: str, element: str, words: str, value: float, limit: float, unit: str) -> Reading:
    return Reading(kind=kind, table=table, element=element, words=words, value=float(value), limit=limit, unit=unit)
