"""The forecast: only from what was known, better than its rivals, honest where little is known."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid_models.forecast import Forecast, OutsideForecast, expected_now, forecast
from grid_models.forecasting.known import LOOKBACK_DAYS, STEPS_A_DAY, history_before
from grid_models.twin.profiles import DEMO_STEP, STEP, YEAR_START, Grid

MINUTE = timedelta(minutes=1)


def without_later(grid: Grid, at: datetime, filler: float) -> Grid:
    """The same grid whose profiles hold a filler from a plant time on."""
    shape = grid.profiles.shape.copy()
    shape[:, [i for i in range(grid.profiles.steps) if grid.profiles.time_of(i) >= at]] = filler
    return Grid(grid.model, replace(grid.profiles, shape=shape))


def same(one: Forecast, other: Forecast) -> bool:
    """Bit by bit, the back-test included."""
    arrays = ("values", "sigmas", "load_p_mw", "load_q_mvar", "generator_p_mw", "load_p_sigma_mw", "generator_p_sigma_mw")
    equal = all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in arrays)
    return equal and one.times == other.times and one.back_test == other.back_test and one.based_until == other.based_until


@pytest.mark.parametrize("filler", [np.nan, 1e6])
@pytest.mark.parametrize("step", [1, 50, 700, DEMO_STEP, 35000])
@pytest.mark.parametrize("minutes", [0, 7])
def test_deleting_everything_later_changes_nothing(default_grid: Grid, step: int, minutes: int, filler: float) -> None:
    """Values, errors and back-test come from before plant time alone, to the last bit; between two steps too."""
    at = default_grid.plant_time(step) + minutes * MINUTE
    assert same(forecast(default_grid, at), forecast(without_later(default_grid, at, filler), at))


def test_changing_what_was_known_changes_the_forecast(default_grid: Grid) -> None:
    """The proof above is no accident: one step earlier matters."""
    at = default_grid.plant_time(DEMO_STEP)
    assert not same(forecast(default_grid, at), forecast(without_later(default_grid, at - STEP, 0.5), at))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(0, 35135 * 15))
def test_any_plant_time_of_the_year_has_an_answer(default_grid: Grid, minutes: int) -> None:
    """Finite with a positive error from the second step on, unknown before; the last known step comes first."""
    at = YEAR_START + minutes * MINUTE
    ahead = forecast(default_grid, at)
    assert ahead.times[0] < at <= ahead.times[1]
    assert ahead.load_p_mw.shape == (len(default_grid.model.loads), 193)
    assert bool(np.isfinite(ahead.values).all()) is (minutes > 0)
    if minutes:
        assert (ahead.load_q_sigma_mvar > 0).all()
        assert ahead.based_until == ahead.times[0]
        assert np.allclose(ahead.load_p_mw[:, 0], default_grid.state_at(ahead.times[0]).load_p_mw)


def test_nothing_known_is_said(default_grid: Grid) -> None:
    """At the first step of the profiles nothing lies before it."""
    ahead = forecast(default_grid, YEAR_START)
    assert ahead.based_until is None
    assert ahead.unverified
    assert "Nothing is known" in ahead.method
    assert np.isnan(expected_now(ahead, YEAR_START).load_p_mw).all()


def test_short_history_is_persistence_with_a_larger_error(default_grid: Grid) -> None:
    """Half a day known: the last value goes on, and the stated error is larger than in summer."""
    early, later = (forecast(default_grid, default_grid.plant_time(step)) for step in (48, DEMO_STEP))
    assert np.allclose(early.load_p_mw[:, 100], early.load_p_mw[:, 0])
    assert early.load_p_sigma_mw[:, 100].sum() > 1.5 * later.load_p_sigma_mw[:, 100].sum()
    assert "Little history" in early.method
    assert {row.rmse_mw for row in early.back_test if row.horizon_h == 48.0} == {None}


def test_it_beats_both_rivals_over_the_year(default_grid: Grid) -> None:
    """Mean of the back-tests at twelve moments: every group, every horizon, against the last value and against yesterday."""
    rows = [row for step in range(6800, 35000, 2357) for row in forecast(default_grid, default_grid.plant_time(step)).back_test]
    for group, horizon in {(row.group, row.horizon_h) for row in rows}:
        of = [row for row in rows if (row.group, row.horizon_h) == (group, horizon)]
        ours, last, before = (np.mean([getattr(r, n) for r in of]) for n in ("rmse_mw", "persistence_rmse_mw", "yesterday_rmse_mw"))
        assert ours < last, (group, horizon)
        assert ours < before, (group, horizon)


def test_stated_errors_hold_afterwards(default_grid: Grid) -> None:
    """What really came lies within 1.645 standard deviations about nine times in ten, for moments the forecast never saw."""
    inside = []
    for step in range(6900, 34500, 1201):
        ahead = forecast(default_grid, default_grid.plant_time(step))
        came = default_grid.profiles.shape[:, step + np.array([0, 3, 23, 95, 191])]
        count = len(came)
        columns = [1, 4, 24, 96, 192]
        inside.append(np.abs(ahead.values[:count, columns] - came) < 1.645 * ahead.sigmas[:count, columns])
    assert 0.84 < np.mean(inside) < 0.96


def test_the_back_test_tells_plain_persistence_from_a_pattern(default_grid: Grid) -> None:
    """A load that repeats each day without error has no error; the same row's persistence has."""
    clock = 0.3 + 0.2 * np.sin(np.arange(default_grid.profiles.steps) * 2 * np.pi / STEPS_A_DAY)
    shape = np.tile(clock, (len(default_grid.profiles.shape), 1))
    grid = Grid(default_grid.model, replace(default_grid.profiles, shape=shape))
    loads = [row for row in forecast(grid, grid.plant_time(9000)).back_test if row.group == "loads"]
    assert all(row.rmse_mw < 1e-6 for row in loads)
    assert loads[2].persistence_rmse_mw > 50.0


