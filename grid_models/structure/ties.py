"""Which branches join two areas, and how much flows over them?"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.structure.graph import GridGraph, graph_of
from grid_models.twin.model import GridModel
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_INTERFACE = re.compile(r"^([EHML]?[HML]V[\d.]+)_([EHML]?[HML]V[\d.]+)$")  # how SimBench calls a busbar between two subnets


@dataclass(frozen=True)
class Tie:
    """p_mw flows from from_area to to_area, measured at from_bus [MW]; None without a power flow, 0 out of service."""

    branch: str
    kind: ElementKind
    from_area: str
    to_area: str
    from_bus: str
    to_bus: str
    in_service: bool
    p_mw: float | None
    loading_percent: float | None


@dataclass(frozen=True)
class AreaPair:
    from_area: str
    to_area: str
    ties: int
    in_service: int
    p_mw: float | None


@dataclass(frozen=True)
class TiesFound:
    """merged: interface names of the source that count to an area. no_flow: why there is no flow, '' when there is."""

    areas: tuple[str, ...]
    merged: tuple[str, ...]
    pairs: tuple[AreaPair, ...]
    ties: tuple[Tie, ...]
    no_flow: str


def areas_of(model: GridModel) -> tuple[str, ...]:
    """The area of each bus as the source names it, '' where it has none.

    SimBench writes the interface of two subnets as 'HV1_MV1.101': such a busbar counts to the one of the two that the grid holds.
    """
    known = set(model.buses.area)

    def counts_to(name: str) -> str:
        sides = name.split("_") if _INTERFACE.match(name) else ()
        return next((side for side in sides if side in known), name)

    return tuple(counts_to(name) for name in model.buses.area)


def ties_of(state: GridState, among: Collection[str] = ()) -> TiesFound:
    """Every branch between two areas, in service or not, written from the area first by name; `among` keeps these areas' ties."""
    model, graph, area = state.model, graph_of(state), areas_of(state.model)
    solution, no_flow = _flow(state)
    ties = [
        _tie(graph, solution, row, area)
        for row in range(len(model.branches))
        if _differ(area[model.branches.from_bus[row]], area[model.branches.to_bus[row]])
    ]
    chosen = [t for t in ties if all(a in (t.from_area, t.to_area) for a in among)]
    chosen.sort(key=lambda t: (t.from_area, t.to_area, not t.in_service, -abs(t.p_mw or 0.0), t.branch))
    merged = tuple(sorted({name for name, counts_to in zip(model.buses.area, area, strict=True) if name != counts_to}))
    return TiesFound(tuple(sorted({a for a in area if a})), merged, _pairs(chosen), tuple(chosen), no_flow)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _flow(state: GridState) -> tuple[Solution | None, str]:
    try:
        return solve(state), ""
    except PowerFlowDiverged as error:
        return None, str(error)


def _tie(graph: GridGraph, solution: Solution | None, row: int, area: tuple[str, ...]) -> Tie:
    branches, name = graph.model.branches, graph.model.buses.name
    ends = (int(branches.from_bus[row]), int(branches.to_bus[row]))
    forward = area[ends[0]] <= area[ends[1]]
    one, other = ends if forward else ends[::-1]
    in_service = bool(graph.connects[row])
    p_mw = loading = None
    if solution is not None:
        measured = (solution.p_from_mw if forward else solution.p_to_mw)[row]
        p_mw = float(measured) if measured == measured else 0.0
        rated = solution.loading_percent[row]
        loading = float(rated) if rated == rated and graph.model.ratings_usable else None
    return Tie(graph.branch_name(row), graph.branch_kind(row), area[one], area[other], name[one], name[other], in_service, p_mw, loading)


def _pairs(ties: list[Tie]) -> tuple[AreaPair, ...]:
    grouped: dict[tuple[str, str], list[Tie]] = {}
    for tie in ties:
        grouped.setdefault((tie.from_area, tie.to_area), []).append(tie)
    return tuple(
        AreaPair(
            one,
            other,
            len(rows),
            sum(t.in_service for t in rows),
            None if any(t.p_mw is None for t in rows) else float(sum(t.p_mw or 0.0 for t in rows)),
        )
        for (one, other), rows in grouped.items()
    )
