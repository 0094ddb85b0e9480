"""What the twin is told about the plant, and the state it concludes from it.

The interface of a control centre: telemetry goes in, a `GridState` comes out. Values are exact here; noise, pseudo-measurements and
estimation come behind the same function.
"""

from dataclasses import dataclass
from datetime import datetime

from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import ARRAY_FIELDS, GridState


@dataclass(frozen=True, eq=False)
class Measurements:
    """One telemetry set, in the order of the model's tables. `taken_at` is wall UTC, `plant_time` the plant's clock."""

    plant_time: datetime
    taken_at: datetime
    switch_closed: BoolArray
    branch_on: BoolArray
    load_on: BoolArray
    generator_on: BoolArray
    infeed_on: BoolArray
    tap: IntArray
    load_p_mw: FloatArray
    load_q_mvar: FloatArray
    load_shed_mw: FloatArray
    generator_p_mw: FloatArray
    generator_q_mvar: FloatArray
    generator_vm_pu: FloatArray
    generator_p_setpoint_mw: FloatArray
    generator_q_setpoint_mvar: FloatArray
    infeed_vm_pu: FloatArray
    shunt_step: IntArray


def state_from(model: GridModel, measurements: Measurements) -> GridState:
    """The grid state the measurements describe."""
    return GridState(model=model, plant_time=measurements.plant_time, **{name: getattr(measurements, name).copy() for name in ARRAY_FIELDS})
