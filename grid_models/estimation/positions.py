"""What is connected, tapped and switched according to the measurements: positions and echoes over the grid's own start."""

import numpy as np

from grid_models.telemetry.measurement_set import InvalidMeasurement, MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import GridState

_TOLD = tuple(q for q in Quantity if q.is_position or q.is_echo)


def positions_of(model: GridModel, measurements: MeasurementSet, known: GridState | None = None) -> GridState:
    """`known` (the source's start by default) with every position and set-point that is measured; later rows win.

    Raises InvalidMeasurement for a tap position that the transformer does not have.
    """
    state = known or GridState.at_start(model)
    told = np.flatnonzero(measurements.quantity >= Quantity.SWITCH_CLOSED)
    if not len(told):
        return state
    arrays: dict[str, BoolArray | IntArray | FloatArray] = {}
    quantity, element, value = measurements.quantity[told], measurements.element[told], measurements.value[told]
    for of in _TOLD:
        rows = quantity == of
        if rows.any():
            if of is Quantity.TAP:
                _check_taps(model, element[rows], value[rows])
            name = SPECS[of].array
            changed = getattr(state, name).copy()
            changed[element[rows]] = value[rows].astype(changed.dtype)
            arrays[name] = changed
    return state.with_arrays(plant_time=None, **arrays)


def _check_taps(model: GridModel, branch: IntArray, position: FloatArray) -> None:
    """The door refuses them one by one; a set without a door must not index beyond the table of taps."""
    low, high = model.branches.tap_min[branch], model.branches.tap_max[branch]
    off = np.flatnonzero(~((position >= low) & (position <= high) & (position == np.round(position))))
    if len(off):
        i = off[0]
        raise InvalidMeasurement(
            f"Tap position {position[i]:g} of {model.branches.name[branch[i]]} does not exist; "
            f"a whole number from {low[i]} to {high[i]} would work."
        )
