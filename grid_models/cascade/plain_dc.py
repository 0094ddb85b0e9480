"""What does one DC cascade come to, round by round? Solved anew at every round: slow and plain, what the fast path is compared with.

Rules in `dc_grid.py`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from grid_models.cascade.dc_grid import CascadeGrid, IslandRule
from grid_models.twin.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class DcRound:
    """One moment between two trips.

    tripped: branch rows that tripped just before, in the first round the outages.  flow_mw: (branches,) 0 where out or dead.
    island: (nodes,) number of each node's island.  live: (nodes,).  given, served: (nodes,) shares of generation and demand.
    """

    tripped: IntArray
    flow_mw: FloatArray
    island: IntArray
    live: BoolArray
    given: FloatArray
    served: FloatArray


@dataclass(frozen=True, eq=False)
class DcCascade:
    """steps: the rounds, the last one quiet.  lost_load_mw.  islands: parts of the grid that still live."""

    steps: tuple[DcRound, ...]
    lost_load_mw: float
    islands: int

    @property
    def branches_out(self) -> IntArray:
        """Rows of the branch table out of service at the end, in order."""
        return np.sort(np.concatenate([step.tripped for step in self.steps]))


def cascade(grid: CascadeGrid, outage: IntArray, *, rating_factor: float = 1.0, islands: IslandRule = "balanced") -> DcCascade:
    """The cascade after these rows of the branch table are out; dead ones and -1 change nothing. Raises InvalidCascade."""
    above = grid.trips_above_mw(rating_factor)
    on, served = np.ones(len(grid.branch), dtype=bool), np.ones(grid.nodes)
    trips = np.unique(grid.lines(outage))
    trips = trips[trips >= 0]
    steps: list[DcRound] = []
    while not steps or len(trips):
        on[trips] = False
        step = _settled(grid, on, served, np.sort(grid.branch[trips]), islands)
        steps.append(step)
        served = step.served
        trips = np.flatnonzero(np.abs(step.flow_mw[grid.branch]) > above)
    last = steps[-1]
    return DcCascade(tuple(steps), float(grid.load_mw @ (1.0 - last.served)), len(np.unique(last.island[last.live])))


def _settled(grid: CascadeGrid, on: BoolArray, served: FloatArray, tripped: IntArray, islands: IslandRule) -> DcRound:
    """Islands, their balances and the flows with these lines in service."""
    ends = grid.from_node[on], grid.to_node[on]
    parts, island = connected_components(coo_array((np.ones(len(ends[0])), ends), shape=(grid.nodes, grid.nodes)), directed=False)
    has_infeed = np.isin(np.arange(parts), island[grid.free :])
    generation = np.bincount(island, grid.generation_mw, parts)
    demand = np.bincount(island, served * grid.demand_mw, parts)
    alone = ~has_infeed & (generation > 0) & (islands == "balanced")
    live = has_infeed | alone
    given, kept = live.astype(float), live.astype(float)
    given[alone] = np.minimum(1.0, demand[alone] / generation[alone])
    kept[alone] = np.minimum(1.0, np.divide(generation, demand, out=np.ones(parts), where=demand > 0)[alone])
    given, served = given[island], served * kept[island]
    flow = _flows(grid, on & live[island[grid.from_node]], island, given * grid.generation_mw - served * grid.demand_mw)
    return DcRound(tripped, flow, island.astype(np.int64), live[island], given, served)


def _flows(grid: CascadeGrid, on: BoolArray, island: IntArray, injection_mw: FloatArray) -> FloatArray:
    """(branches,) the DC flow of all islands at once; one without an infeed takes its angles from its last node."""
    known = np.zeros(grid.nodes, dtype=bool)
    known[np.unique(island[::-1], return_index=True)[1]] = True
    known = known[::-1].copy()  # the last node of each island: an infeed's where it has one
    known[grid.free :] = True
    angle = np.concatenate([np.zeros(grid.free), grid.held_rad])
    f, t, b = grid.from_node[on], grid.to_node[on], grid.susceptance_mw[on]
    start = b * (angle[f] - angle[t] - grid.shift_rad[on])
    unknown = np.flatnonzero(~known & (np.bincount(np.concatenate([f, t]), minlength=grid.nodes) > 0))
    if len(unknown):
        i, j = np.concatenate([f, t, f, t]), np.concatenate([f, t, t, f])
        matrix = coo_array((np.concatenate([b, b, -b, -b]), (i, j)), shape=(grid.nodes, grid.nodes)).tocsc()
        right = injection_mw - np.bincount(f, start, grid.nodes) + np.bincount(t, start, grid.nodes)
        angle[unknown] = splu(matrix[unknown][:, unknown], permc_spec="MMD_AT_PLUS_A").solve(right[unknown])
    flow = np.zeros(grid.branches)
    flow[grid.branch[on]] = b * (angle[f] - angle[t] - grid.shift_rad[on])
    return flow
