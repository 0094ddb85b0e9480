"""The simulated plant: clock, exactly-once commands, restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import simbench

from grid_models.actions import Action
from grid_models.errors import InvalidAction, NotOnline
from grid_models.estimation.positions import positions_of
from grid_models.twin.profiles import DEMO_STEP, Grid
from grid_models.twin.simulated_plant import SimulatedPlant
from grid_models.twin.source import DEFAULT_GRID
from grid_models.twin.state_store import load_state, save_state


class Clock:
    """A wall clock that tests turn by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_demo_start_is_the_simbench_step(default_grid: Grid) -> None:
    """Our interpolated profiles equal SimBench's absolute values at the step, and its local time is 11:45."""
    values = simbench.get_absolute_values(simbench.get_simbench_net(DEFAULT_GRID), profiles_instead_of_study_cases=True)
    state = default_grid.state_at(DEMO_STEP)
    assert state.load_p_mw == pytest.approx(values["load", "p_mw"].iloc[DEMO_STEP].to_numpy())
    assert state.load_q_mvar == pytest.approx(values["load", "q_mvar"].iloc[DEMO_STEP].to_numpy())
    assert state.generator_p_mw == pytest.approx(values["sgen", "p_mw"].iloc[DEMO_STEP].to_numpy())
    assert state.plant_time == datetime(2016, 8, 12, 9, 45, tzinfo=UTC)


def test_between_two_steps_the_plant_interpolates(default_grid: Grid) -> None:
    """Half way between two profile steps lies half way between their values."""
    first, second = default_grid.state_at(DEMO_STEP), default_grid.state_at(DEMO_STEP + 1)
    middle = default_grid.state_at(first.plant_time + (second.plant_time - first.plant_time) / 2)
    assert middle.load_p_mw == pytest.approx((first.load_p_mw + second.load_p_mw) / 2)


def test_a_time_outside_the_year_is_refused(default_grid: Grid) -> None:
    """The message says which steps and times there are."""
    with pytest.raises(InvalidAction, match="steps 0 to 35135"):
        default_grid.state_at(40000)


def test_the_clock_runs_at_its_pace_and_rests_while_nobody_owns_the_plant(default_grid: Grid, tmp_path: Path, clock: Clock) -> None:
    """Ten wall minutes at pace 6 are an hour of plant time; an hour of downtime is none."""
    plant = SimulatedPlant(default_grid, tmp_path, clock, pace=6.0)
    start = plant.telemetry().plant_time
    clock.time += timedelta(minutes=10)
    plant.save()
    clock.time += timedelta(hours=1)
    assert SimulatedPlant(default_grid, tmp_path, clock).telemetry().plant_time - start == timedelta(hours=1)


def test_a_command_is_carried_out_exactly_once_across_restarts(default_grid: Grid, tmp_path: Path, clock: Clock) -> None:
    """A repeated key does nothing; another key for an open line is refused by physics."""
    action = Action(kind="open", element="HV1 Line 14")
    SimulatedPlant(default_grid, tmp_path, clock).execute(action, "7-0-abc")
    again = SimulatedPlant(default_grid, tmp_path, clock)
    again.execute(action, "7-0-abc")
    with pytest.raises(InvalidAction, match="already out of service"):
        again.execute(action, "8-0-abc")
    told = positions_of(default_grid.model, again.telemetry().measurements)
    assert np.sum(told.switch_closed != default_grid.state_at().switch_closed) == 2


def test_a_plant_cannot_scale(default_grid: Grid, tmp_path: Path, clock: Clock) -> None:
    """What-if actions stay in studies."""
    with pytest.raises(InvalidAction, match="what-if"):
        SimulatedPlant(default_grid, tmp_path, clock).execute(Action(kind="scale", group="loads", factor=2.0), "k")


def test_a_damaged_plant_file_is_named_and_kept(default_grid: Grid, case39: Grid, tmp_path: Path, clock: Clock) -> None:
    """Neither half a file nor another grid's file is taken for the plant."""
    (tmp_path / "plant.npz").write_bytes(b"half a file")
    with pytest.raises(NotOnline, match="cannot be read"):
        SimulatedPlant(default_grid, tmp_path, clock)
    assert (tmp_path / "plant.npz").read_bytes() == b"half a file"
    save_state(case39.state_at(), tmp_path / "other.npz")
    with pytest.raises(NotOnline, match="another grid"):
        load_state(default_grid.model, tmp_path / "other.npz")
