"""What is connected, tapped and switched according to the measurements: positions and echoes over the grid's own start."""

import numpy as np

from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import GridState

_TOLD = tuple(q for q in Quantity if q.is_position or q.is_echo)


def positions_of(model: GridModel, measurements: MeasurementSet, known: GridState | None = None) -> GridState:
    """`known` (the source's start by default) with every position and set-point that is measured; later rows win."""
    state = known or GridState.at_start(model)
    told = np.flatnonzero(measurements.quantity >= Quantity.SWITCH_CLOSED)
    if not len(told):
        return state
    arrays: dict[str, BoolArray | IntArray | FloatArray] = {}
    quantity, element, value = measurements.quantity[told], measurements.element[told], measurements.value[told]
    for of in _TOLD:
        rows = quantity == of
        if rows.any():
            name = SPECS[of].array
            changed = getattr(state, name).copy()
            changed[element[rows]] = value[rows].astype(changed.dtype)
            arrays[name] = changed
    return state.with_arrays(plant_time=None, **arrays)
