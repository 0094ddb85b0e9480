"""Each fault does to the published set what its name says, from its start to its end, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from grid_models.errors import NotOnline
from grid_models.telemetry.door import admit
from grid_models.telemetry.faults import (
    FAULT,
    DeadSource,
    Drift,
    Frozen,
    GrossError,
    InvalidFault,
    LostRtu,
    SignFlip,
    TimeSkew,
    WrongStatus,
)
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant


class Clock:
    """A wall clock that tests turn by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def later(self, **how_much: float) -> None:
        self.time += timedelta(**how_much)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plant(default_grid: Grid, tmp_path: Path, clock: Clock) -> SimulatedPlant:
    return SimulatedPlant(default_grid, tmp_path, clock)


@pytest.fixture
def twin(default_grid: Grid, tmp_path: Path, clock: Clock) -> SimulatedPlant:
    """The same plant, in which nothing goes wrong."""
    return SimulatedPlant(default_grid, tmp_path / "twin", clock)


def _meter(plant: SimulatedPlant, quantity: Quantity, rank: int = 0) -> tuple[int, str]:
    """Row and element name of a meter with a large reading."""
    rows = plant.instruments.rows_of(quantity)
    value = np.abs(SimulatedPlant.telemetry(plant).measurements.value[rows])
    row = int(rows[np.argsort(-value)[rank]])
    return row, plant.model.branches.name[plant.instruments.element[row]]


def _moved(faulty: MeasurementSet, sound: MeasurementSet) -> set[int]:
    same = np.isclose(faulty.value, sound.value, equal_nan=True, rtol=0, atol=1e-12)
    return set(np.flatnonzero(~same).tolist())


def test_a_gross_error_moves_one_meter_only(plant: SimulatedPlant, twin: SimulatedPlant) -> None:
    """By its offset, or to its value."""
    row, name = _meter(plant, Quantity.P_FROM)
    twin.telemetry()
    plant.inject(GrossError(quantity=Quantity.P_FROM, element=name, offset=40.0))
    faulty, sound = plant.telemetry().measurements, twin.telemetry().measurements
    assert _moved(faulty, sound) == {row}
    assert faulty.value[row] - sound.value[row] == pytest.approx(40.0)
    plant.inject(GrossError(quantity=Quantity.P_FROM, element=name, value=-7.0))
    assert plant.telemetry().measurements.value[row] == -7.0
    plant.clear_faults()
    assert not _moved(plant.telemetry().measurements, twin.telemetry().measurements)


def test_a_drift_grows_by_the_hour(plant: SimulatedPlant, twin: SimulatedPlant, clock: Clock) -> None:
    """Nothing at the start, twice the rate after two hours."""
    row, name = _meter(plant, Quantity.P_FROM)
    twin.telemetry()
    plant.inject(Drift(quantity=Quantity.P_FROM, element=name, per_hour=5.0))
    assert not _moved(plant.telemetry().measurements, twin.telemetry().measurements)
    clock.later(hours=2)
    assert plant.telemetry().measurements.value[row] - twin.telemetry().measurements.value[row] == pytest.approx(10.0)


def test_a_frozen_meter_repeats_its_first_value_as_if_it_were_new(plant: SimulatedPlant, clock: Clock) -> None:
    """Three hours later the value is the old one and its time is new; cleared, it lives again."""
    row, name = _meter(plant, Quantity.P_FROM)
    plant.inject(Frozen(quantity=Quantity.P_FROM, element=name))
    first = plant.telemetry().measurements
    clock.later(hours=3)
    later = plant.telemetry().measurements
    assert later.value[row] == first.value[row]
    assert later.time_s[row] - first.time_s[row] > 3 * 3600 - 10
    plant.clear_faults()
    assert plant.telemetry().measurements.value[row] != first.value[row]


def test_a_sign_flip_and_a_wrong_status_report_the_opposite(plant: SimulatedPlant, twin: SimulatedPlant, default_grid: Grid) -> None:
    """The other sign; open instead of closed."""
    row, name = _meter(plant, Quantity.P_FROM)
    twin.telemetry()
    switch = default_grid.model.switches.name[3]
    plant.inject(SignFlip(quantity=Quantity.P_FROM, element=name))
    plant.inject(WrongStatus(quantity=Quantity.SWITCH_CLOSED, element=switch))
    faulty, sound = plant.telemetry().measurements, twin.telemetry().measurements
    assert faulty.value[row] == -sound.value[row]
    position = int(plant.instruments.rows_of(Quantity.SWITCH_CLOSED)[3])
    assert _moved(faulty, sound) == {row, position}
    assert {faulty.value[position], sound.value[position]} == {0.0, 1.0}


