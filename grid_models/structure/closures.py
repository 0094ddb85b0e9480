"""What would have to be closed to join two places that are apart?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np

from grid_models.structure.graph import GridGraph
from grid_models.structure.routes import nearest_way
from grid_models.twin.model import IntArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_CLOSING = 1_000_000.0  # dearer than any path without a closing: the number of closings decides, then the branches passed


@dataclass(frozen=True)
class Closure:
    """An open switch, or a branch out of service, and the buses it would join."""

    element: str
    kind: ElementKind
    at: tuple[str, ...]


def closures_between(state: GridState, graph: GridGraph, start: IntArray, goal: IntArray) -> tuple[Closure, ...]:
    """The fewest openings to close so that the first place reaches the second, in the order of the way; empty when none could."""
    potential: nx.Graph[int] = nx.Graph()
    potential.add_nodes_from(range(len(graph.topology.node_live)))
    for a, b, cost, closures in _ways(state, graph):
        if not potential.has_edge(a, b) or cost < potential[a][b]["weight"]:
            potential.add_edge(a, b, weight=cost, closures=closures)
    nodes = nearest_way(potential, start, goal, "weight")
    return tuple(c for a, b in pairwise(nodes) for c in potential[a][b]["closures"])


def _ways(state: GridState, graph: GridGraph) -> Iterator[tuple[int, int, float, tuple[Closure, ...]]]:
    """Edges between fused nodes: branches that connect, open bus-bus switches, and branches with what is open on them."""
    model, nodes, switches = state.model, graph.topology.node_of_bus, state.model.switches
    name = model.buses.name
    open_ends: dict[int, list[Closure]] = {}
    for i in np.flatnonzero(~state.switch_closed).tolist():
        if switches.branch[i] >= 0:
            at = (name[switches.bus[i]],)
            open_ends.setdefault(int(switches.branch[i]), []).append(Closure(switches.name[i], ElementKind.SWITCH, at))
        else:
            one, other = int(switches.bus[i]), int(switches.other_bus[i])
            closure = Closure(switches.name[i], ElementKind.SWITCH, (name[one], name[other]))
            yield int(nodes[one]), int(nodes[other]), _CLOSING, (closure,)
    for row, (one, other) in enumerate(zip(model.branches.from_bus.tolist(), model.branches.to_bus.tolist(), strict=True)):
        closures = open_ends.get(row, [])
        if not state.branch_on[row]:
            closures = [Closure(graph.branch_name(row), graph.branch_kind(row), (name[one], name[other])), *closures]
        yield int(nodes[one]), int(nodes[other]), 1.0 + _CLOSING * len(closures), tuple(closures)
