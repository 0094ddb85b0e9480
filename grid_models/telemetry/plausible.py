"""Which values can a meter show at all: the plausible band of each quantity."""

import numpy as np

from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import FloatArray, GridModel, IntArray

# Engineering judgement. Temporary overvoltages stay below 1.5 pu; three times the full scale is more than any load a relay lets stand.
_VOLTAGE_PU = (-0.02, 1.5)
_TIMES_FULL_SCALE = 3.0
_ANGLE_DEGREE = 360.0
_SETPOINT_PU = (0.5, 1.5)
_NEGATIVE_CURRENT = -0.02  # of full scale: noise around zero
ANY_MW = 1e5  # without a full scale: a hundred gigawatts is more than any element

_ANGLES = (Quantity.V_ANGLE, Quantity.I_ANGLE_FROM, Quantity.I_ANGLE_TO)
_CURRENTS = (Quantity.I_FROM, Quantity.I_TO)
_SETPOINTS = (Quantity.GENERATOR_VM_SETPOINT, Quantity.INFEED_VM_SETPOINT)


def plausible_band(model: GridModel, quantity: Quantity, element: IntArray, full_scale: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(rows,) lowest and highest plausible value, in the quantity's unit."""
    if quantity is Quantity.TAP:
        return model.branches.tap_min[element].astype(float), model.branches.tap_max[element].astype(float)
    if quantity is Quantity.SHUNT_STEP:
        most = np.maximum(model.shunts.max_step, model.start.shunt_step)  # some sources start beyond their own maximum
        return np.zeros(len(element)), most[element].astype(float)
    low, high = _band(quantity)
    if low is None or high is None:
        floor = _NEGATIVE_CURRENT if quantity in _CURRENTS else -_TIMES_FULL_SCALE
        return full_scale * floor, full_scale * _TIMES_FULL_SCALE
    return np.full(len(element), low), np.full(len(element), high)


def _band(quantity: Quantity) -> tuple[float, float] | tuple[None, None]:
    """The band where it is the same for every element."""
    if quantity is Quantity.V:
        return _VOLTAGE_PU
    if quantity in _ANGLES:
        return -_ANGLE_DEGREE, _ANGLE_DEGREE
    if quantity in _SETPOINTS:
        return _SETPOINT_PU
    if quantity.is_position:
        return 0.0, 1.0
    if quantity is Quantity.LOAD_SHED:
        return 0.0, ANY_MW
    if quantity.is_echo:
        return -ANY_MW, ANY_MW
    return None, None
