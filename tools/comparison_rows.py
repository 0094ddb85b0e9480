"""The tables of a comparison: only the rows that are listed become objects."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from grid_models.contingency.comparison import Change, Differences, compare
from grid_models.contingency.comparison import Comparison as Differing
from grid_models.contingency.outages import Outage
from grid_models.contingency.summary import Summary
from grid_models.limits import OperatingLimits
from grid_models.steady.boundary import solve
from grid_models.twin.model import IntArray
from tools.contingency_comparison import Comparison, LoadingChange, LostLoadChange, VoltageChange
from tools.contingency_rows import names_of, with_a_finding
from tools.contingency_study import SCREENS

_ROUNDING_PU = 1e-9


def compared(
    before: Summary, after: Summary, limits: OperatingLimits, *, method: Literal["ac", "dc"], top: int, secure_before: bool | None
) -> Comparison:
    """What the changes do to the outages that both sides have; every table is bounded by `top` and has its total."""
    found = compare(before, after, limits, SCREENS[method])
    return Comparison.model_validate(
        {
            "cases": len(found.outages),
            "total_before": int(with_a_finding(before).sum()),
            "secure_before": secure_before,
            "outside_before": _outside(before, limits) if method == "ac" else None,
            "outside_after": _outside(after, limits) if method == "ac" else None,
            **_tables(found, before, after, top),
        }
    )


def _outside(summary: Summary, limits: OperatingLimits) -> int:
    """Buses outside their band in the state itself."""
    low, high, _ = limits.bus_limits_pu(summary.state.model.buses)
    vm = solve(summary.state).vm_pu
    return int(((vm > high + _ROUNDING_PU) | (vm < low - _ROUNDING_PU)).sum())


def _tables(found: Differing, before: Summary, after: Summary, top: int) -> dict[str, object]:
    """Every table and its total, by the names of the result."""
    names = before.state.model.branches.name
    tables: dict[str, object] = {}
    for change in Change:
        rows = np.flatnonzero([c is change for c in found.loadings.change])
        tables[change.value] = tuple(_loading(found, int(i), names) for i in rows[:top])
        tables[f"{change}_total"] = len(rows)
    tables["lost_load"] = tuple(_lost_load(found, i) for i in range(_listed(found.lost_load, top)))
    tables["lost_load_total"] = len(found.lost_load.change)
    tables["voltages"] = tuple(_voltage(found, i, before, after) for i in range(_listed(found.voltages, top)))
    tables["voltages_total"] = len(found.voltages.change)
    for one_sided in ("only_before", "only_after", "newly_failed", "newly_solved"):
        outages: Sequence[Outage] = getattr(found, one_sided)
        tables[one_sided] = tuple(names_of(outage) for outage in outages[:top])
        tables[f"{one_sided}_total"] = len(outages)
    return tables


def _listed(differences: Differences, top: int) -> int:
    return min(len(differences.change), top)


def _loading(compared: Differing, i: int, names: Sequence[str]) -> LoadingChange:
    found = compared.loadings
    before, after = float(found.before[i]), float(found.after[i])
    return LoadingChange(
        outage=names_of(compared.outages[found.outage[i]]),
        element=names[found.branch[i]],
        before_percent=None if np.isnan(before) else before,
        after_percent=None if np.isnan(after) else after,
    )


def _lost_load(compared: Differing, i: int) -> LostLoadChange:
    found = compared.lost_load
    return LostLoadChange(
        outage=names_of(compared.outages[found.outage[i]]),
        change=found.change[i].value,
        before_mw=float(found.before[i]),
        after_mw=float(found.after[i]),
    )


def _voltage(compared: Differing, i: int, before: Summary, after: Summary) -> VoltageChange:
    found = compared.voltages
    row = int(found.outage[i])
    return VoltageChange(
        outage=names_of(compared.outages[row]),
        change=found.change[i].value,
        before_violations=_at(before.voltage_violations, compared.row_before, row),
        after_violations=_at(after.voltage_violations, compared.row_after, row),
        before_excess_pu=float(found.before[i]),
        after_excess_pu=float(found.after[i]),
    )


def _at(values: IntArray, rows: IntArray, row: int) -> int:
    return int(values[rows[row]])
