"""The compiled inner loops over pairs of outages: which of them load a monitored branch beyond a threshold?

After losing k and l the flows are f + P_k·a + P_l·e with a, e from the two outages' 2×2 system.
"""

from typing import NamedTuple

import numpy as np

from grid_models.compiled import compiled_finite
from grid_models.contingency.pair_blocks import BLOCK, Flows, column_in_block, slacks, worst_share
from grid_models.twin.model import FloatArray, IntArray


class Bounds(NamedTuple):
    """threshold: shares above it are counted.  floor ≥ threshold: shares above it are listed.  capacity: how many of the worst, at most."""

    threshold: float
    floor: float
    capacity: int


class Tile(NamedTuple):
    """Outages with their rows, (outages, columns); block_max: (outages, blocks) largest |change| in a block.

    column, flow_mw, weight, label, first, last: (outages,) own column, own flow, susceptance · share of own MW kept, the labels and
    intervals of `Cuts`.  low, high: positions of the two ends.  alone, alone_column: worst share after this outage alone (bridges only).
    """

    rows: FloatArray
    block_max: FloatArray
    column: IntArray
    flow_mw: FloatArray
    weight: FloatArray
    label: IntArray
    first: IntArray
    last: IntArray
    low: IntArray
    high: IntArray
    alone: FloatArray
    alone_column: IntArray


class Found(NamedTuple):
    """over, within: pairs beyond the limit and beyond the threshold.  The worst of them: row in each tile, worst share and its column."""

    over: int
    within: int
    one: IntArray
    other: IntArray
    worst: FloatArray
    column: IntArray


@compiled_finite
def summarise_rows(tile: Tile, grid: Flows, start: int, stop: int) -> None:
    """Fill block_max and, for bridges, alone of the outages start ≤ i < stop. Flows that end at nothing add to no bound."""
    for i in range(start, stop):
        bridge = tile.label[i] == 0
        tile.alone[i], tile.alone_column[i] = 0.0, -1
        for block in range(tile.block_max.shape[1]):
            largest = 0.0
            for c in range(block * BLOCK, min(block * BLOCK + BLOCK, grid.watched)):
                change = tile.rows[i, c]
                if bridge:
                    share = abs(grid.flow[c] + change) * grid.per_mw[c]
                    if share > tile.alone[i]:
                        tile.alone[i], tile.alone_column[i] = share, c
                    if change == -grid.flow[c]:
                        continue
                elif c == tile.column[i]:
                    continue
                largest = max(largest, abs(change))
            tile.block_max[i, block] = largest


@compiled_finite
def keep_worst(one: IntArray, other: IntArray, worst: FloatArray, column: IntArray, capacity: int) -> float:
    """Move the `capacity` worst of a full list to its front and return the least of them."""
    least = np.partition(worst, len(worst) - capacity)[len(worst) - capacity]
    ties = capacity - np.sum(worst > least)
    kept = 0
    for i in range(len(worst)):
        if worst[i] > least or (worst[i] == least and ties > 0):
            ties -= 1 if worst[i] == least else 0
            one[kept], other[kept], worst[kept], column[kept] = one[i], other[i], worst[i], column[i]
            kept += 1
    return float(least)


@compiled_finite
def meshed_pairs(k: Tile, other: Tile, same: bool, grid: Flows, bounds: Bounds, start: int, stop: int) -> Found:
    """Pairs of start ≤ i < stop of tile `k` with all (after i, where the tiles are the same) of tile `other`; none is a bridge.

    Two that cut something off together are left out: they have no such formula.
    """
    over, within, size = 0, 0, 0
    threshold, floor, capacity = bounds.threshold, bounds.floor, bounds.capacity
    found_i, found_j = np.empty(2 * capacity, np.int64), np.empty(2 * capacity, np.int64)
    found_worst, found_column = np.empty(2 * capacity), np.empty(2 * capacity, np.int64)
    slack, limit = np.empty(k.block_max.shape[1]), np.empty(k.block_max.shape[1])
    slacks(grid.flow, grid, threshold, slack, limit)
    for i in range(start, stop):
        for j in range(i + 1 if same else 0, len(other.column)):
            if k.label[i] == other.label[j]:
                continue
            onto_l = k.rows[i, other.column[j]]
            onto_k = onto_l * k.weight[i] / other.weight[j]  # by the symmetry of the inverse: no walk down a column
            determinant = 1.0 - onto_l * onto_k
            a = (k.flow_mw[i] + onto_k * other.flow_mw[j]) / determinant
            e = (other.flow_mw[j] + onto_l * k.flow_mw[i]) / determinant
            worst, block = worst_share(
                grid.flow, grid, slack, limit,
                k.rows[i], k.block_max[i], a,
                other.rows[j], other.block_max[j], e, threshold, floor,
            )  # fmt: skip
            over += worst > 1.0
            within += worst > threshold
            if worst > floor:
                column = column_in_block(grid.flow, grid, k.rows[i], a, other.rows[j], e, block, worst)
                found_i[size], found_j[size], found_worst[size], found_column[size] = i, j, worst, column
                size += 1
                if size == 2 * capacity:
                    floor = keep_worst(found_i, found_j, found_worst, found_column, capacity)
                    size = capacity
    return Found(over, within, found_i[:size], found_j[:size], found_worst[:size], found_column[:size])


