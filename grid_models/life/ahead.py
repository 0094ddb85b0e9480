"""The relative value of every profile over the horizon: expected, and on each course that earlier forecasts took.

The forecast reaches a week. Later weeks are as is usual for their weekdays, since nothing of the present departure lasts so long; their
errors are those of a week ahead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from grid_models.forecast import LONGEST_H, Forecast, OutsideForecast, forecast
from grid_models.forecasting.errors_made import ErrorsMade, errors_made
from grid_models.forecasting.followers import Followers
from grid_models.forecasting.known import STEPS_A_DAY, history_before
from grid_models.forecasting.recent_level import WEATHER
from grid_models.forecasting.usual_week import usual_week
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.profiles import Grid

WEEK = LONGEST_H * STEPS_A_DAY // 24
STEP_MIN = 1440.0 / STEPS_A_DAY


@dataclass(frozen=True, eq=False)
class Ahead:
    """Values are means of each 15-minute step, (rows, steps), rows as in `Forecast.values`.

    The first step stands for the one that begins at `begin`; it is the mean of the last value known before it and the next one, at most a
    step late, which no transformer's oil notices.
    """

    forecast: Forecast
    usual_week: FloatArray
    errors: ErrorsMade
    begin: datetime
    steps: int

    @property
    def rows(self) -> Followers:
        return self.forecast.rows

    @cached_property
    def expected(self) -> FloatArray:
        """(rows, steps)."""
        later = np.tile(self.usual_week, max(0, -(-(self.steps - WEEK) // WEEK)))
        return np.concatenate([self._week, later], axis=1)[:, : self.steps]

    @cached_property
    def _week(self) -> FloatArray:
        return between(self.forecast.values)

    @property
    def courses(self) -> int:
        return len(self.errors.courses)

    def first(self, course: int) -> FloatArray:
        """(rows, a week) if the errors of this course come again."""
        return self._bounded(self._week + self.errors.courses[course])

    def later(self, course: int) -> FloatArray:
        """(rows, a week) of any later week: its clock time's errors a week ahead."""
        last_day = self.errors.courses[course][:, -STEPS_A_DAY:]
        return self._bounded(self.usual_week + np.tile(last_day, WEEK // STEPS_A_DAY))

    def on_path(self, course: IntArray) -> FloatArray:
        """(rows, steps) of a path that follows these courses, (days,) each."""
        days = [self.first(int(course[0]))]
        for d in range(WEEK // STEPS_A_DAY, len(course)):
            at = d * STEPS_A_DAY % WEEK
            days.append(self.later(int(course[d]))[:, at : at + STEPS_A_DAY])
        return np.concatenate(days, axis=1)[:, : self.steps]

    def _bounded(self, values: FloatArray) -> FloatArray:
        """Wind and PV are never below zero nor above what is installed."""
        kinds = (*self.rows.kinds, "load", *WEATHER, "other")
        weather = np.array([k in WEATHER for k in kinds])[:, None]
        return np.where(weather, np.clip(values, 0.0, 1.0), values)


def ahead_of(grid: Grid, at: datetime, hours: float) -> Ahead:
    """Raises OutsideForecast where nothing is known before the plant time."""
    ahead = forecast(grid, at, LONGEST_H)
    if np.isnan(ahead.values).any():
        raise OutsideForecast(
            f"Nothing is known of '{grid.model.name}' before {at:%Y-%m-%dT%H:%MZ}; a plant time after its first step works."
        )
    usual = usual_week(grid, at)
    return Ahead(ahead, usual, errors_made(grid, at, LONGEST_H), at, max(1, round(hours * 60 / STEP_MIN)))


def past_values(grid: Grid, at: datetime, days: int) -> FloatArray:
    """(rows, steps) of the steps before a plant time, the last one ending at it; constant where the grid has no profiles."""
    constants = np.ones((4, max(1, days * STEPS_A_DAY)))
    if grid.profiles is None:
        return constants
    known = history_before(grid.profiles, at, days).values
    return np.concatenate([known, np.ones((4, known.shape[1]))])


def past_begin(at: datetime, steps: int) -> datetime:
    """When the first of so many steps before a plant time began."""
    return at - timedelta(minutes=STEP_MIN * steps)


def between(values: FloatArray) -> FloatArray:
    """(rows, steps) means of each step from the values (rows, steps + 1) at its ends."""
    return (values[:, :-1] + values[:, 1:]) / 2
