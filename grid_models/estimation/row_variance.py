"""How much of what a row reads do the other rows know already? h G⁻¹ hᵀ of every row, from the inverse on the factors' pattern only."""

import numpy as np

from grid_models.estimation.equations_kernel import Rows, explained, linearise
from grid_models.estimation.layout import Layout
from grid_models.estimation.sparse_kernel import factorise, inverse_on_pattern
from grid_models.twin.model import FloatArray


def explained_variance(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    """(rows,) [pu²] at the given voltages; never forms a matrix of rows × rows (Takahashi's sparse inverse)."""
    own, cross = covariance_blocks(layout, rows, theta, vm)
    return explained(layout.sites, rows, layout.reference, theta, vm, own, cross)


def covariance_blocks(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Covariance of the states: (live, 2, 2) of each node, and (places, 2, 2) of the pairs that meet in an equation."""
    factor, _, inverse = gain_factors(layout, rows, theta, vm)
    return inverse_on_pattern(layout.pattern, factor, inverse)


def gain_factors(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """L, the diagonal of G and D⁻¹ at the given voltages."""
    live, pattern = len(theta), layout.pattern
    diagonal, inverse = np.empty((live, 2, 2)), np.zeros((live, 2, 2))
    factor, gradient = np.empty((len(pattern.low_row), 2, 2)), np.empty((live, 2))
    multiplier, expected = np.zeros(len(rows.code)), np.empty(len(rows.code))
    linearise(
        layout.sites, rows, layout.reference, theta, vm, multiplier, 0.0, True, 0.0, False, False, diagonal, factor, gradient, expected
    )
    factorise(pattern, diagonal, factor, inverse)
    return factor, diagonal, inverse
