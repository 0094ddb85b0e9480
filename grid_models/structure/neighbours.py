"""What is next to a place: the buses one branch away, and what hangs at the place itself?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from grid_models.structure.graph import GridGraph, graph_of
from grid_models.structure.places import Place, names_of
from grid_models.twin.model import BoolArray, FloatArray, IntArray, Names
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState


@dataclass(frozen=True)
class Neighbour:
    """A branch from the place's bus `at` to another bus. `length_km` is None for transformers and where it is not known."""

    at: str
    bus: str
    nominal_kv: float
    branch: str
    kind: ElementKind
    in_service: bool
    length_km: float | None


@dataclass(frozen=True)
class Hanging:
    """A load (p_mw drawn), a generator (p_mw injected), an infeed or a shunt (p_mw None) at the place; p_mw is 0 where it is dead."""

    element: str
    kind: ElementKind
    at: str
    in_service: bool
    p_mw: float | None


@dataclass(frozen=True)
class Neighbourhood:
    """`buses`: one name for each electrical node of the place."""

    buses: tuple[str, ...]
    branches: tuple[Neighbour, ...]
    hanging: tuple[Hanging, ...]


@dataclass(frozen=True)
class _Link:
    """A branch between two buses; a three-winding transformer is three of them."""

    row: int
    ends: tuple[int, int]
    connects: bool


def neighbours_of(state: GridState, place: Place) -> Neighbourhood:
    """Neighbours of a bus, a substation, a branch or whatever hangs on a bus, seen from the fused nodes, not from terminals."""
    graph = graph_of(state)
    names = names_of(graph, place)
    nodes = np.array(sorted(names), dtype=np.int64)
    rows = [_seen_from(graph, link, names) for link in _links(graph, nodes)]
    rows.sort(key=lambda r: (r.at, not r.in_service, r.bus, r.branch))
    return Neighbourhood(tuple(names[int(n)] for n in nodes), tuple(rows), tuple(_hanging(state, graph, names)))


def _links(graph: GridGraph, nodes: IntArray) -> Iterator[_Link]:
    """The branches with an end at one of the nodes."""
    home = graph.home_of_end
    inside = np.isin(graph.topology.node_of_bus[home], nodes)
    touching = inside[:, 0] | inside[:, 1]
    for row in np.flatnonzero(touching).tolist():
        if row not in graph.transformer_of_leg:
            yield _Link(row, (int(home[row, 0]), int(home[row, 1])), _in_service(graph, row))
    for legs in graph.model.three_winding.legs.tolist():
        for one, other in combinations(legs, 2):
            if touching[one] or touching[other]:
                yield _Link(one, (_outer(graph, one), _outer(graph, other)), _in_service(graph, one) and _in_service(graph, other))


def _outer(graph: GridGraph, leg: int) -> int:
    """The home bus of the end that is not the star point."""
    branches = graph.model.branches
    side = 1 if graph.model.buses.is_star[branches.from_bus[leg]] else 0
    return int(graph.home_of_end[leg, side])


def _in_service(graph: GridGraph, row: int) -> bool:
    """It connects, and both terminals lie on their home busbars: a line whose breakers are open is on no busbar."""
    topology, (one, other) = graph.topology, graph.home_of_end[row]
    return bool(
        graph.connects[row]
        and topology.node_of_bus[one] == topology.from_node[row]
        and topology.node_of_bus[other] == topology.to_node[row]
    )


def _seen_from(graph: GridGraph, link: _Link, names: dict[int, str]) -> Neighbour:
    model = graph.model
    one, other = (int(graph.topology.node_of_bus[end]) for end in link.ends)
    at, away = (one, other) if one in names else (other, one)
    length = float(model.branches.length_km[link.row])
    return Neighbour(
        at=names[at],
        bus=names.get(away, graph.node_name(away)),
        nominal_kv=float(model.buses.nominal_kv[graph.naming_bus[away]]),
        branch=graph.branch_name(link.row),
        kind=graph.branch_kind(link.row),
        in_service=link.connects,
        length_km=None if np.isnan(length) else length,
    )


def _hanging(state: GridState, graph: GridGraph, names_of_nodes: dict[int, str]) -> Iterator[Hanging]:
    model = state.model
    tables: tuple[tuple[ElementKind, Names, IntArray, BoolArray, FloatArray | None], ...] = (
        (ElementKind.LOAD, model.loads.name, model.loads.bus, state.load_on, state.load_drawn_mw),
        (ElementKind.GENERATOR, model.generators.name, model.generators.bus, state.generator_on, state.generator_injected_mw),
        (ElementKind.INFEED, model.infeeds.name, model.infeeds.bus, state.infeed_on, None),
        (ElementKind.SHUNT, model.shunts.name, model.shunts.bus, state.shunt_step > 0, None),
    )
    node_of_bus, live = graph.topology.node_of_bus, graph.topology.node_live
    for kind, names, buses, on, power in tables:
        for i in np.flatnonzero(np.isin(node_of_bus[buses], list(names_of_nodes))):
            node = int(node_of_bus[buses[i]])
            in_service = bool(on[i] and live[node])
            p_mw = None if power is None else float(power[i]) if in_service else 0.0
            yield Hanging(names[i], kind, names_of_nodes[node], in_service, p_mw)
