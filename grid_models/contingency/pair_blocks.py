"""How far does a pair of outages load the monitored branches, without looking at each?

Of flows f + P_k·a + P_l·e the branches with the least slack come first, in blocks of 64, and a block is skipped where its least slack is
at least |a|·max|P_k| + |e|·max|P_l| over it. Slack is what is left to the share of the limit that matters: the threshold, then the worst
share found, then the least one that is still listed. Nothing is lost by it.
"""

from typing import NamedTuple

from grid_models.compiled import compiled_finite
from grid_models.twin.model import FloatArray

BLOCK = 64
_ROUNDING = 1e-9  # MW: a bound is a sum of rounded products
_ENOUGH = 1e300  # MW, above any slack or limit; infinity is barred from the kernels


class Flows(NamedTuple):
    """flow: (columns,) before any outage [MW].  limit: (columns,) [MW], per_mw its inverse.  watched: how many have one, the first ones."""

    flow: FloatArray
    limit: FloatArray
    per_mw: FloatArray
    watched: int


@compiled_finite
def slacks(flow: FloatArray, grid: Flows, threshold: float, slack: FloatArray, limit: FloatArray) -> None:
    """(blocks,) each: least slack to the threshold, and least limit, in a block [MW]."""
    for block in range(len(slack)):
        slack[block] = limit[block] = _ENOUGH
        for c in range(block * BLOCK, min(block * BLOCK + BLOCK, grid.watched)):
            slack[block] = min(slack[block], threshold * grid.limit[c] - abs(flow[c]) - _ROUNDING)
            limit[block] = min(limit[block], grid.limit[c])


@compiled_finite
def blocks_in_reach(slack: FloatArray, one_max: FloatArray, size_a: float, other_max: FloatArray, size_e: float) -> int:
    """How many blocks have less slack than the largest change they may see."""
    count = 0
    for block in range(len(slack)):
        count += slack[block] < size_a * one_max[block] + size_e * other_max[block]
    return count


@compiled_finite
def how_many_exceed(flow: FloatArray, one: FloatArray, a: float, other: FloatArray, e: float, per_mw: FloatArray, share: float) -> int:
    """Columns of a block beyond a share of their limit. Counting runs on several columns at once, finding the largest does not."""
    count = 0
    for c in range(len(flow)):
        count += abs(flow[c] + one[c] * a + other[c] * e) * per_mw[c] > share
    return count


@compiled_finite
def largest_share(flow: FloatArray, one: FloatArray, a: float, other: FloatArray, e: float, per_mw: FloatArray) -> float:
    """The largest share of a limit over one block."""
    largest = 0.0
    for c in range(len(flow)):
        largest = max(largest, abs(flow[c] + one[c] * a + other[c] * e) * per_mw[c])
    return largest


@compiled_finite
def worst_share(
    flow: FloatArray,
    grid: Flows,
    slack: FloatArray,
    limit: FloatArray,
    one: FloatArray,
    one_max: FloatArray,
    a: float,
    other: FloatArray,
    other_max: FloatArray,
    e: float,
    threshold: float,
    floor: float,
) -> tuple[float, int]:
    """Largest |flow + one·a + other·e| / limit and its block (-1: none), exact as far as it matters.

    Exact are whether it exceeds the threshold, whether it exceeds 1, and its value where that exceeds the floor (at least the threshold).
    """
    worst, where, beyond = 0.0, -1, 0.0
    size_a, size_e = abs(a), abs(e)
    in_reach = blocks_in_reach(slack, one_max, size_a, other_max, size_e)
    for block in range(len(slack)):
        if in_reach == 0:
            break
        reach = size_a * one_max[block] + size_e * other_max[block]  # to the last bit as `blocks_in_reach` counts it
        if slack[block] >= reach:
            continue
        in_reach -= 1
        if slack[block] + beyond * limit[block] >= reach:
            continue
        at, end = block * BLOCK, min(block * BLOCK + BLOCK, grid.watched)
        if how_many_exceed(flow[at:end], one[at:end], a, other[at:end], e, grid.per_mw[at:end], threshold + beyond):
            largest = largest_share(flow[at:end], one[at:end], a, other[at:end], e, grid.per_mw[at:end])
            if largest > worst:
                worst, where = largest, block
                beyond = max(worst, floor if worst > 1.0 else threshold) - threshold
    return worst, where


@compiled_finite
def column_in_block(flow: FloatArray, grid: Flows, one: FloatArray, a: float, other: FloatArray, e: float, block: int, worst: float) -> int:
    """Which column of the block carries the worst share."""
    for c in range(block * BLOCK, min(block * BLOCK + BLOCK, grid.watched)):
        if abs(flow[c] + one[c] * a + other[c] * e) * grid.per_mw[c] >= worst:
            return c
    return -1
