"""Courses of error that forecasts of this clock time took: measured where there is history, drawn where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.forecast import forecast
from grid_models.forecasting.errors_made import _errors_made, errors_made
from grid_models.twin.profiles import Grid

AT, HOURS = 15000, 24


def test_they_are_what_came_less_what_was_forecast(default_grid: Grid) -> None:
    """A day of error is a measured one: most of its size is that of the forecast's own back-tested error."""
    made = errors_made(default_grid, default_grid.plant_time(AT), HOURS)
    ahead = forecast(default_grid, default_grid.plant_time(AT), HOURS)
    profiles = len(ahead.rows.kinds)
    assert made.measured
    assert made.courses.shape == (len(made.courses), len(ahead.values), HOURS * 4)
    assert len(made.courses) >= 60
    assert np.isfinite(made.courses).all()
    ratio = made.courses[:, :profiles].std(axis=0).mean(axis=1) / ahead.sigmas[:profiles, 1:].mean(axis=1)
    assert np.median(ratio) == pytest.approx(1.0, abs=0.4)


def test_errors_grow_with_the_horizon(default_grid: Grid) -> None:
    """The first quarter of an hour is known better than the same day's end."""
    made = errors_made(default_grid, default_grid.plant_time(AT), HOURS)
    ahead = forecast(default_grid, default_grid.plant_time(AT), HOURS)
    wind = [row for row, kind in enumerate(ahead.rows.kinds) if kind == "wind"]
    size = np.abs(made.courses[:, wind]).mean(axis=(0, 1))
    assert size[:4].mean() < 0.5 * size[-16:].mean()


def test_nothing_later_is_used(default_grid: Grid) -> None:
    """Other values after plant time change no error; other values before do."""
    profiles = default_grid.profiles
    assert profiles is not None
    later, earlier = profiles.shape.copy(), profiles.shape.copy()
    later[:, AT:] = 0.123
    earlier[:, AT - 96 * 20 : AT] *= 0.5
    at = default_grid.plant_time(AT)
    made = errors_made(default_grid, at, HOURS).courses
    assert np.array_equal(made, errors_made(replace(default_grid, profiles=replace(profiles, shape=later)), at, HOURS).courses)
    assert not np.array_equal(made, errors_made(replace(default_grid, profiles=replace(profiles, shape=earlier)), at, HOURS).courses)


@pytest.mark.parametrize("at", [2, 500])
def test_little_history_is_drawn(default_grid: Grid, at: int) -> None:
    """From the forecast's own standard deviations, and it says so; the same courses every time."""
    when = default_grid.plant_time(at)
    made = errors_made(default_grid, when, 168)
    assert not made.measured
    assert made.courses.shape[0] == 64
    sigmas = np.nan_to_num(forecast(default_grid, when, 168).sigmas[:, 1:])
    assert made.courses.std(axis=0).mean() == pytest.approx(sigmas.mean(), rel=0.15)
    _errors_made.cache_clear()
    assert np.array_equal(made.courses, errors_made(default_grid, when, 168).courses)


def test_elements_without_a_profile_are_drawn(default_grid: Grid, case39: Grid) -> None:
    """Nothing is measured of them: drawn on a grid with profiles, none at all on one without."""
    made = errors_made(default_grid, default_grid.plant_time(AT), HOURS)
    assert (np.ptp(made.courses[:, -4:], axis=2) < 1e-12).all()
    assert (made.courses[:, -4:].std(axis=(0, 2)) > 0.05).all()
    constant = errors_made(case39, case39.plant_time(), HOURS)
    assert not constant.measured
    assert constant.courses.shape == (1, 4, HOURS * 4)
    assert not constant.courses.any()
