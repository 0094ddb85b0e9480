"""What is known of the meter behind each measurement: its band, full scale and station."""

from dataclasses import dataclass

import numpy as np

from grid_models.telemetry.instruments import Instruments, bus_of
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.plausible import ANY_MW, plausible_band
from grid_models.telemetry.quantities import SPECS, Quantity, Source
from grid_models.telemetry.stations import stations_of
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray, Names

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Gauges:
    """Columns beside a set's.

    exists: the row names a quantity and an element of the grid.  low, high: plausible band.  full_scale: NaN where no meter is known.
    station: row of `stations`, or NOWHERE.
    """

    stations: Names
    exists: BoolArray
    low: FloatArray
    high: FloatArray
    full_scale: FloatArray
    station: IntArray


def gauges_of(measurements: MeasurementSet, instruments: Instruments | None, model: GridModel) -> Gauges:
    """Known meters by what they read; of others the loose band of their quantity and the station of their bus."""
    count = len(measurements)
    exists = _exists(measurements, model)
    low, high, full_scale = np.full(count, -np.inf), np.full(count, np.inf), np.full(count, np.nan)
    station = np.full(count, NOWHERE, dtype=np.int64)
    known = np.zeros(count, dtype=bool)
    stations: Names = ()
    if instruments is not None:
        stations = instruments.stations
        known, meter = _meters(measurements, instruments)
        for column, name in ((low, "low"), (high, "high"), (full_scale, "full_scale"), (station, "station")):
            column[known] = getattr(instruments, name)[meter[known]]
    if (strange := exists & ~known).any():
        stations, of_bus = stations_of(model)
        for quantity in np.unique(measurements.quantity[strange]):
            rows = np.flatnonzero(strange & (measurements.quantity == quantity))
            element, kind = measurements.element[rows], Quantity(int(quantity))
            low[rows], high[rows] = plausible_band(model, kind, element, np.full(len(rows), ANY_MW))
            station[rows] = of_bus[bus_of(model, kind, element)]
    return Gauges(stations, exists, low, high, full_scale, station)


def _exists(measurements: MeasurementSet, model: GridModel) -> BoolArray:
    size = np.zeros(max(Quantity) + 1, dtype=np.int64)
    for quantity, spec in SPECS.items():
        size[quantity] = len(getattr(model, spec.table))
    numbered = (measurements.quantity >= 0) & (measurements.quantity <= max(Quantity))
    most = size[np.where(numbered, measurements.quantity, 0)]
    return numbered & (measurements.element >= 0) & (measurements.element < most)


def _meters(measurements: MeasurementSet, instruments: Instruments) -> tuple[BoolArray, IntArray]:
    """Is there a meter of this kind, and its row. A phasor unit and a SCADA meter of one value are two."""
    ours = _code(instruments.quantity, instruments.element, instruments.is_pmu)
    asked = _code(measurements.quantity, measurements.element, measurements.source == Source.PMU)
    order = np.argsort(ours, kind="stable")
    at = order[np.minimum(np.searchsorted(ours, asked, sorter=order), len(ours) - 1)]
    return ours[at] == asked, at


def _code(quantity: IntArray, element: IntArray, is_pmu: BoolArray) -> IntArray:
    return np.asarray(((quantity * 2 + is_pmu) << 32) + element, dtype=np.int64)