@compiled_finite
def bridge_pairs(k: Tile, other: Tile, same: bool, grid: Flows, bounds: Bounds, start: int, stop: int) -> Found:
    """As `meshed_pairs`, with bridges in tile `k` and bridges or others in tile `other`.

    A branch below the bridge changes nothing more; one elsewhere has its row unchanged and carries what the bridge's loss left on it.
    """
    over, within, size = 0, 0, 0
    threshold, floor, capacity = bounds.threshold, bounds.floor, bounds.capacity
    found_i, found_j = np.empty(2 * capacity, np.int64), np.empty(2 * capacity, np.int64)
    found_worst, found_column = np.empty(2 * capacity), np.empty(2 * capacity, np.int64)
    slack, limit = np.empty(k.block_max.shape[1]), np.empty(k.block_max.shape[1])
    nothing, no_room = np.zeros(len(grid.flow)), np.zeros(k.block_max.shape[1])
    for i in range(start, stop):
        after = grid.flow + k.rows[i]
        slacks(after, grid, threshold, slack, limit)
        for j in range(i + 1 if same else 0, len(other.column)):
            e, block = 0.0, -1
            if k.first[i] <= other.low[j] and other.high[j] < k.last[i]:
                worst, column = k.alone[i], k.alone_column[i]
            elif other.label[j] == 0 and other.first[j] <= k.low[i] and k.high[i] < other.last[j]:
                worst, column = other.alone[j], other.alone_column[j]
            else:
                at = other.column[j]
                e = 1.0 if other.label[j] == 0 else after[at]
                worst, block = worst_share(
                    after,
                    grid,
                    slack,
                    limit,
                    nothing,
                    no_room,
                    0.0,
                    other.rows[j],
                    other.block_max[j],
                    e,
                    threshold,
                    floor,
                )
                column = -1
            over += worst > 1.0
            within += worst > threshold
            if worst > floor:
                if block >= 0:
                    column = column_in_block(after, grid, nothing, 0.0, other.rows[j], e, block, worst)
                found_i[size], found_j[size], found_worst[size], found_column[size] = i, j, worst, column
                size += 1
                if size == 2 * capacity:
                    floor = keep_worst(found_i, found_j, found_worst, found_column, capacity)
                    size = capacity
    return Found(over, within, found_i[:size], found_j[:size], found_worst[:size], found_column[:size])


def empty_tile(outages: int, columns: int, monitored: int) -> Tile:
    """A tile of this size, its arrays not filled yet."""
    blocks = -(-monitored // BLOCK)
    return Tile(
        rows=np.empty((outages, columns)),
        block_max=np.empty((outages, blocks)),
        column=np.empty(outages, dtype=np.int64),
        flow_mw=np.empty(outages),
        weight=np.empty(outages),
        label=np.empty(outages, dtype=np.int64),
        first=np.empty(outages, dtype=np.int64),
        last=np.empty(outages, dtype=np.int64),
        low=np.empty(outages, dtype=np.int64),
        high=np.empty(outages, dtype=np.int64),
        alone=np.empty(outages),
        alone_column=np.empty(outages, dtype=np.int64),
    )


def warm_up() -> None:
    """Compile the kernels, or read them from the cache on disk: two outages that load nothing."""
    from grid_models.steady.dc_kernel import warm_up as warm_up_solver

    warm_up_solver()
    tile = empty_tile(2, 2, 2)
    for column in (tile.weight, tile.flow_mw):
        column[:] = 1.0
    for place in (tile.column, tile.first, tile.last, tile.low, tile.high):
        place[:] = 0
    tile.label[:] = 1, 2
    tile.rows[...] = 0.0
    grid = Flows(np.zeros(2), np.ones(2), np.ones(2), 2)
    summarise_rows(tile, grid, 0, 2)
    meshed_pairs(tile, tile, True, grid, Bounds(1.0, 1.0, 2), 0, 2)
    bridge_pairs(tile, tile, True, grid, Bounds(1.0, 1.0, 2), 0, 2)
