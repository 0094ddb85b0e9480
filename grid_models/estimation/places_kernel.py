"""Compiled search for the pattern of the gain matrix: which nodes meet in an equation, and where their block lies in the factors.

Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

import numpy as np

from grid_models.compiled import compiled
from grid_models.twin.model import IntArray


@compiled
def pairs_of(count: int, start: IntArray, node: IntArray) -> tuple[IntArray, IntArray]:
    """Lower neighbours of every node, from the ascending nodes of every site: (nodes + 1,) starts and the neighbours, repeated ones too."""
    size = np.zeros(count + 1, np.int64)
    for s in range(len(start) - 1):
        for e in range(start[s], start[s + 1]):
            size[node[e] + 1] += e - start[s]
    for n in range(count):
        size[n + 1] += size[n]
    found, fill = np.empty(size[count], np.int64), size[:-1].copy()
    for s in range(len(start) - 1):
        for e in range(start[s], start[s + 1]):
            for t in range(start[s], e):
                found[fill[node[e]]] = node[t]
                fill[node[e]] += 1
    return size, found


@compiled
def places_of(start: IntArray, node: IntArray, low: IntArray, low_row: IntArray) -> tuple[IntArray, IntArray]:
    """Place of the block of each pair of entries of a site: (sites,) starts, and for every entry its pairs with the entries before it."""
    pair_start, total = np.zeros(len(start) - 1, np.int64), 0
    for s in range(len(start) - 1):
        pair_start[s] = total
        size = start[s + 1] - start[s]
        total += size * (size - 1) // 2
    pair, at = np.empty(total, np.int64), 0
    for s in range(len(start) - 1):
        for e in range(start[s], start[s + 1]):
            for t in range(start[s], e):
                first, end = low[node[t]], low[node[t] + 1]
                pair[at] = first + np.searchsorted(low_row[first:end], node[e])
                at += 1
    return pair_start, pair
