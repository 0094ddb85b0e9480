"""The part of a grid that an estimation can see: live nodes, what flows between them, and where each island's angle is fixed."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from grid_models.causes.jacobian import node_admittance
from grid_models.steady.solution import branch_admittances
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of


@dataclass(frozen=True, eq=False)
class Network:
    """node: (live,) node numbers of the topology, place: (nodes,) the way back, -1 where dead.

    branch: (live branches,) rows of the branch table, ends: (2, live branches) places of their from and to ends, y_own, y_other:
    (2, live branches) admittances of the current into each end.  admittance: (live, live) CSR.  island: (live,) numbered from 0;
    reference: (islands,) places whose angle is known, reference_angle: (islands,) radians.  start_angle: (live,) radians, as no load
    would leave them.
    silent: (live,) True where nothing can inject: zero-injection nodes.  certain: (live,) those of them that are so by construction
    (open ends of lines, star points).  balanced: (live,) True where all branches of the node are in this network.
    """

    state: GridState
    topology: Topology
    node: IntArray
    place: IntArray
    branch: IntArray
    ends: IntArray
    y_own: ComplexArray
    y_other: ComplexArray
    admittance: coo_array
    island: IntArray
    reference: IntArray
    reference_angle: FloatArray
    start_angle: FloatArray
    silent: BoolArray
    certain: BoolArray
    balanced: BoolArray

    @property
    def model(self) -> GridModel:
        return self.state.model

    @property
    def place_of_bus(self) -> IntArray:
        """(buses,) place of each bus, -1 where dead."""
        return self.place[self.topology.node_of_bus]


def network_of(state: GridState) -> Network:
    """The network of a state; states that differ only in injections share one (cached)."""
    return _network(_Connected(state))


class _Connected:
    """A state, compared by what decides its network: positions, taps, steps, elements in service."""

    def __init__(self, state: GridState) -> None:
        self.state = state
        arrays = (state.switch_closed, state.branch_on, state.infeed_on, state.load_on, state.generator_on, state.tap, state.shunt_step)
        self._key = (id(state.model), *(a.tobytes() for a in arrays))
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Connected) and self._key == other._key


@lru_cache(maxsize=16)
def _network(connected: _Connected) -> Network:
    state = connected.state
    model, topology = state.model, topology_of(state)
    node = np.flatnonzero(topology.node_live)
    place = np.full(len(topology.node_live), -1, dtype=np.int64)
    place[node] = np.arange(len(node))
    branch = np.flatnonzero(topology.branch_live)
    ends = np.array([place[topology.from_node[branch]], place[topology.to_node[branch]]])
    yff, yft, ytf, ytt = (y[branch] for y in branch_admittances(state))
    _, island = np.unique(topology.island_of_node[node], return_inverse=True)
    reference, angle = _references(state, topology, place, island)
    shift = np.deg2rad(model.branches.shift_degree[state.tap_entry][branch])
    silent, certain = _silent(state, topology, node)
    return Network(
        state=state,
        topology=topology,
        node=node,
        place=place,
        branch=branch,
        ends=ends,
        y_own=np.array([yff, ytt]),
        y_other=np.array([yft, ytf]),
        admittance=node_admittance(state, topology)[node][:, node],
        island=island.astype(np.int64),
        reference=reference,
        reference_angle=angle,
        start_angle=_start_angle(ends, shift, reference, angle, len(node)),
        silent=silent,
        certain=certain,
        balanced=np.ones(len(node), dtype=bool),
    )


def _references(state: GridState, topology: Topology, place: IntArray, island: IntArray) -> tuple[IntArray, FloatArray]:
    """Place and angle of the first infeed in service of every island; only islands with one are live."""
    model = state.model
    feeding = np.flatnonzero(state.infeed_on)
    at = place[topology.node_of_bus[model.infeeds.bus[feeding]]]
    _, first = np.unique(island[at], return_index=True)
    return at[first], np.deg2rad(model.infeeds.angle_degree[feeding[first]])


def _start_angle(ends: IntArray, shift: FloatArray, reference: IntArray, angle: FloatArray, count: int) -> FloatArray:
    """Angles behind phase-shifting transformers, followed outwards from each reference."""
    found = np.zeros(count)
    jump = {(int(f), int(t)): float(s) for f, t, s in zip(ends[0], ends[1], shift, strict=True) if s}
    graph = coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), shape=(count, count)).tocsr()
    for root, fixed in zip(reference, angle, strict=True):
        order, before = breadth_first_order(graph, int(root), directed=False)
        found[order] = fixed
        if not jump:
            continue
        for n in order[1:]:
            f = int(before[n])
            found[n] = found[f] - jump.get((f, int(n)), 0.0) + jump.get((int(n), f), 0.0)
    return found


def _silent(state: GridState, topology: Topology, node: IntArray) -> tuple[BoolArray, BoolArray]:
    model = state.model
    occupied = np.zeros(len(topology.node_live), dtype=bool)
    for table in (model.loads, model.generators, model.infeeds):
        occupied[topology.node_of_bus[table.bus]] = True
    certain = np.zeros(len(topology.node_live), dtype=bool)
    certain[int(topology.node_of_bus.max(initial=-1)) + 1 :] = True
    stars = np.flatnonzero(model.buses.is_star)
    certain[topology.node_of_bus[stars]] = ~occupied[topology.node_of_bus[stars]]
    return ~occupied[node], certain[node]
