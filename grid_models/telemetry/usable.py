"""Can a set that somebody built be used at all? Every row names an element of its table, and its numbers are numbers."""

import numpy as np

from grid_models.telemetry.measurement_set import InvalidMeasurement, MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray


def require_usable(model: GridModel, measurements: MeasurementSet) -> None:
    """Raises InvalidMeasurement naming the first row that cannot be."""
    known = np.isin(measurements.quantity, [int(q) for q in Quantity])
    _require(known, "has the quantity {0}, which does not exist", measurements.quantity)
    size = np.zeros(max(Quantity) + 1, dtype=np.int64)
    for quantity, spec in SPECS.items():
        size[quantity] = len(getattr(model, spec.table))
    exists = (measurements.element >= 0) & (measurements.element < size[measurements.quantity])
    _require(exists, f"names element {{0}}, which its table of '{model.name}' does not have", measurements.element)
    analogue = measurements.quantity < Quantity.SWITCH_CLOSED
    _require(np.isfinite(measurements.value) | ~analogue, "has the value {0}, which is no number", measurements.value)
    _require(np.isfinite(measurements.sigma) & (measurements.sigma >= 0), "has the standard deviation {0}", measurements.sigma)


def _require(fine: BoolArray, said: str, column: FloatArray | IntArray) -> None:
    if not fine.all():
        row = int(np.argmin(fine))
        raise InvalidMeasurement(f"Measurement {row} {said.format(column[row])}; a set of `MeasurementSet.of` would have said so.")
