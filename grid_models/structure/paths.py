"""How does one place connect to another, and does it hang on a single branch?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from grid_models.structure.closures import Closure, closures_between
from grid_models.structure.graph import GridGraph, graph_of
from grid_models.structure.places import Place, names_of
from grid_models.structure.routes import Metric, Route, best_route, edge_disjoint_paths, impedances_pu, weights
from grid_models.twin.model import FloatArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_NO_LENGTHS = "the source of this grid has no line lengths; the metric hops or impedance would work"
_SOME_LENGTHS = "every path uses a line whose length the source does not give; the metric hops or impedance would work"


@dataclass(frozen=True)
class Step:
    """One branch of a path. circuits: branches in service between the two buses; impedance_pu: |z| at the present tap."""

    from_bus: str
    to_bus: str
    branch: str
    kind: ElementKind
    circuits: int
    length_km: float | None
    impedance_pu: float


@dataclass(frozen=True)
class PathFound:
    """A path from one place to another, or why there is none.

    hops: branches passed, a three-winding transformer once. length_km: lines only, None where one is unknown. impedance_ohm: None across
    voltage levels. edge_disjoint_paths: paths without a common branch; single_points: branches whose loss alone parts the two.
    closures: where there is no path, the fewest switches and branches to close.
    """

    reason: str
    from_bus: str
    to_bus: str
    buses: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    hops: int | None = None
    length_km: float | None = None
    impedance_pu: float | None = None
    impedance_ohm: float | None = None
    has_voltage: bool = False
    edge_disjoint_paths: int = 0
    single_points: tuple[str, ...] = ()
    closures: tuple[Closure, ...] = ()


def path_between(state: GridState, one: Place, other: Place, metric: Metric) -> PathFound:
    """The path with the smallest total of the metric, over branches in service, from any node of one place to any of the other."""
    graph = graph_of(state)
    from_names, to_names = names_of(graph, one), names_of(graph, other)
    start, goal = np.array(sorted(from_names)), np.array(sorted(to_names))
    weight = weights(state, graph, metric)
    ends = PathFound("", from_names[int(start[0])], to_names[int(goal[0])])
    if np.all(np.isnan(weight)):
        return replace(ends, reason=_NO_LENGTHS)
    if route := best_route(graph, start, goal, weight):
        return _found(state, graph, route, to_names | from_names, edge_disjoint_paths(graph, start, goal))
    if best_route(graph, start, goal, np.ones(len(weight))):
        return replace(ends, reason=_SOME_LENGTHS)
    closures = closures_between(state, graph, start, goal)
    return replace(ends, reason="no branch in service joins them" + ("" if closures else ", and no open one could"), closures=closures)


def _found(state: GridState, graph: GridGraph, route: Route, names: Mapping[int, str], disjoint: int) -> PathFound:
    z, branches, rows = impedances_pu(state), state.model.branches, list(route.rows)
    lines = [row for row in rows if branches.is_line[row]]
    steps = _steps(graph, route, names, z)
    total_pu = float(z[rows].sum())
    return PathFound(
        reason="",
        from_bus=_name(graph, names, route.nodes[0]),
        to_bus=_name(graph, names, route.nodes[-1]),
        buses=(_name(graph, names, route.nodes[0]), *(s.to_bus for s in steps)),
        steps=steps,
        hops=len(steps),
        length_km=_known(float(branches.length_km[lines].sum())),
        impedance_pu=total_pu,
        impedance_ohm=_ohm(graph, route, total_pu),
        has_voltage=bool(graph.topology.node_live[route.nodes[0]]),
        edge_disjoint_paths=disjoint,
        single_points=tuple(dict.fromkeys(graph.branch_name(row) for row in rows if row in graph.bridge_rows)),
    )


def _steps(graph: GridGraph, route: Route, names: Mapping[int, str], z: FloatArray) -> tuple[Step, ...]:
    """One step a branch; the two legs through a three-winding transformer are one step."""
    steps: list[Step] = []
    for one, other, row in zip(route.nodes, route.nodes[1:], route.rows, strict=False):
        step = Step(
            from_bus=_name(graph, names, one),
            to_bus=_name(graph, names, other),
            branch=graph.branch_name(row),
            kind=graph.branch_kind(row),
            circuits=graph.connected.number_of_edges(one, other),
            length_km=_known(float(graph.model.branches.length_km[row])),
            impedance_pu=float(z[row]),
        )
        if steps and row in graph.transformer_of_leg and steps[-1].branch == step.branch:
            first = steps.pop()
            step = replace(step, from_bus=first.from_bus, impedance_pu=first.impedance_pu + step.impedance_pu)
        steps.append(step)
    return tuple(steps)


def _name(graph: GridGraph, names: Mapping[int, str], node: int) -> str:
    return names[node] if node in names else graph.node_name(node)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _ohm(graph: GridGraph, route: Route, total_pu: float) -> float | None:
    """Ohm only where the whole path is lines of one voltage level."""
    levels = {float(graph.model.buses.nominal_kv[graph.naming_bus[n]]) for n in route.nodes}
    if len(levels) != 1 or not all(graph.model.branches.is_line[row] for row in route.rows):
        return None
    return total_pu * levels.pop() ** 2 / graph.model.base_mva
