"""Compiled choice of candidates that see different things, in the exact numbers of `rank_kernel.py`.

Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

import numpy as np

from grid_models.compiled import compiled
from grid_models.estimation.rank_kernel import inverted, less, reduced
from grid_models.twin.model import BoolArray, IntArray


@compiled
def independent(seen: IntArray, whole: bool) -> BoolArray:
    """(candidates,) those to take. seen: (candidates, vectors), two by two.  whole: the vectors span everything that is open.

    First the pairs that both add something, then single ones; where the vectors are only a part, no pair may be refused for want of them.
    """
    count, vectors = seen.shape
    taken, basis, lead = np.zeros(count, np.bool_), np.zeros((vectors, vectors), np.int64), np.zeros(vectors, np.int64)
    size, left = 0, np.zeros(vectors, np.int64)
    for pairs in (True, False):
        for c in range(0, count, 2):
            if not whole and size >= vectors - 1:
                return taken
            before = size
            for m in range(c, c + 2):
                if taken[m] or size == vectors:
                    continue
                left[:] = seen[m]
                if adds(left, basis, lead, size):
                    taken[m] = True
                    size += 1
            if pairs and size == before + 1:  # half a pair: undo
                size = before
                taken[c : c + 2] = False
    return taken


@compiled
def adds(left: IntArray, basis: IntArray, lead: IntArray, size: int) -> bool:
    """Reduce a row by those chosen; where something is left it becomes the next of them."""
    for b in range(size):
        much = left[lead[b]]
        if much:
            for v in range(len(left)):
                left[v] = less(left[v], reduced(much * basis[b, v]))
    for v in range(len(left)):
        if left[v]:
            scale = inverted(left[v])
            for u in range(len(left)):
                basis[size, u] = reduced(scale * left[u])
            lead[size] = v
            return True
    return False
