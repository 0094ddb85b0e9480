"""Which voltages explain the rows best, by which equations? The normal ones, or the augmented ones where those are too inaccurate."""

from typing import Literal

import numpy as np

from grid_models.estimation.augmented import Iterated, augmented_gauss_newton
from grid_models.estimation.codes import CURRENT
from grid_models.estimation.equations_kernel import Rows
from grid_models.estimation.layout import Layout
from grid_models.estimation.newton_kernel import CONVERGED, gauss_newton
from grid_models.estimation.row_variance import well_conditioned
from grid_models.twin.model import FloatArray

Method = Literal["auto", "normal", "augmented"]

MAX_STEPS = 40
TOLERANCE = 1e-8  # largest last change, rad and pu
HUBER = 1.5  # standard deviations: 96 % efficiency on Gaussian errors (Huber 1981)


def iterated(layout: Layout, rows: Rows, warm: tuple[FloatArray, FloatArray] | None, robust: bool, method: Method) -> Iterated:
    """Where the iterations end, converged or not; warm: angles and magnitudes to begin from, left for idle ones if they lead nowhere."""
    found = _from(warm or layout.start, warm is None, layout, rows, robust, method)
    if found.outcome == CONVERGED or warm is None:
        return found
    return _from(layout.start, True, layout, rows, robust, method)


def _from(start: tuple[FloatArray, FloatArray], flat: bool, layout: Layout, rows: Rows, robust: bool, method: Method) -> Iterated:
    if method == "augmented":
        return _augmented(start, flat, layout, rows, robust)
    found = _normal(start, flat, layout, rows, robust)
    if method == "normal" or found.outcome == CONVERGED:
        return found
    currents_first = flat and bool(np.any(rows.code >= CURRENT))  # where only currents tell, the normal equations cannot begin without them
    if not currents_first and well_conditioned(layout, rows, *start):
        return found
    return _augmented(start, flat, layout, rows, robust)


def _normal(start: tuple[FloatArray, FloatArray], flat: bool, layout: Layout, rows: Rows, robust: bool) -> Iterated:
    of, expected, huber = layout.saddle, np.empty(len(rows.code)), HUBER if robust else 0.0
    theta, vm = of.spread(start[0], 0.0), of.spread(start[1], 1.0)
    outcome, steps, objective = gauss_newton(
        of.sites, rows, of.pattern, of.reference, of.dual, theta, vm, expected, flat, huber, MAX_STEPS, TOLERANCE
    )
    return Iterated(int(outcome), int(steps), theta[of.place], vm[of.place], expected, float(objective), "normal")


def _augmented(start: tuple[FloatArray, FloatArray], flat: bool, layout: Layout, rows: Rows, robust: bool) -> Iterated:
    return augmented_gauss_newton(layout, rows, *start, flat=flat, huber=HUBER if robust else 0.0, steps=MAX_STEPS, tolerance=TOLERANCE)
