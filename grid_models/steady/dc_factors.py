"""How do angles and flows answer to one MW somewhere? The factors of the DC model's matrix, and blocks of its inverse on demand."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from grid_models.twin.model import BoolArray, FloatArray, IntArray

_Half = tuple[IntArray, IntArray, FloatArray]  # a triangular matrix by columns: starts, rows, values


@dataclass(frozen=True, eq=False)
class DcFactors:
    """LU factors of the susceptance matrix of the free nodes (those whose angle no infeed fixes).

    free: (free,) node numbers.  place: (nodes,) row of each node, one past the last where it is held or dead.
    lu: None where nothing is free.
    """

    free: IntArray
    place: IntArray
    lu: Any

    def solve(self, injection_mw: FloatArray) -> FloatArray:
        """(cases, free) injections → (cases, free) angles [rad]."""
        if self.lu is None:
            return np.zeros_like(injection_mw)
        return np.ascontiguousarray(self.lu.solve(np.ascontiguousarray(injection_mw.T)).T)

    def flows_per_mw(self, into: IntArray, out_of: IntArray, ends: tuple[IntArray, IntArray], susceptance: FloatArray) -> FloatArray:
        """(cases, columns): by how much 1 MW from node `into` to node `out_of` of each case changes the flows between `ends`.

        Nodes are given as rows (`place`); a held node balances whatever is injected. The block solved at once is the caller's choice:
        some 32 cases keep it in the processor's cache.
        """
        from grid_models.steady.dc_kernel import flows_of_angles, solve_many  # numba: 0.2 s that a single power flow does not need

        cases = np.arange(len(into))
        block = np.zeros((len(self.free) + 1, len(into)))
        order, column_order = self._halves[2:]
        np.add.at(block, (order[into], cases), 1.0)
        np.add.at(block, (order[out_of], cases), -1.0)
        block[-1] = 0.0  # held nodes
        if self.lu is not None:
            solve_many(*self._halves[0], *self._halves[1], block[:-1])
        flows = np.empty((len(into), len(susceptance)))
        flows_of_angles(block, column_order[ends[0]], column_order[ends[1]], susceptance, flows)
        return flows

    @cached_property
    def _halves(self) -> tuple[_Half, _Half, IntArray, IntArray]:
        """L, U, and where a row lies before and after the permuted solve; the row of held nodes stays last."""
        size = len(self.free)
        last = np.array([size], dtype=np.int64)
        if self.lu is None:
            empty = (np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
            return empty, empty, last, last
        return _half(self.lu.L), _half(self.lu.U), np.append(self.lu.perm_r, last), np.append(self.lu.perm_c, last)


def _half(matrix: Any) -> _Half:
    by_column = matrix.tocsc()
    by_column.sort_indices()
    return by_column.indptr.astype(np.int64), by_column.indices.astype(np.int64), by_column.data.astype(np.float64)


def factorised(from_node: IntArray, to_node: IntArray, susceptance_mw: FloatArray, free: BoolArray) -> DcFactors:
    """The factors of a grid; from_node, to_node, susceptance_mw: (branches,), free: (nodes,)."""
    rows = np.flatnonzero(free)
    held = len(rows)
    place = np.full(len(free), held, dtype=np.int64)
    place[rows] = np.arange(held)
    if not held:
        return DcFactors(rows, place, None)
    f, t = place[from_node], place[to_node]
    i, j = np.concatenate([f, t, f, t]), np.concatenate([f, t, t, f])
    value = np.concatenate([susceptance_mw, susceptance_mw, -susceptance_mw, -susceptance_mw])
    inside = (i < held) & (j < held) & (value != 0)
    matrix = coo_array((value[inside], (i[inside], j[inside])), shape=(held, held)).tocsc()
    return DcFactors(rows, place, splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}))
