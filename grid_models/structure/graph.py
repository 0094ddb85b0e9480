"""The fused grid of one switching state as a networkx multigraph, and how its nodes and branches are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

import networkx as nx
import numpy as np

from grid_models.twin.model import BoolArray, GridModel, IntArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of


@dataclass(frozen=True, eq=False)
class GridGraph:
    """Nodes are the topology's fused nodes, edge keys the rows of the branch table; shared by states that are switched alike.

    connects: (branches,) in service and closed at both ends.
    """

    model: GridModel
    topology: Topology
    connects: BoolArray

    @cached_property
    def connected(self) -> "nx.MultiGraph[int]":
        """Every branch that connects, dead parts included; parallel circuits are edges of their own."""
        graph: nx.MultiGraph[int] = nx.MultiGraph()
        graph.add_nodes_from(range(len(self.topology.node_live)))
        rows = np.flatnonzero(self.connects)
        ends = zip(self.topology.from_node[rows].tolist(), self.topology.to_node[rows].tolist(), rows.tolist(), strict=True)
        for one, other, row in ends:
            graph.add_edge(one, other, key=row)
        return graph

    @cached_property
    def bridge_rows(self) -> frozenset[int]:
        """Branches without which their part falls apart, dead parts included; none of several parallel circuits is one."""
        graph = self.connected
        pairs = cast("Iterable[tuple[int, int]]", nx.bridges(graph))  # the stubs call an edge a node
        return frozenset(int(next(iter(graph[one][other]))) for one, other in pairs)

    @cached_property
    def naming_bus(self) -> IntArray:
        """(nodes,) the bus a node is called by: its first busbar, else its first bus, -1 for the open end of a line."""
        return np.where(self._first_busbar >= 0, self._first_busbar, _first(self.topology, np.ones(len(self.model.buses), dtype=bool)))

    @cached_property
    def _first_busbar(self) -> IntArray:
        """(nodes,) the first busbar, or the first bus where several branches meet without one (a joint), else -1."""
        busbar = _first(self.topology, self.model.buses.is_busbar)
        rows = np.flatnonzero(self.connects)
        ends = np.concatenate([self.topology.from_node[rows], self.topology.to_node[rows]])
        joint = (busbar < 0) & (np.bincount(ends, minlength=len(busbar)) > 1)
        return np.where(joint, _first(self.topology, np.ones(len(self.model.buses), dtype=bool)), busbar)

    def node_name(self, node: int) -> str:
        bus = int(self.naming_bus[node])
        return self.model.buses.name[bus] if bus >= 0 else "the open end of a line"

    def home_bus(self, bus: int) -> int:
        """The busbar a terminal belongs to: the one it is on now, else in normal switching, else the first it could be switched to."""
        busbar = int(self._first_busbar[self.topology.node_of_bus[bus]])
        if busbar >= 0:
            return busbar
        normal = topology_of(GridState.at_start(self.model))
        joined = sorted(b for b in self.model.registry.joined((bus,)) if self.model.buses.is_busbar[b])
        usual = [b for b in joined if normal.node_of_bus[b] == normal.node_of_bus[bus]]
        return (usual or joined or [bus])[0]

    @cached_property
    def home_of_end(self) -> IntArray:
        """(branches, 2) home bus of each end."""
        ends = np.stack([self.model.branches.from_bus, self.model.branches.to_bus], axis=1)
        home = self._first_busbar[self.topology.node_of_bus[ends]]
        for row, side in np.argwhere(home < 0):
            home[row, side] = self.home_bus(int(ends[row, side]))
        return home

    @cached_property
    def transformer_of_leg(self) -> dict[int, int]:
        """Row of the three-winding transformer that a branch is a leg of."""
        return {int(leg): t for t, legs in enumerate(self.model.three_winding.legs) for leg in legs}

    def branch_name(self, row: int) -> str:
        transformer = self.transformer_of_leg.get(row)
        return self.model.branches.name[row] if transformer is None else self.model.three_winding.name[transformer]

    def branch_kind(self, row: int) -> ElementKind:
        if row in self.transformer_of_leg:
            return ElementKind.THREE_WINDING
        return ElementKind.LINE if self.model.branches.is_line[row] else ElementKind.TRANSFORMER


def _first(topology: Topology, chosen: BoolArray) -> IntArray:
    """(nodes,) the first chosen bus of each node, -1 where there is none."""
    found = np.full(len(topology.node_live), -1, dtype=np.int64)
    rows = np.flatnonzero(chosen)[::-1]
    found[topology.node_of_bus[rows]] = rows
    return found


def graph_of(state: GridState) -> GridGraph:
    """The graph of a state; states that differ only in injections, taps or set-points share one (cached)."""
    return _graph(_Switching(state, topology_of(state)))


@dataclass(frozen=True, eq=False)
class _Switching:
    """A cache key: topologies are themselves cached by switching, so the same object means the same graph."""

    state: GridState
    topology: Topology

    def __hash__(self) -> int:
        return id(self.topology)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Switching) and self.topology is other.topology


@lru_cache(maxsize=16)
def _graph(key: _Switching) -> GridGraph:
    state, switches = key.state, key.state.model.switches
    open_ends = switches.branch[~state.switch_closed & (switches.branch >= 0)]
    connects = state.branch_on.copy()
    connects[open_ends] = False
    return GridGraph(state.model, key.topology, connects)
