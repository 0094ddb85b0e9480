"""Compiled h G⁻¹ hᵀ of every row: quickly from the inverse on the factors' pattern, or surely by forward substitution.

The recursion for the inverse on the pattern loses its digits where the factors have large entries; `inverse_errors` sees it. Substitution
is a sum of squares, in which nothing cancels however stiff the grid is, and takes some hundred times as long.
Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

import numpy as np

from grid_models.compiled import compiled
from grid_models.estimation.equations_kernel import Rows, Sites, row_terms, site_terms, widest_site
from grid_models.estimation.sparse_kernel import Pattern
from grid_models.twin.model import BoolArray, FloatArray


@compiled
def explained_by_inverse(
    sites: Sites, rows: Rows, reference: BoolArray, theta: FloatArray, vm: FloatArray, own: FloatArray, cross: FloatArray
) -> FloatArray:
    """(rows,) variance of what every row should read, h G⁻¹ hᵀ, from the blocks of the inverse on the pattern."""
    widest = widest_site(sites)
    by_angle, by_vm = np.empty(widest, np.complex128), np.empty(widest, np.complex128)
    da, dm = np.empty(widest), np.empty(widest)
    v, variance = vm * np.exp(1j * theta), np.zeros(len(rows.code))
    for s in range(len(sites.own)):
        first, count = sites.start[s], sites.start[s + 1] - sites.start[s]
        power, current = site_terms(sites, s, v, vm, by_angle, by_vm)
        for r in range(sites.row_start[s], sites.row_start[s + 1]):
            row_terms(rows.code[r], sites, s, power, current, v, vm, theta, by_angle, by_vm, da, dm)
            at, total = sites.pair_start[s], 0.0
            for k in range(count):
                n = sites.node[first + k]
                if reference[n]:
                    da[k] = 0.0
                total += da[k] * (da[k] * own[n, 0, 0] + 2 * dm[k] * own[n, 0, 1]) + dm[k] * dm[k] * own[n, 1, 1]
                for t in range(k):
                    p = sites.pair[at + t]
                    total += 2 * (
                        da[k] * (cross[p, 0, 0] * da[t] + cross[p, 0, 1] * dm[t])
                        + dm[k] * (cross[p, 1, 0] * da[t] + cross[p, 1, 1] * dm[t])
                    )
                at += k
            variance[r] = total
    return variance


@compiled
def explain_by_substitution(
    sites: Sites,
    rows: Rows,
    reference: BoolArray,
    pattern: Pattern,
    theta: FloatArray,
    vm: FloatArray,
    factor: FloatArray,
    inverse: FloatArray,
    chosen: BoolArray,
    variance: FloatArray,
) -> None:
    """Overwrite the variance of the chosen rows. The nodes of a site lie on one path of the elimination tree, which is followed up."""
    widest = widest_site(sites)
    by_angle, by_vm = np.empty(widest, np.complex128), np.empty(widest, np.complex128)
    da, dm = np.empty(widest), np.empty(widest)
    v, x = vm * np.exp(1j * theta), np.zeros((len(vm), 2))
    for s in range(len(sites.own)):
        first, count = sites.start[s], sites.start[s + 1] - sites.start[s]
        power, current = site_terms(sites, s, v, vm, by_angle, by_vm)
        for r in range(sites.row_start[s], sites.row_start[s + 1]):
            if not chosen[r]:
                continue
            row_terms(rows.code[r], sites, s, power, current, v, vm, theta, by_angle, by_vm, da, dm)
            for k in range(count):
                n = sites.node[first + k]
                x[n, 0], x[n, 1] = 0.0 if reference[n] else da[k], dm[k]
            variance[r] = squared_length(pattern, factor, inverse, x, sites.node[first])


@compiled
def inverse_errors(pattern: Pattern, diagonal: FloatArray, lower: FloatArray, own: FloatArray, cross: FloatArray) -> FloatArray:
    """(nodes,) largest entry of each diagonal block of GZ - 1; lower: blocks of G below the diagonal, own, cross: of Z."""
    low, low_row = pattern.low, pattern.low_row
    left, largest = np.zeros_like(own), np.zeros(len(own))
    for j in range(len(own)):
        for a in range(2):
            for b in range(2):
                left[j, a, b] += diagonal[j, a, 0] * own[j, 0, b] + diagonal[j, a, 1] * own[j, 1, b] - (1.0 if a == b else 0.0)
                for p in range(low[j], low[j + 1]):
                    left[j, a, b] += lower[p, 0, a] * cross[p, 0, b] + lower[p, 1, a] * cross[p, 1, b]
                    left[low_row[p], a, b] += lower[p, a, 0] * cross[p, b, 0] + lower[p, a, 1] * cross[p, b, 1]
                    # rows come later than j, so block j is complete here
                largest[j] = max(largest[j], abs(left[j, a, b]))
    return largest


@compiled
def inverse_on_diagonal(pattern: Pattern, factor: FloatArray, inverse: FloatArray) -> FloatArray:
    """(nodes, 2, 2) diagonal blocks of G⁻¹: squared lengths of the unit vectors and, by that of their sum, their product."""
    found, x = np.empty((len(inverse), 2, 2)), np.zeros((len(inverse), 2))
    for n in range(len(inverse)):
        x[n, 0] = 1.0
        found[n, 0, 0] = squared_length(pattern, factor, inverse, x, n)
        x[n, 1] = 1.0
        found[n, 1, 1] = squared_length(pattern, factor, inverse, x, n)
        x[n, 0] = x[n, 1] = 1.0
        both = squared_length(pattern, factor, inverse, x, n)
        found[n, 0, 1] = found[n, 1, 0] = (both - found[n, 0, 0] - found[n, 1, 1]) / 2
    return found


@compiled
def squared_length(pattern: Pattern, factor: FloatArray, inverse: FloatArray, x: FloatArray, first: int) -> float:
    """xᵀ G⁻¹ x of an x (nodes, 2) that is zero before its node `first`; x is cleared."""
    low, low_row, total, j = pattern.low, pattern.low_row, 0.0, first
    while True:
        a, b = x[j, 0], x[j, 1]
        x[j, 0] = x[j, 1] = 0.0
        total += a * (a * inverse[j, 0, 0] + 2 * b * inverse[j, 0, 1]) + b * b * inverse[j, 1, 1]
        if low[j] == low[j + 1]:
            return float(total)
        for p in range(low[j], low[j + 1]):
            r = low_row[p]
            x[r, 0] -= factor[p, 0, 0] * a + factor[p, 0, 1] * b
            x[r, 1] -= factor[p, 1, 0] * a + factor[p, 1, 1] * b
        j = low_row[low[j]]
