"""What the plant publishes: dead bands, scans, the same instant the same, fast, whatever happens to the grid."""

import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quality, Quantity
from grid_models.telemetry.readings import exact_readings
from grid_models.telemetry.scada import SCAN_S, Scada
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant


class Clock:
    """A wall clock that tests turn by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def _published(scada: Scada, solved: Solution, after_s: float = 0.0) -> MeasurementSet:
    at = solved.state.plant_time + timedelta(seconds=after_s)
    return scada.publish(solved, at, at).measurements


def test_the_same_instant_reads_the_same(solved: Solution, instruments: Instruments) -> None:
    """Twice from one plant and once from another of the same seed; another seed reads otherwise."""
    scada = Scada(instruments, 3)
    first = _published(scada, solved)
    for again in (_published(scada, solved), _published(Scada(instruments, 3), solved)):
        assert np.array_equal(first.value, again.value, equal_nan=True)
        assert np.array_equal(first.time_s, again.time_s)
    assert not np.array_equal(first.value, _published(Scada(instruments, 4), solved).value, equal_nan=True)


def test_a_value_is_repeated_within_its_dead_band_and_confirmed(solved: Solution, instruments: Instruments) -> None:
    """Some values stand still from one scan to the next, none moves by less than its band, and all times advance."""
    scada = Scada(instruments)
    first, second = _published(scada, solved), _published(scada, solved, 60.0)
    moved = np.abs(second.value - first.value)
    banded = instruments.dead_band > 0
    assert (moved[banded] == 0).any()
    assert (moved[banded & (moved > 0)] > instruments.dead_band[banded & (moved > 0)]).all()
    assert (second.time_s > first.time_s).all()


def test_times_are_those_of_the_stations_last_scan(solved: Solution, instruments: Instruments) -> None:
    """No value is newer than now or older than one scan; a station's meters share their time; phasors are of now."""
    readings, now_s = _published(Scada(instruments), solved, 1.5), solved.state.plant_time.timestamp() + 1.5
    age_s = now_s - readings.time_s
    assert (age_s >= 0).all()
    assert (age_s < SCAN_S).all()
    assert not age_s[instruments.is_pmu].any()
    for station in range(len(instruments.stations)):
        assert len(set(age_s[(instruments.station == station) & ~instruments.is_pmu])) <= 1


def test_published_errors_are_as_large_as_stated(solved: Solution, instruments: Instruments) -> None:
    """Over many scans of a standing truth, the published error's standard deviation is sigma within ten percent."""
    scada, exact = Scada(instruments), exact_readings(solved, instruments)
    rows = instruments.rows_of(Quantity.P_FROM, Quantity.P_TO, Quantity.Q_FROM, Quantity.Q_TO, Quantity.V)
    errors = [((_published(scada, solved, 10.0 * i).value - exact) / np.maximum(instruments.sigma, 1e-12))[rows] for i in range(200)]
    assert np.std(errors) == pytest.approx(1.0, abs=0.1)


def test_the_plant_publishes_its_truth_through_meters(default_grid: Grid, tmp_path: Path) -> None:
    """A command moves what is told: the opened line's breakers and its flow."""
    plant = SimulatedPlant(default_grid, tmp_path, Clock())
    model, line = default_grid.model, default_grid.model.branches.name.index("HV1 Line 14")
    plant.execute(Action(kind="open", element="HV1 Line 14"), "k")
    published = plant.telemetry()
    told = published.measurements
    flow = told.of_quantity(Quantity.P_FROM, Quantity.P_TO) & (told.element == line)
    assert abs(told.value[flow]).max() < 5 * told.sigma[flow].max()
    breakers = told.of_quantity(Quantity.SWITCH_CLOSED)
    assert (told.value[breakers] != model.start.switch_closed[told.element[breakers]]).sum() == 2
    assert published.plant_time == default_grid.state_at().plant_time


def test_a_blackout_is_published_as_zero_volts(default_grid: Grid, tmp_path: Path) -> None:
    """With every infeed off there is no power flow; the meters still report."""
    plant = SimulatedPlant(default_grid, tmp_path, Clock())
    plant._truth = plant._truth.with_arrays(infeed_on=np.zeros(len(default_grid.model.infeeds), dtype=bool))
    told = plant.telemetry().measurements
    volts = told.of_quantity(Quantity.V)
    assert np.abs(told.value[volts]).max() < 6 * told.sigma[volts].max()
    assert (told.quality[told.of_quantity(Quantity.V_ANGLE)] == Quality.INVALID).all()


def test_a_set_costs_little_and_nothing_piles_up(default_grid: Grid, tmp_path: Path) -> None:
    """Well below 15 ms a set after the first, and under 200 kB more after a hundred of them."""
    clock = Clock()
    plant = SimulatedPlant(default_grid, tmp_path, clock)
    plant.telemetry()
    tracemalloc.start()
    for _ in range(5):
        plant.telemetry()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(100):
        clock.time += timedelta(seconds=4)
        plant.telemetry()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    best = min(_seconds(plant) for _ in range(20))
    assert best < 0.015
    assert after - before < 200_000


def test_threads_may_ask_at_once(default_grid: Grid, tmp_path: Path) -> None:
    """Ten threads get the same set for the same instant."""
    plant = SimulatedPlant(default_grid, tmp_path, Clock())
    got: list[MeasurementSet] = []
    threads = [threading.Thread(target=lambda: got.append(plant.telemetry().measurements)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 10
    assert all(np.array_equal(got[0].value, g.value, equal_nan=True) for g in got)


def _seconds(plant: SimulatedPlant) -> float:
    start = time.perf_counter()
    plant.telemetry()
    return time.perf_counter() - start
