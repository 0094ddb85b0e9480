"""What does a DC cascade start from? The live part of a state: its lines, what its islands are balanced with, and what trips.

Rules of the model. The initial outages are taken out; the DC flow of what is left is solved; every branch above its rating trips at once
(instant relay); and so on until nothing trips. A branch without a rating never trips, nothing is switched back in. An infeed balances
its island, as in the whole grid (several of them hold their angles). An island without an infeed balances itself: its generation is
scaled down pro rata to the demand, or, if it cannot give that much, the demand is shed pro rata; generation that was scaled down may rise
to its schedule again when the island splits once more, load that was shed stays shed. An island without an infeed and without generation
is dead. With islands="dead" every island without an infeed is, as the screenings of outages count lost load. Losses are nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from grid_models.errors import AeipError
from grid_models.steady.dc import dc_flow, limits_mw
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.state import GridState

IslandRule = Literal["balanced", "dead"]
_NEVER = 1e300  # MW, above any flow; infinity is barred from the kernels
_MARGIN = 1e-6  # MW, and share of the rating: flows of exactly the rating hold, however a solver rounds (engineering judgement)


class InvalidCascade(AeipError):
    """Outages, ratings or options that fit no grid or no rule."""


@dataclass(frozen=True, eq=False)
class CascadeGrid:
    """Live lines and nodes only, every node with a path to a held one; the held nodes are the last ones.

    branches: rows of the branch table.  branch: (lines,) their rows, a spanning forest of the grid first.  from_node, to_node: (lines,).
    susceptance_mw: (lines,) MW per radian.  shift_rad: (lines,).
    limit_mw: (lines,) the rating.  held_rad: (held,) angles of the held nodes.
    generation_mw: (nodes,) what can be scaled down: generators that inject and loads that feed in.
    demand_mw: (nodes,) what can be shed: loads, shunts, storage that charges.  load_mw: (nodes,) the loads of it, what counts as lost.
    """

    branches: int
    branch: IntArray
    from_node: IntArray
    to_node: IntArray
    susceptance_mw: FloatArray
    shift_rad: FloatArray
    limit_mw: FloatArray
    held_rad: FloatArray
    generation_mw: FloatArray
    demand_mw: FloatArray
    load_mw: FloatArray

    @property
    def nodes(self) -> int:
        return len(self.load_mw)

    @property
    def free(self) -> int:
        """How many nodes no infeed holds."""
        return len(self.load_mw) - len(self.held_rad)

    @cached_property
    def line_of(self) -> IntArray:
        """(branches + 1,) line of each branch, -1 where it is dead; the last entry stands for no branch."""
        line = np.full(self.branches + 1, -1, dtype=np.int64)
        line[self.branch] = np.arange(len(self.branch))
        return line

    def trips_above_mw(self, rating_factor: float) -> FloatArray:
        """(lines,) the flow above which a line trips. Raises InvalidCascade for a factor that is not positive."""
        if not rating_factor > 0:
            raise InvalidCascade(f"A rating factor of {rating_factor:g} was asked for; it must be above 0 (1 = the ratings as they are).")
        above = self.limit_mw * rating_factor
        return np.minimum(above + np.maximum(_MARGIN * above, _MARGIN), _NEVER)

    def lines(self, outages: IntArray) -> IntArray:
        """Branch rows, -1 for none → lines, -1 for none or dead. Raises InvalidCascade."""
        rows = np.asarray(outages, dtype=np.int64)
        last = self.branches - 1
        if rows.size and (rows.min() < -1 or rows.max() > last):
            raise InvalidCascade(f"Outages of the rows {rows.min()} to {rows.max()} were asked for; this grid's branches are 0 to {last}.")
        return np.asarray(self.line_of[rows])


def cascade_grid(state: GridState, rating_mw: FloatArray | None = None) -> CascadeGrid:
    """The grid of a state. rating_mw: (branches,) NaN = never trips; by default √3 · kV · kA of the smaller end.

    Raises PowerFlowDiverged without an infeed, InvalidCascade for ratings that do not fit.
    """
    dc = dc_flow(state)
    topology, branches = dc.topology, state.model.branches
    nodes = np.concatenate([_in_order_of_elimination(dc.factors.free, dc.factors.lu), np.flatnonzero(dc.held)])
    number = np.full(len(dc.held), -1, dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    branch = np.flatnonzero(topology.branch_live)
    free = len(dc.factors.free)
    one, other = (np.minimum(number[ends[branch]], free) for ends in (topology.from_node, topology.to_node))
    branch = branch[_forest_first(one, other, free)]
    given, taken, load = (amount[nodes] for amount in _powers(state, topology.node_of_bus, len(dc.held)))
    return CascadeGrid(
        branches=len(branches),
        branch=branch,
        from_node=number[topology.from_node[branch]],
        to_node=number[topology.to_node[branch]],
        susceptance_mw=dc.susceptance_mw[branch],
        shift_rad=np.deg2rad(branches.shift_degree[state.tap_entry][branch]),
        limit_mw=_limits(state, rating_mw)[branch],
        held_rad=dc.angle_rad[np.flatnonzero(dc.held)],
        generation_mw=given,
        demand_mw=taken,
        load_mw=load,
    )


def _in_order_of_elimination(free: IntArray, lu: object) -> IntArray:
    """The free nodes in the order in which the factorisation fills in little."""
    if lu is None:
        return free
    ordered = np.empty_like(free)
    ordered[lu.perm_c] = free  # type: ignore[attr-defined]
    return ordered


def _forest_first(from_node: IntArray, to_node: IntArray, root: int) -> IntArray:
    """An order of the lines: a spanning tree from the joined infeeds outwards, then the others. The kernels find islands faster so."""
    low, high = np.minimum(from_node, to_node), np.maximum(from_node, to_node)
    pairs, line = np.unique(low * (root + 1) + high, return_index=True)  # of parallel lines one
    graph = coo_array((np.ones(len(pairs)), np.divmod(pairs, root + 1)), shape=(root + 1, root + 1))
    nodes, above = breadth_first_order(graph.tocsr(), root, directed=False)
    below, above = nodes[1:].astype(np.int64), above[nodes[1:]].astype(np.int64)
    tree = line[np.searchsorted(pairs, np.minimum(below, above) * (root + 1) + np.maximum(below, above))]
    return np.concatenate([tree, np.setdiff1d(np.arange(len(from_node)), tree)])


def _limits(state: GridState, rating_mw: FloatArray | None) -> FloatArray:
    rating = limits_mw(state) if rating_mw is None else np.asarray(rating_mw, dtype=np.float64)
    if rating.shape != state.branch_on.shape:
        raise InvalidCascade(f"{rating.shape} ratings were given for the {len(state.branch_on)} branches; one each would do.")
    if (rating < 0).any():
        raise InvalidCascade(f"A rating of {np.nanmin(rating):g} MW was given; ratings are 0 or more, NaN where there is none.")
    return np.where(np.isnan(rating), _NEVER, np.minimum(rating, _NEVER))


def _powers(state: GridState, node_of_bus: IntArray, size: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(nodes,) generation, demand, and the loads of it; whatever changes the sign changes the side."""
    model = state.model
    loads = node_of_bus[model.loads.bus], state.load_drawn_mw
    others = (
        (node_of_bus[model.generators.bus], -state.generator_injected_mw),
        (node_of_bus[model.shunts.bus], model.shunts.p_mw * state.shunt_step),
    )
    given, taken = np.zeros(size), np.zeros(size)
    for node, drawn in (loads, *others):
        np.add.at(given, node, np.maximum(-drawn, 0.0))
        np.add.at(taken, node, np.maximum(drawn, 0.0))
    return given, taken, np.bincount(loads[0], np.maximum(loads[1], 0.0), size).astype(np.float64)
