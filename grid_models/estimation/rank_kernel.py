"""Compiled exact arithmetic: which unknowns do the rows leave open? L D Lᵀ of HᵀWH in a finite field, where a pivot is zero or is not.

With random weights in a large field HᵀWH has the rank of H, and what rounding would blur is exact (Schwartz 1980; a wrong zero has the
probability of about one in a million per grid). Numbers are integers modulo the Mersenne prime 2³¹ - 1, so that two products fit 63 bits.
Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

import numpy as np

from grid_models.compiled import compiled
from grid_models.estimation.codes import ANGLE, CURRENT, P, Q, V
from grid_models.estimation.equations_kernel import Sites, widest_site
from grid_models.estimation.sparse_kernel import Pattern
from grid_models.twin.model import BoolArray, IntArray

PRIME = 2**31 - 1


@compiled
def reduced(x: int) -> int:
    """x modulo the prime, for 0 <= x < 2⁶³: 2³¹ is 1 there."""
    x = (x & PRIME) + (x >> 31)
    x = (x & PRIME) + (x >> 31)
    return x - PRIME if x >= PRIME else x


@compiled
def less(x: int, y: int) -> int:
    """x - y of two reduced numbers."""
    return x - y if x >= y else x - y + PRIME


@compiled
def inverted(x: int) -> int:
    """1 / x by Fermat's theorem."""
    found, power, left = 1, x, PRIME - 2
    while left:
        if left & 1:
            found = reduced(found * power)
        power = reduced(power * power)
        left >>= 1
    return found


@compiled
def no_load_row(code: int, own: bool, re: int, im: int, turn_re: int, turn_im: int) -> tuple[int, int]:
    """How a row moves with the angle and the magnitude of an entry; a current moves along (turn_re, turn_im) of S, its angle across."""
    if code == ANGLE:
        return (1, 0) if own else (0, 0)
    if code == V:
        return (0, 1) if own else (0, 0)
    minus_re = less(0, re)
    if code == P:
        return im, re
    if code == Q:
        return minus_re, im
    if code == CURRENT:
        return reduced(turn_re * im + turn_im * minus_re), reduced(turn_re * re + turn_im * im)
    minus_turn = less(0, turn_im)
    return reduced(minus_turn * im + turn_re * minus_re), reduced(minus_turn * re + turn_re * im)


@compiled
def exact_gain(
    sites: Sites,
    code: IntArray,
    weight: IntArray,
    reference: BoolArray,
    re: IntArray,
    im: IntArray,
    turn: IntArray,
    diagonal: IntArray,
    factor: IntArray,
) -> None:
    """Fill the blocks of HᵀWH. re, im: (entries,) of S by conj(change of voltage); turn: (sites, 2); weight: (rows,), 0: left out."""
    diagonal[:] = 0
    factor[:] = 0
    widest = widest_site(sites)
    da, dm = np.empty(widest, np.int64), np.empty(widest, np.int64)
    for s in range(len(sites.own)):
        first, count = sites.start[s], sites.start[s + 1] - sites.start[s]
        for r in range(sites.row_start[s], sites.row_start[s + 1]):
            if weight[r] == 0:
                continue
            at = sites.pair_start[s]
            for k in range(count):
                n, e = sites.node[first + k], first + k
                da[k], dm[k] = no_load_row(code[r], n == sites.own[s], re[e], im[e], turn[s, 0], turn[s, 1])
                if reference[n]:
                    da[k] = 0
                wa, wm = reduced(weight[r] * da[k]), reduced(weight[r] * dm[k])
                diagonal[n, 0, 0] = reduced(diagonal[n, 0, 0] + wa * da[k])
                diagonal[n, 0, 1] = reduced(diagonal[n, 0, 1] + wa * dm[k])
                diagonal[n, 1, 1] = reduced(diagonal[n, 1, 1] + wm * dm[k])
                for t in range(k):
                    p = sites.pair[at + t]
                    factor[p, 0, 0] = reduced(factor[p, 0, 0] + wa * da[t])
                    factor[p, 0, 1] = reduced(factor[p, 0, 1] + wa * dm[t])
                    factor[p, 1, 0] = reduced(factor[p, 1, 0] + wm * da[t])
                    factor[p, 1, 1] = reduced(factor[p, 1, 1] + wm * dm[t])
                at += k
    for n in range(len(reference)):
        if reference[n]:
            diagonal[n, 0, 0] = 1


