"""What the twin is told about the plant, and the state it concludes from it.

The interface of a control centre: telemetry goes in, a `GridState` comes out. Values are exact here; noise, pseudo-measurements and
estimation come behind the same function.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import ARRAY_FIELDS, GridState


@dataclass(frozen=True, eq=False)
class Measurements:
    """One telemetry set. `taken_at` is wall UTC, `plant_time` the plant's clock; `values` by the names of a state's arrays."""

    plant_time: datetime
    taken_at: datetime
    values: Mapping[str, BoolArray | IntArray | FloatArray]


def state_from(model: GridModel, measurements: Measurements) -> GridState:
    """The grid state the measurements describe."""
    return GridState(
        model=model,
        plant_time=measurements.plant_time,
        **{name: measurements.values[name].copy() for name in ARRAY_FIELDS},  # type: ignore[arg-type]  # which array is which is told by name
    )
