"""The rows that studies list: violations, loadings, voltages and what has no supply."""

from collections.abc import Collection, Sequence

import numpy as np
from pydantic import Field

from grid_models.limits import OperatingLimits, Violation, ViolationKind, violations
from grid_models.steady.solution import Solution
from grid_models.twin.model import BoolArray, FloatArray, IntArray, Names
from tools.result import Row

PERMANENT = "permanent (PATL)"
UNUSABLE = "unusable"


class ViolationRow(Row):
    element: str
    kind: str
    value: float
    limit: float
    unit: str
    rule: str
    severity_percent: float = Field(description="distance beyond the limit as a share of the limit; rows are sorted by it")
    temporary_rating_ka: float | None = Field(
        default=None, description="temporary rating (TATL) of an overloaded branch, where the source has one"
    )
    temporary_loading_percent: float | None = Field(default=None, description="the current over the temporary rating")
    within_temporary: bool | None = Field(default=None, description="above the permanent rating and not above the temporary one")


class LoadingRow(Row):
    element: str
    loading_percent: float | None = Field(
        description="current over the permanent rating at the end where that is larger; None where the branch has no usable rating"
    )
    current_ka: float = Field(description="at that end; the larger of both ends where there is no rating")
    rating_ka: float | None = Field(description="permanent rating (PATL) at that end")
    rating_tier: str = Field(description=f"'{PERMANENT}', or '{UNUSABLE}' where the source has no rating or a placeholder")
    temporary_rating_ka: float | None = Field(default=None, description="temporary rating (TATL), where the source has one")
    temporary_loading_percent: float | None = Field(default=None, description="current over the temporary rating")


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
    """Branches that carry current: the rated ones first, heaviest first; then the others by current. Ties keep the grid's order."""
    current = np.fmax(solution.i_from_ka, solution.i_to_ka)
    rated = ~np.isnan(solution.loading_percent)
    size = np.where(rated, np.nan_to_num(solution.loading_percent), np.nan_to_num(current))
    order = np.lexsort((-size, ~rated))  # stable
    return tuple(_loading_row(solution, int(i)) for i in order[~np.isnan(current[order])][:top])


def _loading_row(solution: Solution, i: int) -> LoadingRow:
    branches = solution.model.branches
    current, rating = (
        np.array([solution.i_from_ka[i], solution.i_to_ka[i]]),
        np.array([branches.rating_from_ka[i], branches.rating_to_ka[i]]),
    )
    rated = not np.isnan(solution.loading_percent[i])
    end = int(np.nanargmax(current / rating if rated else current))
    temporary_ka, temporary_percent = _temporary(solution, i)
    return LoadingRow(
        element=branches.name[i],
        loading_percent=float(solution.loading_percent[i]) if rated else None,
        current_ka=float(current[end]),
        rating_ka=float(rating[end]) if rated else None,
        rating_tier=PERMANENT if rated else UNUSABLE,
        temporary_rating_ka=temporary_ka,
        temporary_loading_percent=temporary_percent,
    )


def _temporary(solution: Solution, i: int) -> tuple[float | None, float | None]:
    """Temporary rating and loading against it at the end where that is larger; None without one."""
    branches = solution.model.branches
    rating = np.array([branches.temporary_from_ka[i], branches.temporary_to_ka[i]])
    share = np.array([solution.i_from_ka[i], solution.i_to_ka[i]]) / rating
    if np.isnan(share).all():
        return None, None
    end = int(np.nanargmax(share))
    return float(rating[end]), float(100.0 * share[end])


def violation_rows(solution: Solution, found: Sequence[Violation]) -> tuple[ViolationRow, ...]:
    """The violations in the order given. An overload says what the temporary rating, if there is one, makes of it."""
    at = _rows_of(solution.model.branches.name, {v.element for v in found if v.kind is ViolationKind.OVERLOAD})
    return tuple(_violation_row(solution, v, at.get(v.element) if v.kind is ViolationKind.OVERLOAD else None) for v in found)


def _violation_row(solution: Solution, v: Violation, branch: int | None) -> ViolationRow:
    temporary_ka, temporary_percent = (None, None) if branch is None else _temporary(solution, branch)
    return ViolationRow(
        element=v.element,
        kind=v.kind,
        value=v.value,
        limit=v.limit,
        unit=v.unit,
        rule=v.rule,
        severity_percent=100.0 * v.severity,
        temporary_rating_ka=temporary_ka,
        temporary_loading_percent=temporary_percent,
        within_temporary=None if temporary_percent is None else temporary_percent <= v.limit,
    )


def real_buses(solution: Solution) -> BoolArray:
    """(buses,) False at the star points of three-winding transformers and extended wards, which exist in the model only."""
    return ~solution.model.buses.is_star


def lowest_voltages(solution: Solution, top: int) -> tuple[VoltageRow, ...]:
    """Real buses, the lowest per-unit voltage first."""
    return _voltage_rows(solution, solution.vm_pu, top)


def highest_voltages(solution: Solution, top: int) -> tuple[VoltageRow, ...]:
    """Real buses, the highest per-unit voltage first."""
    return _voltage_rows(solution, -solution.vm_pu, top)


def _voltage_rows(solution: Solution, key: FloatArray, top: int) -> tuple[VoltageRow, ...]:
    known: IntArray = np.flatnonzero(real_buses(solution) & ~np.isnan(solution.vm_pu))
    buses = solution.model.buses
    return tuple(
        VoltageRow(
            element=buses.name[i],
            vm_pu=float(solution.vm_pu[i]),
            nominal_kv=float(buses.nominal_kv[i]),
            vm_kv=float(solution.vm_pu[i] * buses.nominal_kv[i]),
        )
        for i in known[np.argsort(key[known], kind="stable")[:top]]
    )


_PLANNING_BAND = OperatingLimits((), 1e9, "")  # no rule: the grid data's own band


def outside_planning_band(solution: Solution, counted: Sequence[Violation]) -> list[Violation]:
    """Voltages outside the grid data's own band on buses that the operating limits do not count already."""
    elements = {v.element for v in counted}
    return [v for v in violations(solution, _PLANNING_BAND) if v.element not in elements]


def voltage_groups(solution: Solution, violated: Sequence[Violation]) -> tuple[VoltageGroup, ...]:
    """The voltage violations among these by kind, rule and voltage level, in the order given."""
    buses = solution.model.buses
    voltages = [v for v in violated if v.unit == "pu"]
    row = _rows_of(buses.name, {v.element for v in voltages})
    found: dict[tuple[str, str, float], list[Violation]] = {}
    for v in voltages:
        found.setdefault((v.kind.value, v.rule, float(buses.nominal_kv[row[v.element]])), []).append(v)
    return tuple(
        VoltageGroup(
            kind=kind,
            rule=rule,
            nominal_kv=kv,
            buses=len(group),
            of_buses=int(np.sum(buses.nominal_kv == kv)),
            limit_pu=group[0].limit,
            worst_element=group[0].element,
            worst_pu=group[0].value,
        )
        for (kind, rule, kv), group in found.items()
    )


def _rows_of(names: Names, wanted: Collection[str]) -> dict[str, int]:
    """Row of each wanted name; names of one table are unique."""
    return {name: i for i, name in enumerate(names) if name in wanted} if wanted else {}
