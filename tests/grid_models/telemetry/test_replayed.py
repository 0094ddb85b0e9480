"""A recording as a plant: watched at its own clock, over when it is over, and never commanded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grid_models.actions import Action
from grid_models.errors import InvalidAction, NotOnline
from grid_models.live.twin import LiveTwin
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.replay import Replay, read_measurements, write_csv
from grid_models.telemetry.replayed import ReplayedPlant
from grid_models.telemetry.scada import Scada
from grid_models.twin.profiles import Grid

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def recorded(default_grid: Grid, solved: Solution, instruments: Instruments, tmp_path: Path) -> Replay:
    """Half a minute of the default grid, in a file."""
    scada, at = Scada(instruments), solved.state.plant_time
    sets = [scada.publish(solved, at + timedelta(seconds=4 * i), START) for i in range(8)]
    write_csv(tmp_path / "plant.csv", default_grid.model, sets)
    return read_measurements(tmp_path / "plant.csv", default_grid.model)


def test_a_recording_gives_states_as_a_plant_does(default_grid: Grid, recorded: Replay, instruments: Instruments) -> None:
    """Its sets are accepted one after the other, at the recording's clock."""
    now = [START]
    plant = ReplayedPlant(default_grid.model, recorded, lambda: now[0])
    twin = LiveTwin(default_grid, instruments)
    for _ in range(5):
        now[0] += timedelta(seconds=4)
        assert twin.take(plant.telemetry()).accepted
    assert plant.plant_time() - default_grid.state_at().plant_time < timedelta(seconds=30)


def test_a_recording_of_another_year_is_not_measured_against_the_profiles(
    default_grid: Grid, recorded: Replay, instruments: Instruments
) -> None:
    """Its plant is not the simulated one: what the profiles expect in March accuses no meter of August."""
    moved = replace(recorded.measurements, time_s=recorded.measurements.time_s + 200 * 86_400.0)
    twin = LiveTwin(default_grid, instruments, foreign=True)
    found = [twin.take(telemetry) for telemetry in Replay(moved, ()).sets()]
    assert all(f.accepted and not f.bad_meters for f in found)
    assert not any("came after newer" in s for f in found for s in f.admitted.sentences)


def test_a_recording_ends(default_grid: Grid, recorded: Replay) -> None:
    """Once nothing of it is fresh any more the source is as dead as a plant's."""
    now = [START]
    plant = ReplayedPlant(default_grid.model, recorded, lambda: now[0])
    now[0] += timedelta(minutes=2)
    with pytest.raises(NotOnline, match="ended at 2016-08-12"):
        plant.telemetry()


def test_a_recording_cannot_be_commanded(default_grid: Grid, recorded: Replay) -> None:
    """Nothing would obey, so nothing is accepted."""
    with pytest.raises(InvalidAction, match="recording"):
        ReplayedPlant(default_grid.model, recorded, lambda: START).execute(Action(kind="open", element="HV1 Line 14"), "k")


def test_an_empty_recording_is_refused(default_grid: Grid) -> None:
    """One sentence instead of a plant that shows nothing."""
    with pytest.raises(NotOnline, match="no measurement that can be read"):
        ReplayedPlant(default_grid.model, Replay(MeasurementSet.joined([]), ()), lambda: START)
