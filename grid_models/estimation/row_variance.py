"""How much of what a row reads do the other rows know already? h G⁻¹ hᵀ of every row, without a matrix of rows × rows.

Three ways, the quickest that is accurate enough: from the inverse on the factors' pattern (Takahashi), by substitution, by the augmented
form. Exact rows beside short lines need the second at some nodes, standard deviations 1e4 apart the third.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.errors import AeipError
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

# Distance of GZ from 1 at a node: rows between better ones were off by 3e-4 of their own variance at most, while no node is worse than the
# second; beyond it errors run on to nodes that look well.
_DOUBTFUL, _HOPELESS = 1e-5, 1e-1
# The shares of all rows add up to the number of unknowns left by constraints. On case14 and case118 with sigmas to 1e-5 of the others no
# share is off by more than 1e-3 while their sum is off by less than this.
_SUM_OFF = 1e-2
_MOST_AUGMENTED = 3_000  # rows; each costs a solution, some 40 ms on 2,869 buses


class TooStiff(AeipError):
    """Equations so different in size that nothing can be said about single measurements."""


@dataclass(frozen=True, eq=False)
class Factors:
    """G = L D Lᵀ: diagonal and lower blocks of G, those of L, and D⁻¹."""

    diagonal: FloatArray
    lower: FloatArray
    factor: FloatArray
    inverse: FloatArray


def explained_variance(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    """(rows,) [pu²] at the given voltages. Raises TooStiff where no way is accurate enough in bearable time."""
    found = _by_factors(layout, rows, theta, vm)
    if found is not None:
        return found
    if len(rows.code) > _MOST_AUGMENTED:
        raise TooStiff(
            f"The {len(rows.code)} equations of '{layout.network.model.name}' are too stiff to say how certain each measurement is; "
            "standard deviations that are less far apart, or longer lines, would help."
        )
    return augmented_explained(layout, rows, theta, vm)


def well_conditioned(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> bool:
    """The factors of the gain matrix are accurate enough for variances."""
    return _by_factors(layout, rows, theta, vm) is not None


def _by_factors(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray | None:
    """From the inverse on the pattern with its doubtful rows by substitution, else all by substitution; None where that fails too."""
    of, saddle = gain_factors(layout, rows, theta, vm), layout.saddle
    pattern, sites, reference = saddle.pattern, saddle.sites, saddle.reference
    theta, vm = saddle.spread(theta, 0.0), saddle.spread(vm, 1.0)
    own, cross = inverse_on_pattern(pattern, of.factor, of.inverse)
    found = explained_by_inverse(sites, rows, reference, theta, vm, own, cross)
    doubtful = _doubtful_rows(layout, inverse_errors(pattern, of.diagonal, of.lower, own, cross))
    for chosen in (doubtful, np.ones(len(found), dtype=bool)):
        if chosen.any():
            explain_by_substitution(sites, rows, reference, pattern, theta, vm, of.factor, of.inverse, chosen, found)
        if _adds_up(layout, rows, found):
            return np.asarray(np.maximum(found, 0.0))  # what constraints determine has none but for rounding
    return None


def _doubtful_rows(layout: Layout, error: FloatArray) -> BoolArray:
    """(rows,) those at a node where the inverse is not accurate; all where it is hopeless somewhere."""
    sites = layout.saddle.sites
    if not error.max(initial=0.0) < _HOPELESS:  # also NaN
        return np.ones(len(layout.table), dtype=bool)
    worst = np.maximum.reduceat(error[sites.node], sites.start[:-1])
    return np.asarray(np.repeat(worst > _DOUBTFUL, np.diff(sites.row_start)), dtype=np.bool_)


def _adds_up(layout: Layout, rows: Rows, explained: FloatArray) -> bool:
    free = layout.states - int(np.count_nonzero(rows.exact & (rows.weight > 0)))
    return abs(float((rows.weight * explained)[~rows.exact].sum()) - free) < _SUM_OFF  # False for NaN


def node_covariance(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    """(live, 2, 2) covariance of angle and magnitude of each node, in the layout's order [rad, pu]."""
    of = gain_factors(layout, rows, theta, vm)
    return np.asarray(inverse_on_diagonal(layout.saddle.pattern, of.factor, of.inverse)[layout.saddle.place])


def gain_factors(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> Factors:
    """At the given voltages, multiplier nodes included; D⁻¹ is zero from the node on whose pivot is refused."""
    of = layout.saddle
    count, pattern = len(of.dual), of.pattern
    diagonal, inverse = np.empty((count, 2, 2)), np.zeros((count, 2, 2))
    factor, gradient, expected = np.empty((len(pattern.low_row), 2, 2)), np.empty((count, 2)), np.empty(len(rows.code))
    theta, vm = of.spread(theta, 0.0), of.spread(vm, 1.0)
    idle = np.zeros((count, 2))
    linearise(of.sites, rows, of.reference, of.dual, theta, vm, idle, 0.0, True, 0.0, False, diagonal, factor, gradient, expected)
    lower = factor.copy()
    factorise(pattern, of.dual, diagonal, factor, inverse)
    return Factors(diagonal, lower, factor, inverse)
