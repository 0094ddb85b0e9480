"""Compiled Gauss-Newton steps of the weighted least squares with equality constraints, until the voltages stand still.

Constraints are kept exactly by multipliers among the unknowns (`saddle.py`).
Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

import numpy as np

from grid_models.compiled import compiled
from grid_models.estimation.codes import CURRENT
from grid_models.estimation.equations_kernel import Rows, Sites, linearise
from grid_models.estimation.sparse_kernel import Pattern, factorise, solve
from grid_models.twin.model import BoolArray, FloatArray

CONVERGED, STEPS_USED_UP, SINGULAR = range(3)
_KEPT = 1e-3  # largest change [rad or pu] after which the factors of the step before are good enough
_POOR = 0.1  # share of the change before: kept factors that shrink it less are no longer good enough
_LONGEST = 0.6  # largest change of one step: beyond it the linear model means nothing


@compiled
def gauss_newton(
    sites: Sites,
    rows: Rows,
    pattern: Pattern,
    reference: BoolArray,
    dual: BoolArray,
    theta: FloatArray,
    vm: FloatArray,
    expected: FloatArray,
    flat: bool,
    huber: float,
    steps: int,
    tolerance: float,
) -> tuple[int, int, float]:
    """Overwrite theta, vm and expected with the estimate. Returns (outcome, steps done, J).

    flat: the start knows nothing, so currents, which have no direction there, join by and by: their variance is widened by the last change.
    """
    count = len(theta)
    diagonal, inverse = np.empty((count, 2, 2)), np.zeros((count, 2, 2))
    factor, change = np.empty((len(pattern.low_row), 2, 2)), np.empty((count, 2))
    multiplier = np.zeros((count, 2))
    largest, kept = np.inf, False
    slack = np.inf if flat and np.any(rows.code >= CURRENT) else 0.0
    for step in range(steps):
        slack = min(slack, largest**2) if largest > _KEPT else 0.0
        objective, broken = linearise(
            sites, rows, reference, dual, theta, vm, multiplier, huber, not kept, slack, True, diagonal, factor, change, expected
        )
        if largest < tolerance and broken < tolerance:
            return CONVERGED, step, objective
        if not objective < np.inf:
            return STEPS_USED_UP, step, objective
        if not kept and factorise(pattern, dual, diagonal, factor, inverse) >= 0:
            return SINGULAR, step, objective
        solve(pattern, factor, inverse, change)
        before, largest = largest, 0.0
        for n in range(count):
            if not dual[n]:
                largest = max(largest, abs(change[n, 0]), abs(change[n, 1]))
        if not largest < np.inf:
            return STEPS_USED_UP, step, objective
        share = min(1.0, _LONGEST / max(largest, tolerance))
        for n in range(count):
            if dual[n]:
                multiplier[n] += share * change[n]
            else:
                theta[n] += share * change[n, 0]
                vm[n] = max(vm[n] + share * change[n, 1], 0.05)
        kept = slack == 0.0 and largest < _KEPT and not (kept and largest > _POOR * before)
    return STEPS_USED_UP, steps, np.inf
