"""What does a fault do to a published set? Pure: a set goes in, a set comes out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from grid_models.telemetry.faults import (
    DeadSource,
    Drift,
    Fault,
    Frozen,
    GrossError,
    InvalidFault,
    LostRtu,
    TimeSkew,
    WrongStatus,
)
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import InvalidMeasurement, Measurement, MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import FloatArray, GridModel, IntArray

_SECONDS_AN_HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class BoundFault:
    """A fault and the rows of the published set that it touches; `held` is the set at its start, for what stands still."""

    fault: Fault
    rows: IntArray
    since: datetime
    held: MeasurementSet | None = None


def bound(fault: Fault, model: GridModel, instruments: Instruments, plant_time: datetime) -> BoundFault:
    """A fault tied to its rows. Raises InvalidFault where the plant has no such meter, position or station."""
    return BoundFault(fault, _rows(fault, model, instruments), fault.since or plant_time)


def armed(fault: BoundFault, published: MeasurementSet, plant_time: datetime) -> BoundFault:
    """The fault with what it holds, as soon as it acts: the set before it was touched."""
    if fault.held is not None or not fault.fault.active(plant_time) or not isinstance(fault.fault, Frozen | LostRtu):
        return fault
    return replace(fault, held=published.where(fault.rows))


def faulted(published: MeasurementSet, faults: tuple[BoundFault, ...], plant_time: datetime) -> MeasurementSet:
    """The set after every fault that acts at this plant time, in order."""
    for fault in faults:
        if fault.fault.active(plant_time):
            published = _EFFECTS[fault.fault.kind](published, fault, plant_time)
    return published


def _rows(fault: Fault, model: GridModel, instruments: Instruments) -> IntArray:
    if isinstance(fault, DeadSource):
        return np.zeros(0, dtype=np.int64)
    if isinstance(fault, LostRtu | TimeSkew):
        return _rows_of_station(fault.station, instruments)
    if isinstance(fault, WrongStatus) and (not fault.quantity.is_position or fault.quantity in (Quantity.TAP, Quantity.SHUNT_STEP)):
        raise InvalidFault(f"A {SPECS[fault.quantity].words} has no opposite; a breaker or an element in service would work.")
    return _rows_of_meter(fault.quantity, fault.element, model, instruments)


def _rows_of_station(station: str, instruments: Instruments) -> IntArray:
    if station not in instruments.stations:
        shown = ", ".join(instruments.stations[:5])
        raise InvalidFault(f"No station '{station}' reports to this control centre; {len(instruments.stations)} do, for example {shown}.")
    return np.flatnonzero((instruments.station == instruments.stations.index(station)) & ~instruments.is_pmu)


def _rows_of_meter(quantity: Quantity, element: str, model: GridModel, instruments: Instruments) -> IntArray:
    """The SCADA meter's row; the phasor unit's where there is no other."""
    try:
        number = int(MeasurementSet.of(model, [Measurement(quantity, element, 0.0)]).element[0])
    except InvalidMeasurement as error:
        raise InvalidFault(str(error)) from error
    rows = np.flatnonzero((instruments.quantity == quantity) & (instruments.element == number))
    if not len(rows):
        there = sorted({Quantity(int(q)).name for q in instruments.quantity[_same_table(instruments, quantity, number)]})
        raise InvalidFault(f"No meter reads the {SPECS[quantity].words} of {element}; those there read {', '.join(there) or 'nothing'}.")
    ours = rows[~instruments.is_pmu[rows]]
    return ours if len(ours) else rows


def _same_table(instruments: Instruments, quantity: Quantity, number: int) -> IntArray:
    tables = np.array([SPECS[Quantity(int(q))].table == SPECS[quantity].table for q in instruments.quantity], dtype=bool)
    return np.flatnonzero(tables & (instruments.element == number))


def _with_values(published: MeasurementSet, fault: BoundFault, value: FloatArray | float) -> MeasurementSet:
    column = published.value.copy()
    column[fault.rows] = value
    return replace(published, value=column)


def _with_times(published: MeasurementSet, fault: BoundFault, time_s: FloatArray) -> MeasurementSet:
    column = published.time_s.copy()
    column[fault.rows] = time_s
    return replace(published, time_s=column)


def _gross_error(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    error = fault.fault
    assert isinstance(error, GrossError)
    value = published.value[fault.rows] + (error.offset or 0.0) if error.value is None else error.value
    return _with_values(published, fault, value)


def _drift(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    assert isinstance(fault.fault, Drift)
    hours = (at - fault.since).total_seconds() / _SECONDS_AN_HOUR
    return _with_values(published, fault, published.value[fault.rows] + fault.fault.per_hour * hours)


def _frozen(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    return published if fault.held is None else _with_values(published, fault, fault.held.value)


def _sign_flip(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    return _with_values(published, fault, -published.value[fault.rows])


def _wrong_status(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    return _with_values(published, fault, 1.0 - published.value[fault.rows])


def _lost_rtu(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    """The last scan was before the start: an RTU said to be lost since four minutes ago is four minutes old at once."""
    if fault.held is None:
        return published
    stopped = np.minimum(fault.held.time_s, fault.since.timestamp())
    return _with_times(_with_values(published, fault, fault.held.value), fault, stopped)


def _time_skew(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    assert isinstance(fault.fault, TimeSkew)
    return _with_times(published, fault, published.time_s[fault.rows] + fault.fault.seconds)


def _dead_source(published: MeasurementSet, fault: BoundFault, at: datetime) -> MeasurementSet:
    return published.where(np.zeros(0, dtype=np.int64))


_EFFECTS: dict[str, Callable[[MeasurementSet, BoundFault, datetime], MeasurementSet]] = {
    "gross_error": _gross_error,
    "drift": _drift,
    "frozen": _frozen,
    "sign_flip": _sign_flip,
    "wrong_status": _wrong_status,
    "lost_rtu": _lost_rtu,
    "time_skew": _time_skew,
    "dead_source": _dead_source,
}
