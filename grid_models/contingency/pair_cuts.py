"""What flows after two branches that cut something off together, though neither does alone? Two updates in a row, exact.

After the first outage the second branch is a bridge: the first shifts its flow by its row, the second relieves its main end of what it then
carries, in the grid without the first.
"""

import numpy as np

from grid_models.contingency.dc_rows import change_rows
from grid_models.contingency.pair_kernel import Found
from grid_models.contingency.pair_tiles import PairGrid
from grid_models.twin.model import BoolArray, FloatArray, IntArray


def cut_pairs(grid: PairGrid, one: IntArray, other: IntArray, threshold: float) -> Found:
    """(pairs,) branches that cut together; `one` and `other` of the result are branches. Some 32 pairs at once keep in the cache."""
    if not grid.flows.watched:
        return Found(0, 0, one[:0], other[:0], np.zeros(0), one[:0])
    share = (np.abs(_flows_after(grid, one, other)) * grid.flows.per_mw)[:, : grid.flows.watched]
    column = share.argmax(axis=1)
    worst = share[np.arange(len(one)), column]
    listed = worst > threshold
    return Found(int(np.sum(worst > 1.0)), int(listed.sum()), one[listed], other[listed], worst[listed], column[listed])


def _flows_after(grid: PairGrid, one: IntArray, other: IntArray) -> FloatArray:
    """(pairs, columns) [MW]; 0 where dead."""
    columns, factors = grid.columns, grid.columns.dc.factors
    topology, pair = columns.dc.topology, np.arange(len(one))
    first_rows, _ = change_rows(columns, one)
    flow = columns.flow + first_rows * columns.dc.flow_mw[one][:, None]
    ends = np.stack([topology.from_node[other], topology.to_node[other]])
    from_dead, to_dead = _cut_off(grid, one, other, columns.cuts.position[ends])
    carried = flow[pair, columns.column_of[other]] * np.where(to_dead, 1.0, -1.0)
    main = factors.place[np.where(from_dead, ends[1], ends[0])]
    relief = factors.flows_per_mw(main, np.full(len(one), len(factors.free)), columns.ends, columns.susceptance)
    through_first = relief[pair, columns.column_of[one]]
    flow += carried[:, None] * (relief + first_rows * through_first[:, None])
    dead = _cut_off(grid, one, other, columns.positions[:, None, :])
    flow[dead[0] | dead[1]] = 0.0
    flow[pair, columns.column_of[one]] = flow[pair, columns.column_of[other]] = 0.0
    return flow


def _cut_off(grid: PairGrid, one: IntArray, other: IntArray, position: IntArray) -> BoolArray:
    """Which positions (2, pairs) or (2, 1, columns) lie below exactly one of the two branches."""
    cuts = grid.columns.cuts
    bounds = [(cuts.first[b], cuts.last[b]) for b in (one, other)]
    if position.ndim == 3:
        bounds = [(first[:, None], last[:, None]) for first, last in bounds]
    below = [(position >= first) & (position < last) for first, last in bounds]
    return np.asarray(below[0] ^ below[1])
