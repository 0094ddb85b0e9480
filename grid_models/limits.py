"""The limits in force and the only function that says what violates them.

The rule pack is compiled into `OperatingLimits` once; chat, studies and the gate all use it, so they name the same limits.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grid_models.steady.solution import Solution
from grid_models.twin.model import Buses, FloatArray

GRID_DATA_RULE = "grid-data-voltage"  # the band that the grid's own data carries


class ViolationKind(StrEnum):
    OVERLOAD = "overload"
    OVERVOLTAGE = "overvoltage"
    UNDERVOLTAGE = "undervoltage"


@dataclass(frozen=True)
class VoltageBand:
    """Voltage limits of one voltage range, in pu of `base_kv` (the bus's own nominal voltage where None)."""

    rule: str
    nominal_from_kv: float
    nominal_below_kv: float
    min_pu: float
    max_pu: float
    base_kv: float | None = None


@dataclass(frozen=True)
class OperatingLimits:
    """Compiled limits. Rule ids name where each came from."""

    voltage_bands: tuple[VoltageBand, ...]
    max_loading_percent: float
    loading_rule: str

    def bus_limits_pu(self, buses: Buses) -> tuple[FloatArray, FloatArray, list[str]]:
        """Lower and upper limit of each bus in pu of its own nominal voltage, and the rule of each.

        Where no rule covers a voltage level, the grid's own planning band holds; NaN where there is neither, and at star points.
        """
        nominal_kv = buses.nominal_kv
        low, high = buses.planning_min_pu.copy(), buses.planning_max_pu.copy()
        rules = [GRID_DATA_RULE] * len(buses)
        for band in self.voltage_bands:
            for i in np.flatnonzero((nominal_kv >= band.nominal_from_kv) & (nominal_kv < band.nominal_below_kv)):
                base = 1.0 if band.base_kv is None else band.base_kv / nominal_kv[i]
                low[i], high[i], rules[i] = band.min_pu * base, band.max_pu * base, band.rule
        low[buses.is_star] = high[buses.is_star] = np.nan
        return low, high, rules


@dataclass(frozen=True)
class Violation:
    """One value beyond its limit, both in `unit` (percent or pu of the bus's nominal voltage)."""

    element: str
    kind: ViolationKind
    value: float
    limit: float
    unit: str
    rule: str

    @property
    def severity(self) -> float:
        """Distance beyond the limit as a share of the limit; overloads and voltages are comparable that way."""
        return abs(self.value - self.limit) / self.limit


def violations(solution: Solution, limits: OperatingLimits) -> list[Violation]:
    """Every value beyond its limit, gravest first; ties keep the order of the grid. Overloads are found on rated branches only."""
    found = [*_overloads(solution, limits), *_voltages(solution, limits)]
    return sorted(found, key=lambda v: -v.severity)


def _overloads(solution: Solution, limits: OperatingLimits) -> list[Violation]:
    model = solution.model
    over = np.flatnonzero(np.nan_to_num(solution.loading_percent) > limits.max_loading_percent)
    return [
        Violation(
            model.branches.name[i],
            ViolationKind.OVERLOAD,
            float(solution.loading_percent[i]),
            limits.max_loading_percent,
            "percent",
            limits.loading_rule,
        )
        for i in over
    ]


def _voltages(solution: Solution, limits: OperatingLimits) -> list[Violation]:
    buses = solution.model.buses
    low, high, rules = limits.bus_limits_pu(buses)
    vm = solution.vm_pu
    found = [
        Violation(buses.name[i], ViolationKind.OVERVOLTAGE, float(vm[i]), float(high[i]), "pu", rules[i])
        for i in np.flatnonzero(vm > high + 1e-9)
    ]
    found += [
        Violation(buses.name[i], ViolationKind.UNDERVOLTAGE, float(vm[i]), float(low[i]), "pu", rules[i])
        for i in np.flatnonzero(vm < low - 1e-9)
    ]
    return found
