"""How does the DC model's factorisation follow when branches trip? By one rank-one change each, along a path of the elimination tree.

B = L·D·Lᵀ with the pattern of the whole grid, which no outage leaves. Taking out a branch changes only the columns on the path from its
first end to the root (Davis and Hager, "Modifying a sparse Cholesky factorization", SIAM J. Matrix Anal. Appl. 20 (1999)); each column as
in method C1 of Gill, Golub, Murray and Saunders, "Methods for modifying matrix factorizations", Math. Comp. 28 (1974).
"""

from typing import NamedTuple

import numpy as np

from grid_models.compiled import compiled_finite, compiled_within
from grid_models.twin.model import FloatArray, IntArray

_LEFT = 1e-7  # share of a pivot below which too many digits are gone to go on without a new factorisation (engineering judgement)


class Pattern(NamedTuple):
    """Where entries are; nodes in order of elimination.

    upper_start, upper_row: B above its diagonal by columns; entry: (lines,) a line's place there, -1 without one.
    start, row: L below its diagonal by columns, rows rising; the first row of a column is its parent in the elimination tree.
    across_start, across_column, across_at: the same L by rows: column, and place among the values.
    """

    upper_start: IntArray
    upper_row: IntArray
    entry: IntArray
    start: IntArray
    row: IntArray
    across_start: IntArray
    across_column: IntArray
    across_at: IntArray


def pattern_of(free: int, from_node: IntArray, to_node: IntArray) -> Pattern:
    """The pattern of a grid whose first `free` nodes are unknown; from_node, to_node: (lines,)."""
    low, high = np.minimum(from_node, to_node), np.maximum(from_node, to_node)
    inside = (high < free) & (low != high)
    places, which = np.unique(high[inside] * max(free, 1) + low[inside], return_inverse=True)
    entry = np.full(len(from_node), -1, dtype=np.int64)
    entry[inside] = which
    column, row = np.divmod(places, max(free, 1))
    upper_start = np.searchsorted(column, np.arange(free + 1)).astype(np.int64)
    across_start, across_column = _rows_of_factor(upper_start, row)
    rows = np.repeat(np.arange(free), np.diff(across_start))
    order = np.lexsort((rows, across_column))
    across_at = np.empty_like(across_column)
    across_at[order] = np.arange(len(order))
    start = np.searchsorted(across_column[order], np.arange(free + 1)).astype(np.int64)
    return Pattern(upper_start, row, entry, start, rows[order], across_start, across_column, across_at)


@compiled_finite
def _rows_of_factor(upper_start: IntArray, upper_row: IntArray) -> tuple[IntArray, IntArray]:
    """L by rows, columns rising: row k holds what the paths from B's entries reach in the elimination tree below k."""
    size = len(upper_start) - 1
    parent, seen = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    start, columns, used = np.zeros(size + 1, dtype=np.int64), np.empty(4 * len(upper_row) + 16, dtype=np.int64), 0
    for k in range(size):
        seen[k] = k
        for at in range(upper_start[k], upper_start[k + 1]):
            i = upper_row[at]
            while seen[i] != k:
                if parent[i] < 0:
                    parent[i] = k
                if used == len(columns):
                    columns = np.concatenate((columns, np.empty(used, dtype=np.int64)))
                columns[used] = i
                used += 1
                seen[i] = k
                i = parent[i]
        columns[start[k] : used].sort()
        start[k + 1] = used
    return start, columns[:used].copy()


@compiled_within
def factorise(pattern: Pattern, diagonal: FloatArray, upper: FloatArray, value: FloatArray, pivot: FloatArray, work: FloatArray) -> None:
    """Fill L's values and D's pivots, row by row; work: (free,) zeros before and after."""
    for k in range(len(pivot)):
        for at in range(pattern.upper_start[k], pattern.upper_start[k + 1]):
            work[pattern.upper_row[at]] = upper[at]
        d = diagonal[k]
        for across in range(pattern.across_start[k], pattern.across_start[k + 1]):
            column, at_k = pattern.across_column[across], pattern.across_at[across]
            y = work[column]
            work[column] = 0.0
            for at in range(pattern.start[column], at_k):
                work[pattern.row[at]] -= value[at] * y
            share = y / pivot[column]
            d -= share * y
            value[at_k] = share
        pivot[k] = d


@compiled_within
def take_out(pattern: Pattern, value: FloatArray, pivot: FloatArray, work: FloatArray, one: int, other: int, susceptance: float) -> bool:
    """B − b·(e₁ − e₂)(e₁ − e₂)ᵀ; an end past the last unknown is held. False where so little is left of a pivot that digits are lost."""
    size = len(pivot)
    if one < size:
        work[one] += 1.0
    if other < size:
        work[other] -= 1.0
    column, weight, sound = min(one, other), -susceptance, True
    while column < size:
        w, first, last = work[column], pattern.start[column], pattern.start[column + 1]
        work[column] = 0.0
        if w != 0.0:
            old = pivot[column]
            new = old + weight * w * w
            sound = sound and abs(new) > _LEFT * abs(old)
            if not sound:
                new = old
            back = weight * w / new
            weight *= old / new
            pivot[column] = new
            for at in range(first, last):
                row = pattern.row[at]
                left = work[row] - w * value[at]
                work[row] = left
                value[at] += back * left
        column = pattern.row[first] if last > first else size
    return sound


@compiled_within
def solve(pattern: Pattern, value: FloatArray, pivot: FloatArray, angle: FloatArray) -> None:
    """L·D·Lᵀ x = b in place; what lies behind the last unknown is left alone."""
    size = len(pivot)
    for column in range(size):
        known = angle[column]
        for at in range(pattern.start[column], pattern.start[column + 1]):
            angle[pattern.row[at]] -= value[at] * known
    for column in range(size - 1, -1, -1):
        sum_ = angle[column] / pivot[column]
        for at in range(pattern.start[column], pattern.start[column + 1]):
            sum_ -= value[at] * angle[pattern.row[at]]
        angle[column] = sum_
