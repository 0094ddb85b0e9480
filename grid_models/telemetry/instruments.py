"""Which meters a grid has: what each reads, how exactly, in which band, and which station it reports to."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from grid_models.telemetry.accuracy import accuracy_of
from grid_models.telemetry.full_scale import FullScales, full_scales
from grid_models.telemetry.meter_places import Place, meter_places
from grid_models.telemetry.plausible import plausible_band
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.telemetry.stations import stations_of
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray, Names


@dataclass(frozen=True, eq=False)
class Instruments:
    """Columns of equal length, one row a meter; rows of one quantity lie together.

    quantity, element: as in a MeasurementSet.  sigma: standard deviation of what is published, in the quantity's unit: the chain's and
    the dead band's together.  dead_band: the published value stays while the reading is within it.  full_scale: never zero.
    low, high: plausible band.  station: row of `stations`, whose RTU reports the meter.  is_pmu: reports by itself, with phasors.
    """

    stations: Names
    quantity: IntArray
    element: IntArray
    sigma: FloatArray
    dead_band: FloatArray
    full_scale: FloatArray
    low: FloatArray
    high: FloatArray
    station: IntArray
    is_pmu: BoolArray

    def __len__(self) -> int:
        return len(self.quantity)

    @property
    def reading_sigma(self) -> FloatArray:
        """Standard deviation before the dead band, whose uniform variance band²/3 is part of `sigma`."""
        return np.sqrt(np.maximum(self.sigma**2 - self.dead_band**2 / 3.0, 0.0))

    def where(self, chosen: BoolArray | IntArray) -> Self:
        """The meters chosen by a mask or by numbers."""
        columns = {f.name: getattr(self, f.name)[chosen] for f in fields(self) if f.name != "stations"}
        return replace(self, **columns)

    def rows_of(self, *quantities: Quantity) -> IntArray:
        """Rows of these quantities."""
        return np.flatnonzero(np.isin(self.quantity, quantities))


def instruments_of(model: GridModel, seed: int = 0) -> Instruments:
    """The meters of a grid, drawn deterministically from its content and the seed: the same in every process."""
    places = [p for p in sorted(meter_places(model, seed), key=lambda p: p.quantity) if len(p.element)]
    scales = full_scales(model)
    stations, station_of_bus = stations_of(model)
    return _joined(stations, [_meters(model, place, scales, stations, station_of_bus) for place in places])


def bus_of(model: GridModel, quantity: Quantity, element: IntArray) -> IntArray:
    """(rows,) the bus where each meter stands; branch positions and taps report from the from side."""
    match SPECS[quantity].table:
        case "buses":
            return element
        case "branches":
            at_to = quantity in (Quantity.P_TO, Quantity.Q_TO, Quantity.I_TO, Quantity.I_ANGLE_TO)
            return (model.branches.to_bus if at_to else model.branches.from_bus)[element]
        case table:
            return np.asarray(getattr(model, table).bus[element], dtype=np.int64)


def _meters(model: GridModel, place: Place, scales: FullScales, stations: Names, station_of_bus: IntArray) -> Instruments:
    accuracy = accuracy_of(place.quantity, place.is_pmu)
    full_scale = _full_scale(model, place, scales)
    band = accuracy.dead_band_share * full_scale
    low, high = plausible_band(model, place.quantity, place.element, full_scale)
    return Instruments(
        stations=stations,
        quantity=np.full(len(place.element), place.quantity, dtype=np.int64),
        element=place.element,
        sigma=np.hypot(accuracy.sigma_share * full_scale, band / np.sqrt(3.0)),
        dead_band=band,
        full_scale=full_scale,
        low=low,
        high=high,
        station=station_of_bus[bus_of(model, place.quantity, place.element)],
        is_pmu=np.full(len(place.element), place.is_pmu),
    )


def _full_scale(model: GridModel, place: Place, scales: FullScales) -> FloatArray:
    """(rows,) in the quantity's unit; 1 for voltages (nominal), angles, positions and echoes."""
    kv = model.buses.nominal_kv[bus_of(model, place.quantity, place.element)]
    match place.quantity:
        case Quantity.P_FROM | Quantity.Q_FROM:
            return scales.from_mva[place.element]
        case Quantity.P_TO | Quantity.Q_TO:
            return scales.to_mva[place.element]
        case Quantity.I_FROM:
            return np.asarray(scales.from_mva[place.element] / (np.sqrt(3.0) * kv))
        case Quantity.I_TO:
            return np.asarray(scales.to_mva[place.element] / (np.sqrt(3.0) * kv))
        case Quantity.P_LOAD | Quantity.Q_LOAD:
            return scales.load_mva[place.element]
        case Quantity.P_GENERATOR | Quantity.Q_GENERATOR | Quantity.P_AVAILABLE:
            return scales.generator_mva[place.element]
        case Quantity.P_INFEED | Quantity.Q_INFEED:
            return scales.infeed_mva[place.element]
        case _:
            return np.ones(len(place.element))


def _joined(stations: Names, parts: Sequence[Instruments]) -> Instruments:
    columns = [f.name for f in fields(Instruments) if f.name != "stations"]
    return Instruments(stations, *(np.concatenate([getattr(p, c) for p in parts]) for c in columns))
