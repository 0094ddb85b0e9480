"""How ill-conditioned is the matrix that is factorised? Digits lost by its factors: about as many as its condition number has.

With exact rows it is the matrix of states and multipliers (`saddle.py`).
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, onenormest

from grid_models.estimation.equations_kernel import Rows
from grid_models.estimation.layout import Layout
from grid_models.estimation.row_variance import Factors, gain_factors
from grid_models.estimation.sparse_kernel import Pattern, solve
from grid_models.twin.model import FloatArray


def condition_number(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> float:
    """In the 1-norm, the inverse's estimated from a few solutions (Higham and Tisseur 2000); infinite where the factors break down."""
    of, saddle = gain_factors(layout, rows, theta, vm), layout.saddle
    if not np.all(of.inverse[:, 1, 1] != 0.0):  # a pivot was refused: those after it are left zero
        return float("inf")
    free = np.ones((len(saddle.dual), 2))
    free[saddle.reference, 0] = 0.0

    def solution(right: FloatArray) -> FloatArray:
        x = right.reshape(free.shape) * free
        solve(saddle.pattern, of.factor, of.inverse, x)
        return (x * free).ravel()

    operator = LinearOperator((free.size, free.size), matvec=solution, rmatvec=solution, dtype=np.float64)
    return float(onenormest(operator)) * float((_column_sums(saddle.pattern, of) * free).max())


def _column_sums(pattern: Pattern, of: Factors) -> FloatArray:
    """(nodes, 2) sums of the absolute values of every column, from the blocks on and below the diagonal."""
    column = np.repeat(np.arange(len(of.diagonal)), np.diff(pattern.low))
    total: FloatArray = np.abs(of.diagonal).sum(axis=1)
    np.add.at(total, column, np.abs(of.lower).sum(axis=1))
    np.add.at(total, pattern.low_row, np.abs(of.lower).sum(axis=2))
    return total
