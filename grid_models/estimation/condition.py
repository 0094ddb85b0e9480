"""How ill-conditioned is the gain matrix? Digits lost by its factors: about as many as its condition number has.

The exact rows' weights are part of it, as they are of the matrix that is factorised.
"""

import numpy as np
from scipy.sparse import diags_array
from scipy.sparse.linalg import LinearOperator, onenormest

from grid_models.estimation.derivative_matrix import derivative_matrix
from grid_models.estimation.equations_kernel import Rows
from grid_models.estimation.layout import Layout
from grid_models.estimation.row_variance import gain_factors
from grid_models.estimation.sparse_kernel import solve
from grid_models.twin.model import FloatArray


def condition_number(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> float:
    """In the 1-norm, the inverse's estimated from a few solutions (Higham and Tisseur 2000); infinite where the factors break down."""
    of = gain_factors(layout, rows, theta, vm)
    if not _whole(of.inverse):
        return float("inf")
    free = np.ones((len(theta), 2))
    free[layout.reference, 0] = 0.0

    def solution(right: FloatArray) -> FloatArray:
        x = right.reshape(len(theta), 2) * free
        solve(layout.pattern, of.factor, of.inverse, x)
        return (x * free).ravel()

    size = 2 * len(theta)
    operator = LinearOperator((size, size), matvec=solution, rmatvec=solution, dtype=np.float64)
    matrix, _ = derivative_matrix(layout, rows, theta, vm)
    gain = matrix.T @ (diags_array(rows.weight) @ matrix)
    return float(onenormest(operator)) * float(abs(gain).sum(axis=0).max())


def least_condition_number(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> float:
    """A lower bound in the 2-norm at no cost beyond the factors: largest diagonal entry over smallest pivot."""
    of = gain_factors(layout, rows, theta, vm)
    if not _whole(of.inverse):
        return float("inf")
    free = np.column_stack([~layout.reference, np.ones(len(theta), dtype=bool)])
    return float(of.diagonal[:, (0, 1), (0, 1)][free].max() * of.inverse[:, (0, 1), (0, 1)][free].max())


def _whole(inverse: FloatArray) -> bool:
    """No pivot was refused: those after it would be left zero."""
    return bool(np.all(inverse[:, 1, 1] > 0.0))
