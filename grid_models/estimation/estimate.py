"""What is the state of the grid, given what was measured? Weighted least squares, with what each measurement's residual says.

Minimises J = Σ ((z - h(x)) / σ)² over angles and magnitudes of the live nodes, subject to the exact rows (Abur and Gómez-Expósito,
Power System State Estimation, 2004, chapters 2 and 5). Callable without any plant:

>>> from grid_models.telemetry.measurement_set import InvalidMeasurement, Measurement, MeasurementSet
from grid_models.telemetry.quantities import Quality
from grid_models.telemetry.usable import require_usable
>>> from grid_models.telemetry.quantities import Quantity
>>> from grid_models.twin.source import load_grid
>>> model = load_grid("case9").model
>>> flows = [Measurement(q, name, 0.0, 1.0) for name in model.branches.name for q in (Quantity.P_FROM, Quantity.Q_FROM)]
>>> found = estimate(model, MeasurementSet.of(model, [*flows, Measurement(Quantity.V, "Bus 1", 1.0, 0.01)]))
>>> found.dof, found.converged
(2, True)
"""

from collections.abc import Sequence
from typing import get_args

import numpy as np

from grid_models.errors import AeipError
from grid_models.estimation.exact_rows import dependent, said_differently
from grid_models.estimation.iterations import Method, iterated
from grid_models.estimation.layout import Layout, layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.newton_kernel import CONVERGED, SINGULAR
from grid_models.estimation.observability import observability, observability_without
from grid_models.estimation.observable_part import carried_over, observable_part
from grid_models.estimation.positions import positions_of
from grid_models.estimation.result import Estimate
from grid_models.telemetry.measurement_set import InvalidMeasurement, Measurement, MeasurementSet
from grid_models.telemetry.quantities import Quality
from grid_models.telemetry.usable import require_usable
from grid_models.twin.model import BoolArray, GridModel
from grid_models.twin.state import GridState


class EstimationDiverged(AeipError):
    """The measurements contradict each other or the model so much that the estimation finds no state."""


def estimate(
    model: GridModel,
    measurements: MeasurementSet | Sequence[Measurement],
    *,
    threshold: float = 3.0,
    confidence: float = 0.95,
    zero_injections: bool = False,
    robust: bool = False,
    start: Estimate | None = None,
    known: GridState | None = None,
    partial: bool = False,
    method: Method = "auto",
) -> Estimate:
    """The estimate of one set of measurements; nothing is removed from it.

    threshold: normalised residuals above it are suspects.  confidence: of the chi-square limit of J.  zero_injections: nodes without any
    load, machine or infeed inject exactly nothing (a measurement with sigma 0 says so too).  robust: Huber's weights.  start: an estimate
    of the same grid to begin from.  known: positions where none is measured, the source's own by default.  partial: where not everything is
    observable, estimate the observable islands, as if there were nothing else; voltages elsewhere are NaN, and the angles of an island
    without a known one are relative to its own reference.  method: see `solved`.
    Measurements of quality INVALID are left out. Magnitudes of current have two answers each: where little else is measured the estimate
    may be the other one.
    Raises NotObservable (with the buses that are not and which meters are missing), EstimationDiverged, InvalidMeasurement.
    """
    given = measurements if isinstance(measurements, MeasurementSet) else MeasurementSet.of(model, list(measurements))
    require_usable(model, given)
    _require_sense(threshold, confidence, method)
    network = network_of(positions_of(model, given, known))
    layout = layout_of(network, given, zero_injections)
    return solved(
        layout,
        given,
        threshold=threshold,
        confidence=confidence,
        robust=robust,
        start=start,
        used=_valid(layout, given),
        partial=partial,
        method=method,
    )


def _require_sense(threshold: float, confidence: float, method: str) -> None:
    if not 0 < threshold < float("inf"):
        raise InvalidMeasurement(f"The threshold {threshold} of normalised residuals is no positive number; 3 is usual.")
    if not 0 < confidence < 1:
        raise InvalidMeasurement(f"The confidence {confidence} is not between 0 and 1; 0.95 is usual.")
    if method not in get_args(Method):
        raise InvalidMeasurement(f"There is no method '{method}'; {', '.join(get_args(Method))} exist.")


def _valid(layout: Layout, given: MeasurementSet) -> BoolArray | None:
    """(rows,) False where a measurement is INVALID by its own source; None where all are good."""
    bad = given.quality == Quality.INVALID
    if not bad.any():
        return None
    used = np.ones(len(layout.table), dtype=bool)
    used[layout.table.entry_row[bad[layout.table.entry_measurement]]] = False
    return used


def solved(
    layout: Layout,
    measurements: MeasurementSet,
    *,
    threshold: float = 3.0,
    confidence: float = 0.95,
    robust: bool = False,
    start: Estimate | None = None,
    used: BoolArray | None = None,
    partial: bool = False,
    method: Method = "auto",
) -> Estimate:
    """The estimate on a known layout; `used`: (rows,) False where a row is left out. Raises NotObservable, EstimationDiverged.

    partial: on the layout of the observable islands (the estimate's own `layout`) where not everything is observable.
    method: by the normal equations or the augmented form; auto: by the augmented form where the normal equations break down (a pivot
    below 1e-13 of its diagonal, or no convergence). Where they converge their voltages are right to 1e-8 however ill-conditioned, as each
    step begins from exact residuals.
    """
    seen = observability(layout)
    if not seen.observable:
        if not (partial and seen.islands):
            raise seen.error(len(measurements))
        part = observable_part(seen, measurements)
        used = None if used is None else carried_over(used, layout, part)
        layout = part
    rows = layout.rows(measurements, used)
    if twice := said_differently(layout, rows, measurements):
        raise EstimationDiverged(twice)
    found = iterated(layout, rows, start.voltages_for(layout) if start and _same_grid(start, layout) else None, robust, method)
    if found.outcome == SINGULAR and used is not None and not (left := observability_without(layout, used)).observable:
        raise left.error(int(used.sum()))
    if found.outcome != CONVERGED:
        raise EstimationDiverged(
            f"The estimation of '{layout.network.model.name}' from {len(measurements)} measurements found no state in {found.steps} steps; "
            + (dependent(layout, rows) or "grossly wrong values or positions do that, and leaving them out would help.")
        )
    return Estimate(
        measurements=measurements,
        layout=layout,
        rows=rows,
        theta=found.theta,
        vm=found.vm,
        expected=found.expected,
        j=found.j,
        iterations=found.steps,
        threshold=threshold,
        confidence=confidence,
        robust=robust,
        method=found.method,
    )


def _same_grid(start: Estimate, layout: Layout) -> bool:
    return start.layout.network.model is layout.network.model
