"""Why is a measurement refused: one check a reason, each a mask over the rows of a set."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.telemetry.door_memory import DoorMemory
from grid_models.telemetry.gauges import Gauges
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quality, Quantity
from grid_models.telemetry.refusals import Reason
from grid_models.telemetry.unit_checks import suspicious_unit
from grid_models.twin.model import BoolArray, FloatArray, IntArray

# All engineering judgement.
_CLOCK_S = 5.0  # stations' clocks may be ahead by one scan
_JUMP_PU = 0.15  # no switching of a live grid moves a voltage so far at once; losing or getting supply does
_DEAD_PU = 0.1  # below this there is no supply
_SAME_PU = 0.05  # a second reading this near confirms the jump
_TAP_STEPS = 2  # positions at once
_TAP_S = 3.0  # a tap changer takes three to ten seconds a position


@dataclass(frozen=True, eq=False)
class AtTheDoor:
    """A set and what it is checked against."""

    measurements: MeasurementSet
    gauges: Gauges
    memory: DoorMemory
    key: IntArray
    now_s: float
    max_age_s: float
    ordered_taps: IntArray | None

    @cached_property
    def analogue(self) -> BoolArray:
        return self.measurements.quantity <= Quantity.P_AVAILABLE

    @cached_property
    def last(self) -> FloatArray:
        """(rows,) last good value of the same meter, NaN where none is known."""
        return self.memory.of(self.key, self.memory.value)

    @cached_property
    def last_s(self) -> FloatArray:
        return self.memory.of(self.key, self.memory.time_s)

    @cached_property
    def too_old(self) -> BoolArray:
        return np.asarray(self.now_s - self.measurements.time_s > self.max_age_s)

    @cached_property
    def outside(self) -> BoolArray:
        """Beyond the plausible band, or a position between two; what is no number is beyond nothing."""
        value, quantity = self.measurements.value, self.measurements.quantity
        position = (quantity >= Quantity.SWITCH_CLOSED) & (quantity <= Quantity.SHUNT_STEP)
        between = position & np.isfinite(value) & (value != np.round(value))
        return np.asarray((value < self.gauges.low) | (value > self.gauges.high) | between)


def first_reason(came: AtTheDoor) -> IntArray:
    """(rows,) the first reason to refuse each row, 0 for none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        masks = [check(came) for check in CHECKS.values()]
    return np.select(masks, [int(r) for r in CHECKS], 0).astype(np.int64)


def _unknown(came: AtTheDoor) -> BoolArray:
    return ~came.gauges.exists


def _no_number(came: AtTheDoor) -> BoolArray:
    m = came.measurements
    follows_schedule = (m.quantity >= Quantity.LOAD_SHED) & np.isnan(m.value)
    usable = np.isfinite(m.value) | follows_schedule
    return np.asarray(~(usable & np.isfinite(m.sigma) & (m.sigma >= 0) & np.isfinite(m.time_s)))


def _invalid(came: AtTheDoor) -> BoolArray:
    return np.asarray(came.measurements.quality == Quality.INVALID)


def _future(came: AtTheDoor) -> BoolArray:
    return np.asarray(came.measurements.time_s > came.now_s + _CLOCK_S)


def _stale(came: AtTheDoor) -> BoolArray:
    """Positions and echoes are reported when they change: old ones stand as last known."""
    return came.too_old & came.analogue


def _late(came: AtTheDoor) -> BoolArray:
    return np.asarray(came.measurements.time_s < came.last_s - 1e-6)


def _unit(came: AtTheDoor) -> BoolArray:
    return suspicious_unit(came.measurements, came.gauges, came.last, came.outside)


def _range(came: AtTheDoor) -> BoolArray:
    return came.outside


def _jump(came: AtTheDoor) -> BoolArray:
    """Voltages and taps that move faster than they can, until a second reading repeats it. Flows may jump: breakers move."""
    m, pending = came.measurements, came.memory.of(came.key, came.memory.pending)
    moved = np.abs(m.value - came.last)
    supplied = (m.value > _DEAD_PU) & (came.last > _DEAD_PU)
    volts = (m.quantity == Quantity.V) & supplied & (moved > _JUMP_PU) & ~(np.abs(m.value - pending) <= _SAME_PU)
    steps = _TAP_STEPS + np.maximum(m.time_s - came.last_s, 0.0) / _TAP_S
    ordered = np.zeros(len(m), dtype=bool) if came.ordered_taps is None else np.isin(m.element, came.ordered_taps)
    taps = (m.quantity == Quantity.TAP) & ~ordered & (moved > steps) & ~(m.value == pending)
    return np.asarray(volts | taps)


# In the order in which they are asked; SUPERSEDED comes after them, in `door.py`.
CHECKS: dict[Reason, Callable[[AtTheDoor], BoolArray]] = {
    Reason.UNKNOWN: _unknown,
    Reason.NO_NUMBER: _no_number,
    Reason.INVALID: _invalid,
    Reason.FUTURE: _future,
    Reason.STALE: _stale,
    Reason.LATE: _late,
    Reason.UNIT: _unit,
    Reason.RANGE: _range,
    Reason.JUMP: _jump,
}
