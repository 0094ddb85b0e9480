"""What would each row see of small changes around the idle grid? Its equations there, in the exact numbers of `rank_kernel.py`.

Idle means the same voltage everywhere (behind phase shifters) and no current: then S into a branch is w · conj(change here - change there),
with w the conjugate of the series admittance. What shunts and losses betray of the voltage's level is no observation: they are too small to
tell it (engineering judgement; power-grid-model, too, refuses a grid without any voltage measured).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import coo_array, csr_array

from grid_models.estimation.layout import Layout
from grid_models.estimation.network import Network
from grid_models.estimation.rank_kernel import PRIME, exact_factors, exact_gain, null_vectors
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray

_SEED = 31
_RATIO_BITS = 16  # of the smaller part of w over the larger: 1.5e-5, below the accuracy of any line data
_MANTISSA_BITS = 24


@dataclass(frozen=True, eq=False)
class Unseen:
    """What a set of rows leaves open. unknowns: how many.  change: (nodes, 2, vectors) random changes of angle and magnitude that no row
    sees, exact numbers in the layout's order."""

    unknowns: int
    change: IntArray


def unseen(layout: Layout, used: BoolArray | None = None, vectors: int = 2) -> Unseen:
    """`used`: (rows,) False where a row is left out."""
    re, im, turn = _equations(layout)
    rng, count, code = np.random.default_rng(_SEED), len(layout.order), layout.table.code
    weight = rng.integers(1, PRIME, len(code))
    if used is not None:
        weight[~used] = 0
    diagonal, factor = np.empty((count, 2, 2), np.int64), np.empty((len(layout.pattern.low_row), 2, 2), np.int64)
    lean, lost = np.empty(count, np.int64), np.empty((count, 2), np.bool_)
    exact_gain(layout.sites, code, weight, layout.reference, re, im, turn, diagonal, factor)
    unknowns = exact_factors(layout.pattern, diagonal, factor, lean, lost)
    change = np.zeros((count, 2, 0), np.int64)
    if unknowns:
        change = rng.integers(0, PRIME, (count, 2, vectors))
        null_vectors(layout.pattern, factor, lean, lost, change)
    return Unseen(unknowns, change)


@lru_cache(maxsize=4)
def _equations(layout: Layout) -> tuple[IntArray, IntArray, IntArray]:
    """re, im: (entries,) of every site, and turn: (sites, 2), the direction in which a current flows, the same at both ends of a branch."""
    network, sites, table = layout.network, layout.sites, layout.table
    live, branches = len(network.node), len(network.branch)
    site = np.unique(table.site)
    kind = np.digitize(site, (live, 2 * live))
    of_entry = np.repeat(np.arange(len(site)), np.diff(sites.start))
    branch = np.where(kind == 2, (site - 2 * live) % max(branches, 1), 0)
    own = sites.node == sites.own[of_entry]
    parts = []
    for w in exact_series(network):
        found = np.zeros(len(of_entry), dtype=np.int64)
        at_end, at_node = kind[of_entry] == 2, kind[of_entry] == 1
        found[at_end] = np.where(own[at_end], w[branch[of_entry[at_end]]], PRIME - w[branch[of_entry[at_end]]])
        if at_node.any():
            found[at_node] = _laplacian(network, layout.order, w)[sites.own[of_entry[at_node]], sites.node[at_node]]
        parts.append(found % PRIME)
    turn = np.random.default_rng(_SEED + 1).integers(1, PRIME, (max(branches, 1), 2))[branch]
    return parts[0], parts[1], turn


def _laplacian(network: Network, order: IntArray, w: IntArray) -> csr_array:
    f, t = order[network.ends[0]], order[network.ends[1]]
    rows, columns = np.concatenate([f, t, f, t]), np.concatenate([f, t, t, f])
    values = np.concatenate([w, w, PRIME - w, PRIME - w])
    return csr_array(coo_array((values, (rows, columns)), shape=(len(order), len(order))))


def exact_series(network: Network) -> tuple[IntArray, IntArray]:
    """Real and imaginary part of w: (live branches,) of each as exact numbers; their ratio, and zeros, as the branch has them."""
    w = series(network)
    re_leads = np.abs(w.real) > np.abs(w.imag)
    large, small = np.where(re_leads, w.real, w.imag), np.where(re_leads, w.imag, w.real)
    ratio = np.round(small / large * 2**_RATIO_BITS).astype(np.int64)
    size = _exact(np.abs(large))
    sign = np.where(large < 0, -1, 1)
    large_exact, small_exact = (sign * size * 2**_RATIO_BITS) % PRIME, (sign * size * ratio) % PRIME
    return np.where(re_leads, large_exact, small_exact), np.where(re_leads, small_exact, large_exact)


def series(network: Network) -> ComplexArray:
    """(live branches,) conjugate of the series admittance over the ratio [pu]: the root of y_ft · y_tf, where the phase shift cancels."""
    y_ft, y_tf = network.y_other
    root = np.sqrt(y_ft * y_tf)
    root = np.where((root * np.conj(y_ft)).real > 0, -root, root)
    return np.asarray(np.conj(root), dtype=np.complex128)


def _exact(value: FloatArray) -> IntArray:
    """Positive numbers, 2³¹ being 1."""
    mantissa, exponent = np.frexp(value)
    found = (np.round(mantissa * 2**_MANTISSA_BITS).astype(np.int64) << (exponent % 31)) % PRIME
    return np.asarray(found, dtype=np.int64)
