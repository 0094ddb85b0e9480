"""The rows that studies list: violations, loadings, voltages and what has no supply."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from grid_models.limits import OperatingLimits, Violation, violations
from grid_models.steady.solution import Solution
from grid_models.twin.model import IntArray
from tools.result import Row


class ViolationRow(Row):
    element: str
    kind: str
    value: float
    limit: float
    unit: str
    rule: str


class LoadingRow(Row):
    element: str
    loading_percent: float | None = Field(description="larger end's current over the permanent rating; None where ratings are unusable")
    current_ka: float
    rating_ka: float | None
    rating_tier: str


class VoltageRow(Row):
    element: str
    vm_pu: float
    nominal_kv: float
    vm_kv: float


class Deenergised(Row):
    """What has no supply in the studied state, and what of it the changes cost."""

    buses: tuple[str, ...]
    load_mw: float
    generation_mw: float


class VoltageGroup(Row):
    """Violations of one kind at one voltage level and rule, so that one cause is told once."""

    kind: str
    rule: str
    nominal_kv: float
    buses: int
    of_buses: int
    limit_pu: float
    worst_element: str
    worst_pu: float


def top_loadings(solution: Solution, top: int) -> tuple[LoadingRow, ...]:
    """Heaviest first by loading, or by current where ratings are unusable."""
    model = solution.model
    current = np.fmax(solution.i_from_ka, solution.i_to_ka)
    usable = model.ratings_usable
    order = np.argsort(-np.nan_to_num(solution.loading_percent if usable else current), kind="stable")[:top]
    return tuple(
        LoadingRow(
            element=model.branches.name[i],
            loading_percent=float(solution.loading_percent[i]) if usable else None,
            current_ka=float(current[i]),
            rating_ka=float(model.branches.rating_from_ka[i]) if usable else None,
            rating_tier="permanent" if usable else "unusable",
        )
        for i in order
        if not np.isnan(current[i])
    )


def voltage_rows(solution: Solution, rows: IntArray) -> tuple[VoltageRow, ...]:
    buses = solution.model.buses
    return tuple(
        VoltageRow(
            element=buses.name[i],
            vm_pu=float(solution.vm_pu[i]),
            nominal_kv=float(buses.nominal_kv[i]),
            vm_kv=float(solution.vm_pu[i] * buses.nominal_kv[i]),
        )
        for i in rows
        if not np.isnan(solution.vm_pu[i])
    )


_PLANNING_BAND = OperatingLimits((), 1e9, "")  # no rule: the grid data's own band


def outside_planning_band(solution: Solution, counted: Sequence[Violation]) -> list[Violation]:
    """Voltages outside the grid data's own band on buses that the operating limits do not count already."""
    elements = {v.element for v in counted}
    return [v for v in violations(solution, _PLANNING_BAND) if v.element not in elements]


def voltage_groups(solution: Solution, violated: Sequence[Violation]) -> tuple[VoltageGroup, ...]:
    """The voltage violations among these by kind, rule and voltage level, in the order given."""
    buses = solution.model.buses
    row = {name: i for i, name in enumerate(buses.name)}
    found: dict[tuple[str, str, float], list[tuple[float, float, str]]] = {}
    for v in violated:
        if v.unit == "pu":
            key = (v.kind.value, v.rule, float(buses.nominal_kv[row[v.element]]))
            found.setdefault(key, []).append((v.value, v.limit, v.element))
    return tuple(
        VoltageGroup(
            kind=kind,
            rule=rule,
            nominal_kv=kv,
            buses=len(rows),
            of_buses=int(np.sum(buses.nominal_kv == kv)),
            limit_pu=rows[0][1],
            worst_element=rows[0][2],
            worst_pu=rows[0][0],
        )
        for (kind, rule, kv), rows in found.items()
    )