def test_expected_now_lies_between_two_steps(default_grid: Grid) -> None:
    """Linear between them, with elements as in the forecast's tables."""
    ahead = forecast(default_grid, default_grid.plant_time(DEMO_STEP))
    found = expected_now(ahead, ahead.times[5] + STEP / 4)
    assert np.allclose(found.load_p_mw, 0.75 * ahead.load_p_mw[:, 5] + 0.25 * ahead.load_p_mw[:, 6])
    assert np.allclose(expected_now(ahead, ahead.times[-1]).generator_p_mw, ahead.generator_p_mw[:, -1])
    assert (found.generator_p_sigma_mw > 0).all()


def test_outside_the_forecast_is_refused(default_grid: Grid) -> None:
    """In one sentence that says what would work."""
    ahead = forecast(default_grid, default_grid.plant_time(DEMO_STEP), hours=6)
    with pytest.raises(OutsideForecast, match="a new forecast would cover it"):
        expected_now(ahead, ahead.times[-1] + MINUTE)


@pytest.mark.parametrize("hours", [0, -3, 169])
def test_a_length_that_makes_no_sense_is_refused(default_grid: Grid, hours: int) -> None:
    """Nothing ahead, or more than a week."""
    with pytest.raises(OutsideForecast, match="1 to 168 work"):
        forecast(default_grid, default_grid.plant_time(DEMO_STEP), hours)


def test_a_week_ahead_is_possible(default_grid: Grid) -> None:
    """The usual day of its kind seven times, still finite and still from before plant time."""
    at = default_grid.plant_time(DEMO_STEP)
    ahead = forecast(default_grid, at, 168)
    assert np.isfinite(ahead.values).all()
    assert same(ahead, forecast(without_later(default_grid, at, np.nan), at, 168))


def test_a_grid_without_profiles_is_constant_and_says_so(case118: Grid) -> None:
    """The start values, with an error that is marked as judgement."""
    ahead = forecast(case118, case118.plant_time())
    assert ahead.unverified
    assert ahead.back_test == ()
    assert (ahead.load_p_mw == case118.model.start.load_p_mw[:, None]).all()
    assert "not verified" in ahead.method


def test_a_second_year_has_the_first_behind_it(default_grid: Grid) -> None:
    """The profiles repeat: early in the next year there is a full history."""
    known = history_before(default_grid.profiles, default_grid.profiles.time_of(default_grid.profiles.steps + 4))
    assert (known.values[:, -5:] == default_grid.profiles.shape[:, [-1, 0, 1, 2, 3]]).all()
    assert known.length == LOOKBACK_DAYS * STEPS_A_DAY


def test_day_kinds_follow_the_calendar(default_grid: Grid) -> None:
    """2016 began on a Friday."""
    known = history_before(default_grid.profiles, default_grid.plant_time(STEPS_A_DAY))
    assert known.day_kinds(5 * STEPS_A_DAY)[::STEPS_A_DAY].tolist() == [0, 1, 2, 0, 0]


def test_a_forecast_is_fast_and_kept(default_grid: Grid) -> None:
    """Cold well under a second; within the same 15 minutes the same object."""
    at = default_grid.plant_time(20000)
    began = time.perf_counter()
    ahead = forecast(default_grid, at - MINUTE)
    assert time.perf_counter() - began < 1.0
    assert forecast(default_grid, at) is ahead
    assert forecast(default_grid, at + MINUTE) is not ahead
