"""What is looked at at one moment, and what two moments show: readings beyond their limits or not far inside, and changed positions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from grid_models.alerting.alarm import AlarmKind, Reading
from grid_models.alerting.moved import moved
from grid_models.alerting.rates import rates
from grid_models.alerting.rules import AlarmRules
from grid_models.limits import OperatingLimits
from grid_models.steady.solution import Solution
from grid_models.steady.supply import unsupplied

_REACH = 2.0  # readings as far inside the limit as this many bands are given, so that hysteresis sees them


@dataclass(frozen=True, eq=False)
class Watched:
    """One moment of plant time.

    solution: the latest accepted state, None before the first.  known: it is of this moment; False keeps what it says of the network, since
    nothing newer is known.  concerns: rows on the telemetry, of the kinds in `alarm.TELEMETRY`, with the station as `place`.
    """

    plant_time: datetime
    solution: Solution | None
    limits: OperatingLimits
    known: bool = True
    concerns: tuple[Reading, ...] = ()


def readings(before: Watched | None, now: Watched, rules: AlarmRules) -> tuple[Reading, ...]:
    """Everything worth judging. A reading of the network that is missing lies well inside its limit."""
    found = list(now.concerns)
    if now.solution is None or not now.known:
        return tuple(found)
    found += [*_loadings(now.solution, now.limits, rules), *_voltages(now.solution, now.limits, rules), *_supply(now.solution, rules)]
    if before is not None and before.solution is not None and before.solution.model is now.solution.model:
        found += moved(before.solution.state, now.solution.state)
        if before.known:
            minutes = (now.plant_time - before.plant_time).total_seconds() / 60.0
            found += rates(before.solution, now.solution, minutes, now.limits, rules)
    return tuple(found)


def unknown(now: Watched) -> frozenset[tuple[str, str]]:
    """(table, element) of what is live and has no value now: it may be as bad as before."""
    solution = now.solution
    if solution is None:
        return frozenset()
    model, topology = solution.model, solution.topology
    buses = np.flatnonzero(np.isnan(solution.vm_pu) & topology.bus_live)
    branches = np.flatnonzero(np.isnan(solution.loading_percent) & topology.branch_live & model.branches.rated)
    return frozenset([("buses", model.buses.name[i]) for i in buses] + [("branches", model.branches.name[i]) for i in branches])


def _loadings(solution: Solution, limits: OperatingLimits, rules: AlarmRules) -> Iterator[Reading]:
    branches, loading = solution.model.branches, np.nan_to_num(solution.loading_percent)
    for kind, limit in ((AlarmKind.OVERLOAD, 1.0), (AlarmKind.NEAR_LIMIT, rules.early_warning_share)):
        limit_percent = limit * limits.max_loading_percent
        for i in np.flatnonzero(loading > limit_percent - _REACH * rules.kinds[kind].band):
            yield Reading(
                kind=kind,
                table="branches",
                element=branches.name[i],
                value=float(loading[i]),
                limit=limit_percent,
                unit="percent",
                rule=limits.loading_rule,
            )


def _voltages(solution: Solution, limits: OperatingLimits, rules: AlarmRules) -> Iterator[Reading]:
    buses = solution.model.buses
    low, high, rule = limits.bus_limits_pu(buses)
    for kind, limit, upper in ((AlarmKind.OVERVOLTAGE, high, True), (AlarmKind.UNDERVOLTAGE, low, False)):
        out = solution.vm_pu - limit if upper else limit - solution.vm_pu
        for i in np.flatnonzero(out > -_REACH * rules.kinds[kind].band):
            yield Reading(
                kind=kind,
                table="buses",
                element=buses.name[i],
                place=f"{buses.nominal_kv[i]:g} kV",
                value=float(solution.vm_pu[i]),
                limit=float(limit[i]),
                unit="pu",
                rule=rule[i],
                upper=upper,
            )


def _supply(solution: Solution, rules: AlarmRules) -> Iterator[Reading]:
    lost = unsupplied(solution.state)
    shown = ", ".join(lost.dead_buses[:3]) + (f" and {len(lost.dead_buses) - 3} more" if len(lost.dead_buses) > 3 else "")
    for kind, power, what in ((AlarmKind.LOST_LOAD, lost.load_mw, "load"), (AlarmKind.LOST_GENERATION, lost.generation_mw, "generation")):
        if power > rules.lost_mw:
            words = f"{what} without supply at {shown}" if shown else f"{what} without supply"
            yield Reading(kind=kind, table="grid", element=solution.model.name, words=words, value=power, limit=rules.lost_mw, unit="MW")
