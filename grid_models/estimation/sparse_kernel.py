"""Compiled symmetric factors by 2 × 2 blocks: G = L D Lᵀ on a fixed pattern, its solutions, and the inverse on that pattern.

A node has two unknowns, angle and magnitude, so one block is one pair of nodes. `low` and `low_row` hold the pattern of L by columns (rows
ascending), `row_start`, `row_column` and `row_place` the same pattern by rows; blocks lie in arrays (places, 2, 2), diagonals in
(nodes, 2, 2).
Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

from typing import NamedTuple

import numpy as np

from grid_models.compiled import compiled
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_BROKEN = 1e-13  # share of its diagonal below which a pivot is rounding error


class Pattern(NamedTuple):
    """Where L is not zero: low (nodes + 1,), low_row (places,), row_start (nodes + 1,), row_column (places,), row_place (places,)."""

    low: IntArray
    low_row: IntArray
    row_start: IntArray
    row_column: IntArray
    row_place: IntArray


@compiled
def pattern_of(count: int, start: IntArray, other: IntArray) -> Pattern:
    """Pattern of L from the lower neighbours of every node: other[start[k]:start[k + 1]] < k."""
    parent, mark = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    row_start, column_size = np.zeros(count + 1, np.int64), np.zeros(count, np.int64)
    for k in range(count):
        mark[k] = k
        for p in range(start[k], start[k + 1]):
            i = other[p]
            while mark[i] != k:
                if parent[i] < 0:
                    parent[i] = k
                mark[i] = k
                column_size[i] += 1
                row_start[k + 1] += 1
                i = parent[i]
    low = np.zeros(count + 1, np.int64)
    for k in range(count):
        row_start[k + 1] += row_start[k]
        low[k + 1] = low[k] + column_size[k]
    row_column, row_place = np.empty(row_start[count], np.int64), np.empty(row_start[count], np.int64)
    low_row, fill = np.empty(row_start[count], np.int64), low[:-1].copy()
    mark[:] = -1
    for k in range(count):
        mark[k] = k
        at = row_start[k]
        for p in range(start[k], start[k + 1]):
            i = other[p]
            while mark[i] != k:
                mark[i] = k
                row_column[at] = i
                at += 1
                i = parent[i]
        row_column[row_start[k] : at].sort()
        for p in range(row_start[k], at):
            i = row_column[p]
            row_place[p], low_row[fill[i]] = fill[i], k
            fill[i] += 1
    return Pattern(low, low_row, row_start, row_column, row_place)


@compiled
def factorise(pattern: Pattern, dual: BoolArray, diagonal: FloatArray, factor: FloatArray, inverse: FloatArray) -> int:
    """Overwrite `factor` (the lower blocks of G) with L and `inverse` with D⁻¹. Returns -1, or the node whose pivot is not as it must be:
    positive definite, or negative definite at a `dual` node (nodes,).
    """
    low, low_row, row_start, row_column, row_place = pattern
    count = len(diagonal)
    work = np.zeros((count, 2, 2))
    for k in range(count):
        d00, d01, d11 = diagonal[k, 0, 0], diagonal[k, 0, 1], diagonal[k, 1, 1]
        for q in range(row_start[k], row_start[k + 1]):  # work holds column k of G, transposed lower blocks
            i, p = row_column[q], row_place[q]
            work[i, 0, 0], work[i, 0, 1] = factor[p, 0, 0], factor[p, 1, 0]
            work[i, 1, 0], work[i, 1, 1] = factor[p, 0, 1], factor[p, 1, 1]
        for q in range(row_start[k], row_start[k + 1]):
            i, own = row_column[q], row_place[q]
            y00, y01, y10, y11 = work[i, 0, 0], work[i, 0, 1], work[i, 1, 0], work[i, 1, 1]
            for p in range(low[i], own):
                r = low_row[p]
                work[r, 0, 0] -= factor[p, 0, 0] * y00 + factor[p, 0, 1] * y10
                work[r, 0, 1] -= factor[p, 0, 0] * y01 + factor[p, 0, 1] * y11
                work[r, 1, 0] -= factor[p, 1, 0] * y00 + factor[p, 1, 1] * y10
                work[r, 1, 1] -= factor[p, 1, 0] * y01 + factor[p, 1, 1] * y11
            i00, i01, i11 = inverse[i, 0, 0], inverse[i, 0, 1], inverse[i, 1, 1]
            l00, l01 = y00 * i00 + y10 * i01, y00 * i01 + y10 * i11
            l10, l11 = y01 * i00 + y11 * i01, y01 * i01 + y11 * i11
            factor[own, 0, 0], factor[own, 0, 1], factor[own, 1, 0], factor[own, 1, 1] = l00, l01, l10, l11
            d00 -= l00 * y00 + l01 * y10
            d01 -= l00 * y01 + l01 * y11
            d11 -= l10 * y01 + l11 * y11
        schur = d11 - d01 * d01 / d00 if d00 != 0 else 0.0
        if dual[k]:
            if not (d00 < 0 and schur < 0):
                return k
        elif not (d00 > _BROKEN * diagonal[k, 0, 0] and schur > _BROKEN * diagonal[k, 1, 1]):
            return k
        determinant = d00 * schur
        inverse[k, 0, 0], inverse[k, 1, 1] = d11 / determinant, d00 / determinant
        inverse[k, 0, 1] = inverse[k, 1, 0] = -d01 / determinant
    return -1


@compiled
def solve(pattern: Pattern, factor: FloatArray, inverse: FloatArray, x: FloatArray) -> None:
    """Overwrite the right-hand side x (nodes, 2) with the solution."""
    low, low_row = pattern.low, pattern.low_row
    count = len(x)
    for j in range(count):
        a, b = x[j, 0], x[j, 1]
        for p in range(low[j], low[j + 1]):
            r = low_row[p]
            x[r, 0] -= factor[p, 0, 0] * a + factor[p, 0, 1] * b
            x[r, 1] -= factor[p, 1, 0] * a + factor[p, 1, 1] * b
    for j in range(count - 1, -1, -1):
        a, b = inverse[j, 0, 0] * x[j, 0] + inverse[j, 0, 1] * x[j, 1], inverse[j, 1, 0] * x[j, 0] + inverse[j, 1, 1] * x[j, 1]
        for p in range(low[j], low[j + 1]):
            r = low_row[p]
            a -= factor[p, 0, 0] * x[r, 0] + factor[p, 1, 0] * x[r, 1]
            b -= factor[p, 0, 1] * x[r, 0] + factor[p, 1, 1] * x[r, 1]
        x[j, 0], x[j, 1] = a, b


@compiled
def inverse_on_pattern(pattern: Pattern, factor: FloatArray, inverse: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Blocks of G⁻¹ on the diagonal (nodes, 2, 2) and on L's pattern (places, 2, 2), row node above column node.

    The recursion of Takahashi, Fagan and Chin (1973): from the last column backwards, each from those already known.
    """
    count = len(inverse)
    low, low_row = pattern.low, pattern.low_row
    own, cross = inverse.copy(), np.zeros_like(factor)
    at = np.full(count, -1, np.int64)
    for j in range(count - 1, -1, -1):
        first, end = low[j], low[j + 1]
        for p in range(first, end):
            at[low_row[p]] = p
        for p in range(first, end):  # cross[j] = -Z_(rows of j) L_j, columns k of Z one after the other
            k = low_row[p]
            l00, l01, l10, l11 = factor[p, 0, 0], factor[p, 0, 1], factor[p, 1, 0], factor[p, 1, 1]
            cross[p, 0, 0] -= own[k, 0, 0] * l00 + own[k, 0, 1] * l10
            cross[p, 0, 1] -= own[k, 0, 0] * l01 + own[k, 0, 1] * l11
            cross[p, 1, 0] -= own[k, 1, 0] * l00 + own[k, 1, 1] * l10
            cross[p, 1, 1] -= own[k, 1, 0] * l01 + own[k, 1, 1] * l11
            for q in range(low[k], low[k + 1]):
                o = at[low_row[q]]
                if o < first or o >= end:
                    continue
                z00, z01, z10, z11 = cross[q, 0, 0], cross[q, 0, 1], cross[q, 1, 0], cross[q, 1, 1]
                cross[o, 0, 0] -= z00 * l00 + z01 * l10
                cross[o, 0, 1] -= z00 * l01 + z01 * l11
                cross[o, 1, 0] -= z10 * l00 + z11 * l10
                cross[o, 1, 1] -= z10 * l01 + z11 * l11
                m00, m01, m10, m11 = factor[o, 0, 0], factor[o, 0, 1], factor[o, 1, 0], factor[o, 1, 1]
                cross[p, 0, 0] -= z00 * m00 + z10 * m10
                cross[p, 0, 1] -= z00 * m01 + z10 * m11
                cross[p, 1, 0] -= z01 * m00 + z11 * m10
                cross[p, 1, 1] -= z01 * m01 + z11 * m11
        for p in range(first, end):
            for a in range(2):
                for b in range(2):
                    own[j, a, b] -= factor[p, 0, a] * cross[p, 0, b] + factor[p, 1, a] * cross[p, 1, b]
    return own, cross