def test_a_lost_rtu_grows_old_and_its_phasors_go_on(plant: SimulatedPlant, clock: Clock) -> None:
    """The station's values and times stand still; other stations and its phasor unit do not."""
    station = "EHV_HV_substation_1"
    plant.inject(LostRtu(station=station))
    first = plant.telemetry().measurements
    clock.later(minutes=4)
    later = plant.telemetry().measurements
    meters = plant.instruments
    lost = (meters.station == meters.stations.index(station)) & ~meters.is_pmu
    assert lost.sum() > 10
    assert np.array_equal(later.value[lost], first.value[lost], equal_nan=True)
    assert (later.time_s[lost] == first.time_s[lost]).all()
    assert (later.time_s[~lost] > first.time_s[~lost]).all()


def test_an_rtu_lost_in_the_past_is_old_at_once(plant: SimulatedPlant) -> None:
    """Lost since 240 seconds: that old, without waiting."""
    at = plant.plant_time()
    plant.inject(LostRtu(station="EHV_HV_substation_2", since=at - timedelta(seconds=240)))
    told = plant.telemetry().measurements
    assert (at.timestamp() - told.time_s).max() == pytest.approx(240.0)


def test_a_lost_rtu_ends_in_the_right_sentence_at_the_door(plant: SimulatedPlant) -> None:
    """Plant, fault and door together: how many measurements, where, how old; everything else is let in."""
    at = plant.plant_time()
    plant.inject(LostRtu(station="HV1 Bus 1", since=at - timedelta(seconds=240)))
    published = plant.telemetry()
    admitted = admit(published.measurements, plant.instruments, plant.model, None, at.timestamp())
    (refusal,) = admitted.refused
    assert refusal.words() == f"{refusal.count} measurements at HV1 Bus 1 are 240 s old"
    assert len(admitted.good) == len(plant.instruments) - refusal.count


def test_time_skew_moves_times_only(plant: SimulatedPlant, twin: SimulatedPlant) -> None:
    """The station's clock is ahead; no value changes."""
    plant.inject(TimeSkew(station="EHV_HV_substation_1", seconds=90.0))
    faulty, sound = plant.telemetry().measurements, twin.telemetry().measurements
    assert not _moved(faulty, sound)
    assert set(np.round(faulty.time_s - sound.time_s, 6)) == {0.0, 90.0}


def test_a_fault_acts_between_its_times_only(plant: SimulatedPlant, twin: SimulatedPlant, clock: Clock) -> None:
    """Not before it starts, not from its end on."""
    _, name = _meter(plant, Quantity.P_FROM)
    twin.telemetry()
    at = plant.plant_time()
    span = {"since": at + timedelta(minutes=1), "until": at + timedelta(minutes=2)}
    plant.inject(GrossError(quantity=Quantity.P_FROM, element=name, offset=40.0, **span))
    seen = []
    for _ in range(3):
        seen.append(len(_moved(plant.telemetry().measurements, twin.telemetry().measurements)))
        clock.later(minutes=1)
    assert seen == [0, 1, 0]


def test_a_dead_source_is_not_online(plant: SimulatedPlant, clock: Clock) -> None:
    """Until it comes back."""
    plant.inject(DeadSource(until=plant.plant_time() + timedelta(minutes=1)))
    with pytest.raises(NotOnline, match="source is dead"):
        plant.telemetry()
    clock.later(minutes=1)
    assert len(plant.telemetry().measurements) == len(plant.instruments)


def test_a_fault_at_nothing_is_refused_with_what_would_work(plant: SimulatedPlant) -> None:
    """Unknown element, unmetered quantity, unknown station, a tap the other way round."""
    unmetered = sorted(set(range(101)) - set(plant.instruments.element[plant.instruments.rows_of(Quantity.P_TO)]))[0]
    name = plant.model.branches.name[unmetered]
    tapped = plant.model.branches.name[int(plant.instruments.element[plant.instruments.rows_of(Quantity.TAP)[0]])]
    for fault, said in (
        (SignFlip(quantity=Quantity.P_FROM, element="HV1 Line 999"), "found none"),
        (SignFlip(quantity=Quantity.P_TO, element=name), "those there read .*P_FROM"),
        (LostRtu(station="Nowhere"), "for example EHV_HV_substation_1"),
        (WrongStatus(quantity=Quantity.TAP, element=tapped), "has no opposite"),
    ):
        with pytest.raises(InvalidFault, match=said):
            plant.inject(fault)


def test_scenarios_write_faults_as_plain_data() -> None:
    """By kind and by the quantity's name; an error needs an offset or a value, not both."""
    read = FAULT.validate_python({"kind": "gross_error", "quantity": "P_FROM", "element": "HV1 Line 1", "offset": 5})
    assert read == GrossError(quantity=Quantity.P_FROM, element="HV1 Line 1", offset=5.0)
    with pytest.raises(ValidationError, match="either an offset or a value"):
        GrossError(quantity=Quantity.P_FROM, element="HV1 Line 1")