@compiled
def exact_factors(pattern: Pattern, diagonal: IntArray, factor: IntArray, lean: IntArray, lost: BoolArray) -> int:
    """Overwrite `factor` with L; mark the unknowns that nothing determines in lost (nodes, 2). Returns how many.

    A zero pivot leaves a column of zeros, as the weights are random. lean: (nodes,) how far the angle goes with a lost magnitude.
    """
    low, low_row, row_start, row_column, row_place = pattern
    count, open_unknowns = len(diagonal), 0
    work, inverse = np.zeros((count, 2, 2), np.int64), np.zeros((count, 2, 2), np.int64)
    for k in range(count):
        d00, d01, d11 = diagonal[k, 0, 0], diagonal[k, 0, 1], diagonal[k, 1, 1]
        for q in range(row_start[k], row_start[k + 1]):
            i, p = row_column[q], row_place[q]
            work[i, 0, 0], work[i, 0, 1] = factor[p, 0, 0], factor[p, 1, 0]
            work[i, 1, 0], work[i, 1, 1] = factor[p, 0, 1], factor[p, 1, 1]
        for q in range(row_start[k], row_start[k + 1]):
            i, own = row_column[q], row_place[q]
            y00, y01, y10, y11 = work[i, 0, 0], work[i, 0, 1], work[i, 1, 0], work[i, 1, 1]
            if y00 | y01 | y10 | y11:
                for p in range(low[i], own):
                    r = low_row[p]
                    work[r, 0, 0] = less(work[r, 0, 0], reduced(factor[p, 0, 0] * y00 + factor[p, 0, 1] * y10))
                    work[r, 0, 1] = less(work[r, 0, 1], reduced(factor[p, 0, 0] * y01 + factor[p, 0, 1] * y11))
                    work[r, 1, 0] = less(work[r, 1, 0], reduced(factor[p, 1, 0] * y00 + factor[p, 1, 1] * y10))
                    work[r, 1, 1] = less(work[r, 1, 1], reduced(factor[p, 1, 0] * y01 + factor[p, 1, 1] * y11))
            i00, i01, i11 = inverse[i, 0, 0], inverse[i, 0, 1], inverse[i, 1, 1]
            l00, l01 = reduced(y00 * i00 + y10 * i01), reduced(y00 * i01 + y10 * i11)
            l10, l11 = reduced(y01 * i00 + y11 * i01), reduced(y01 * i01 + y11 * i11)
            factor[own, 0, 0], factor[own, 0, 1], factor[own, 1, 0], factor[own, 1, 1] = l00, l01, l10, l11
            d00 = less(d00, reduced(l00 * y00 + l01 * y10))
            d01 = less(d01, reduced(l00 * y01 + l01 * y11))
            d11 = less(d11, reduced(l10 * y01 + l11 * y11))
        lost[k, 0] = d00 == 0
        first = 0 if d00 == 0 else inverted(d00)
        share = reduced(d01 * first)
        rest = less(d11, reduced(share * d01))
        lost[k, 1] = rest == 0
        second = 0 if rest == 0 else inverted(rest)
        lean[k] = less(0, share)
        inverse[k, 1, 1] = second
        inverse[k, 0, 1] = inverse[k, 1, 0] = reduced(lean[k] * second)
        inverse[k, 0, 0] = reduced(first + reduced(share * share) * second)
        open_unknowns += int(lost[k, 0]) + int(lost[k, 1])
    return open_unknowns


@compiled
def null_vectors(pattern: Pattern, factor: IntArray, lean: IntArray, lost: BoolArray, x: IntArray) -> None:
    """Overwrite random numbers x (nodes, 2, vectors) with random changes of the state that no row sees."""
    low, low_row = pattern.low, pattern.low_row
    for j in range(len(x) - 1, -1, -1):
        for c in range(x.shape[2]):
            b = x[j, 1, c] if lost[j, 1] else 0
            a = x[j, 0, c] if lost[j, 0] else reduced(lean[j] * b)
            for p in range(low[j], low[j + 1]):
                r = low_row[p]
                a = less(a, reduced(factor[p, 0, 0] * x[r, 0, c] + factor[p, 1, 0] * x[r, 1, c]))
                b = less(b, reduced(factor[p, 0, 1] * x[r, 0, c] + factor[p, 1, 1] * x[r, 1, c]))
            x[j, 0, c], x[j, 1, c] = a, b
