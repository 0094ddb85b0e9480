"""Which buses are one electrical node, which branches carry, and what has supply."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_models.twin.model import BoolArray, GridModel, IntArray
from grid_models.twin.state import GridState


@dataclass(frozen=True)
class Topology:
    """Fused nodes of one switching state. Every node without a path to an infeed in service is dead.

    node_of_bus: (buses,) node of each bus.  from_node, to_node: (branches,) node of each end; an end with an open
    switch hangs on a node of its own.  branch_live: (branches,) carries voltage.  node_live: (nodes,).
    island_of_node: (nodes,) number of the connected part.
    """

    node_of_bus: IntArray
    from_node: IntArray
    to_node: IntArray
    branch_live: BoolArray
    node_live: BoolArray
    island_of_node: IntArray

    @property
    def bus_live(self) -> BoolArray:
        return self.node_live[self.node_of_bus]


def topology_of(state: GridState) -> Topology:
    """The topology of a state; states that differ only in injections share one (cached)."""
    return _topology(_Switching(state.model, state.switch_closed.tobytes(), state.branch_on.tobytes(), state.infeed_on.tobytes()))


@dataclass(frozen=True)
class _Switching:
    """The part of a state that decides its topology, hashable by content."""

    model: GridModel
    switch_closed: bytes
    branch_on: bytes
    infeed_on: bytes

    def __hash__(self) -> int:
        return hash((id(self.model), self.switch_closed, self.branch_on, self.infeed_on))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Switching)
            and self.model is other.model
            and (self.switch_closed, self.branch_on, self.infeed_on) == (other.switch_closed, other.branch_on, other.infeed_on)
        )


@lru_cache(maxsize=64)
def _topology(switching: _Switching) -> Topology:
    model = switching.model
    closed = np.frombuffer(switching.switch_closed, dtype=bool)
    branch_on = np.frombuffer(switching.branch_on, dtype=bool).copy()
    infeed_on = np.frombuffer(switching.infeed_on, dtype=bool)

    switches = model.switches
    couples = closed & (switches.other_bus >= 0)
    fused_count, node_of_bus = _parts(len(model.buses), switches.bus[couples], switches.other_bus[couples])

    from_node, to_node, count = _branch_ends(model, closed, branch_on, node_of_bus, fused_count)
    _, island = _parts(count, from_node[branch_on], to_node[branch_on])
    supplied = np.unique(island[node_of_bus[model.infeeds.bus[infeed_on]]])
    node_live = np.isin(island, supplied)
    live = branch_on & node_live[from_node] & node_live[to_node]
    for array in (node_of_bus, from_node, to_node, live, node_live, island):
        array.flags.writeable = False
    return Topology(node_of_bus, from_node, to_node, live, node_live, island)


def _branch_ends(
    model: GridModel, closed: BoolArray, branch_on: BoolArray, node_of_bus: IntArray, fused_count: int
) -> tuple[IntArray, IntArray, int]:
    """End nodes of each branch. A branch open at one end stays energised, on a node of its own there."""
    switches, branches = model.switches, model.branches
    from_node = node_of_bus[branches.from_bus].copy()
    to_node = node_of_bus[branches.to_bus].copy()
    count = fused_count
    open_from = np.zeros(len(branches), dtype=bool)
    open_to = np.zeros(len(branches), dtype=bool)
    for i in np.flatnonzero(~closed & (switches.branch >= 0)):
        branch = switches.branch[i]
        (open_from if switches.bus[i] == branches.from_bus[branch] else open_to)[branch] = True
    branch_on &= ~(open_from & open_to)
    for ends, is_open in ((from_node, open_from & branch_on), (to_node, open_to & branch_on)):
        extra = np.flatnonzero(is_open)
        ends[extra] = count + np.arange(len(extra))
        count += len(extra)
    return from_node, to_node, count


def _parts(count: int, ends: IntArray, other_ends: IntArray) -> tuple[int, IntArray]:
    """Number of connected parts of a graph and the part of each of its `count` nodes."""
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends, other_ends)), shape=(count, count))
    parts, labels = connected_components(graph, directed=False)
    return int(parts), labels.astype(np.int64)
