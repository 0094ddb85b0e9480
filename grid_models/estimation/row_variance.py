"""How much of what a row reads do the other rows know already? h G⁻¹ hᵀ of every row, without a matrix of rows × rows.

Three ways, the quickest that is accurate enough: from the inverse on the factors' pattern (Takahashi), by substitution, by the augmented
form. Exact rows beside short lines need the second (case2869pegase with zero injections: the first says 1e14 for shares between 0 and 1),
standard deviations 1e4 apart the third.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.estimation.augmented import augmented_explained
from grid_models.estimation.equations_kernel import Rows, linearise
from grid_models.estimation.explained_kernel import (
    explain_by_substitution,
    explained_by_inverse,
    inverse_errors,
    inverse_on_diagonal,
)
from grid_models.estimation.layout import Layout
from grid_models.estimation.sparse_kernel import factorise, inverse_on_pattern
from grid_models.twin.model import BoolArray, FloatArray

# How far GZ is from 1 at a node. Measured on case14 to case2869pegase, plain, with zero injections, with lines of 1e-4 and 1e-5 pu and
# sigmas to 1e-3 of the others: rows between nodes better than the first are off by 3e-4 of their own variance at most, while no node is
# worse than the second.
_DOUBTFUL, _USELESS = 1e-5, 1e-1
# The shares of all rows add up to the number of unknowns. On case14 and case118 with sigmas to 1e-5 of the others no share is off by more
# than 1e-3 while their sum is off by less than this.
_SUM_OFF = 1e-2


@dataclass(frozen=True, eq=False)
class Factors:
    """G = L D Lᵀ: diagonal and lower blocks of G, those of L, and D⁻¹."""

    diagonal: FloatArray
    lower: FloatArray
    factor: FloatArray
    inverse: FloatArray


def explained_variance(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    """(rows,) [pu²] at the given voltages."""
    found = _by_factors(layout, rows, theta, vm)
    return found if _adds_up(layout, rows, found) else augmented_explained(layout, rows, theta, vm)


def well_conditioned(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> bool:
    """The factors of the gain matrix are accurate enough for variances."""
    return _adds_up(layout, rows, _by_factors(layout, rows, theta, vm))


def _by_factors(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    of, pattern, sites, reference = gain_factors(layout, rows, theta, vm), layout.pattern, layout.sites, layout.reference
    own, cross = inverse_on_pattern(pattern, of.factor, of.inverse)
    found = explained_by_inverse(sites, rows, reference, theta, vm, own, cross)
    doubtful = _doubtful_rows(layout, inverse_errors(pattern, of.diagonal, of.lower, own, cross))
    if doubtful.any():
        explain_by_substitution(sites, rows, reference, pattern, theta, vm, of.factor, of.inverse, doubtful, found)
    return found


def _doubtful_rows(layout: Layout, error: FloatArray) -> BoolArray:
    """(rows,) those at a node where the inverse is not accurate; all where it is so wrong that it tells nothing of itself."""
    if not error.max(initial=0.0) < _USELESS:  # also NaN
        return np.ones(len(layout.table), dtype=bool)
    sites = layout.sites
    worst = np.maximum.reduceat(error[sites.node], sites.start[:-1])
    return np.asarray(np.repeat(worst > _DOUBTFUL, np.diff(sites.row_start)), dtype=np.bool_)


def _adds_up(layout: Layout, rows: Rows, explained: FloatArray) -> bool:
    return abs(float(rows.weight @ explained) - layout.states) < _SUM_OFF  # False for NaN


def node_covariance(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    """(live, 2, 2) covariance of angle and magnitude of each node, in the layout's order [rad, pu]."""
    of = gain_factors(layout, rows, theta, vm)
    return inverse_on_diagonal(layout.pattern, of.factor, of.inverse)


def gain_factors(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> Factors:
    """Of the gain matrix at the given voltages; D⁻¹ is zero from the node on whose pivot is refused."""
    live, pattern = len(theta), layout.pattern
    diagonal, inverse = np.empty((live, 2, 2)), np.zeros((live, 2, 2))
    factor, gradient = np.empty((len(pattern.low_row), 2, 2)), np.empty((live, 2))
    multiplier, expected = np.zeros(len(rows.code)), np.empty(len(rows.code))
    linearise(
        layout.sites, rows, layout.reference, theta, vm, multiplier, 0.0, True, 0.0, False, False, diagonal, factor, gradient, expected
    )
    lower = factor.copy()
    factorise(pattern, diagonal, factor, inverse)
    return Factors(diagonal, lower, factor, inverse)
