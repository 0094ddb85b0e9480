"""Which two branches must not fail together? Exhaustive DC screening of every pair of lines and transformers, those that island included.

Three-winding transformers are monitored but not paired: they fail as a whole, which the lists of outages solved in AC can say.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grid_models.contingency.pair_search import search_pairs
from grid_models.contingency.pair_tiles import PairGrid, failing, pair_grid
from grid_models.steady.dc import dc_flow
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.state import GridState

_RELAXED = (0.7, 0.4, 0.1, 0.0)  # thresholds tried when fewer pairs than wanted come near a limit


@dataclass(frozen=True, eq=False)
class PairScreening:
    """Counts of all pairs, and the worst by DC loading.

    pairs = meshed + islanding.  islanding: with a bridge (`with_bridge`) or cutting something off together (`cutting`).
    overloading, within_margin: pairs with a monitored branch above 100 %, above 100 − margin (the base state's own overloads included).
    first, second, worst_branch: (listed,) rows of the branch table, worst first.  worst_percent: (listed,) DC loading.
    left_out: pairs within the margin that the list had no room for.
    losing_first, losing_second: (losing,) pairs that together lose more load than either alone, most first; losing_load_mw.
    """

    state: GridState
    pairs: int
    with_bridge: int
    cutting: int
    monitored: int
    overloading: int
    within_margin: int
    left_out: int
    first: IntArray
    second: IntArray
    worst_percent: FloatArray
    worst_branch: IntArray
    losing_first: IntArray
    losing_second: IntArray
    losing_load_mw: FloatArray

    @property
    def islanding(self) -> int:
        return self.with_bridge + self.cutting


def screen_pairs(
    state: GridState,
    limits_mw: FloatArray,
    *,
    keep: int = 200,
    margin_percent: float = 10.0,
    cap: int = 2000,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> PairScreening:
    """Screen every pair of live branches. limits_mw: (branches,), infinite or NaN = not monitored.

    Listed are the pairs within the margin, at most `cap`, and where they are fewer the worst `keep`; `keep` of those that lose load.
    Raises PowerFlowDiverged where no infeed is in service, StudyCancelled between pieces of the work.
    """
    grid = pair_grid(dc_flow(state), limits_mw)
    cap = max(cap, keep, 1)
    near = 1.0 - margin_percent / 100.0
    found = near_limit = search_pairs(grid, near, cap, progress=progress, cancelled=cancelled, threads=threads)
    total = _count(int(failing(grid.columns.dc).sum()))
    for share in _RELAXED:
        if len(found.first) < min(keep, total) and grid.flows.watched:
            found = search_pairs(grid, near * share, cap, cancelled=cancelled, threads=threads)
    listed = max(min(near_limit.within, cap), min(keep, len(found.first)))
    one, other, load = _losing(grid, keep)
    return PairScreening(
        state=state,
        pairs=total,
        with_bridge=total - _count(len(grid.meshed)),
        cutting=len(grid.columns.cuts.pairs(failing(grid.columns.dc))[0]),
        monitored=grid.flows.watched,
        overloading=near_limit.over,
        within_margin=near_limit.within,
        left_out=max(near_limit.within - cap, 0),
        first=found.first[:listed],
        second=found.second[:listed],
        worst_percent=found.worst[:listed] * 100.0,
        worst_branch=found.worst_branch[:listed],
        losing_first=one,
        losing_second=other,
        losing_load_mw=load,
    )


def _count(outages: int) -> int:
    return outages * (outages - 1) // 2


def _losing(grid: PairGrid, keep: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs that lose more load together than either alone: two bridges side by side, or two that cut together."""
    dc, cuts = grid.columns.dc, grid.columns.cuts
    state, node = dc.state, dc.topology.node_of_bus
    load = np.bincount(node[state.model.loads.bus], state.load_drawn_mw, len(dc.held)).astype(np.float64)
    below = np.where(cuts.bridge, cuts.below(load), 0.0)
    bridges = grid.bridges[below[grid.bridges] > 0]
    bridges = bridges[np.argsort(-below[bridges], kind="stable")][: max(2 * keep, 1000)]
    i, j = np.triu_indices(len(bridges), 1)
    one, other = bridges[i], bridges[j]
    beside = (cuts.last[one] <= cuts.first[other]) | (cuts.last[other] <= cuts.first[one])
    cut_one, cut_other = cuts.pairs(failing(dc))
    one, other = np.concatenate([one[beside], cut_one]), np.concatenate([other[beside], cut_other])
    together = cuts.between(cut_one, cut_other, load)
    lost = np.concatenate([below[bridges[i]][beside] + below[bridges[j]][beside], together])
    order = np.lexsort((np.maximum(one, other), np.minimum(one, other), -lost))
    order = order[lost[order] > 1e-9][:keep]
    return np.minimum(one, other)[order], np.maximum(one, other)[order], lost[order]
