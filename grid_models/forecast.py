"""Load, wind and PV of the next hours from what is known before a plant time, with the error that the same method made before.

>>> from grid_models.twin.source import load_grid
>>> grid = load_grid("case14")
>>> ahead = forecast(grid, grid.plant_time())
>>> ahead.load_p_mw.shape, ahead.unverified
((11, 193), True)
"""

from datetime import datetime
from functools import lru_cache

import numpy as np

from grid_models.forecasting.ahead import Forecast
from grid_models.forecasting.back_test import HORIZONS_H, BackTestRow, GroupErrors, back_test_row, spread, tried
from grid_models.forecasting.expected import Expected, OutsideForecast, expected_now
from grid_models.forecasting.followers import GROUPS, KINDS, Followers, followers
from grid_models.forecasting.known import BLOCK, STEPS_A_DAY, History, history_before, steps_before
from grid_models.forecasting.recent_level import departures, predicted
from grid_models.forecasting.similar_days import usual
from grid_models.twin.model import FloatArray, GridModel
from grid_models.twin.profiles import STEP, YEAR_START, Grid

__all__ = ["BackTestRow", "Expected", "Forecast", "OutsideForecast", "expected_now", "forecast"]

_CONSTANT_SIGMA = {"load": 0.15, "wind": 0.30, "pv": 0.30, "other": 0.10}  # share of the start value; engineering judgement
_METHOD = (
    "Each profile: the usual value of the clock time on earlier days (loads: days of the same kind; wind: the mean of whole days) plus "
    "the share of the present departure from it that lasted so far, fitted and tried on data before plant time only."
)
_LITTLE_DAYS = 14
LONGEST_H = 168  # beyond a week it would be the usual day and no more
_LITTLE = "Little history yet: the last value and a first guess of the error (engineering judgement) count for most."
_UNKNOWN = "Nothing is known before this plant time, so that nothing is forecast."
_CONSTANT = "No history: the start values of the grid, constant, with a standard deviation that is engineering judgement, not verified."


def forecast(grid: Grid, at: datetime, hours: int = 48) -> Forecast:
    """Every load and generator from a plant time on, from data strictly before it. Kept until the next 15-minute step.

    hours: 1 to 168. Raises OutsideForecast.
    """
    if not 1 <= hours <= LONGEST_H:
        raise OutsideForecast(f"A forecast of {hours} hours was asked for; 1 to {LONGEST_H} work.")
    return _forecast(grid, steps_before(at), hours)


@lru_cache(maxsize=4)
def _forecast(grid: Grid, known: int, hours: int) -> Forecast:
    """`known`: steps before plant time, the only thing of it that a forecast depends on."""
    first = YEAR_START + (known - 1) * STEP
    steps = hours * STEPS_A_DAY // 24 + 1
    rows = followers(grid.model, grid.profiles)
    constant = np.ones((len(KINDS), steps)), np.array([np.full(steps, _CONSTANT_SIGMA[k]) for k in KINDS])
    times = tuple(first + i * STEP for i in range(steps))
    if grid.profiles is None:
        return Forecast(grid.model, rows, times, *constant, (), _CONSTANT, None, True)
    history = history_before(grid.profiles, first + STEP)
    values, sigmas, back_test = _profiles_ahead(grid.model, rows, history, steps - 1)
    return Forecast(
        model=grid.model,
        rows=rows,
        times=times,
        values=np.concatenate([values, constant[0]]),
        sigmas=np.concatenate([sigmas, constant[1]]),
        back_test=back_test,
        method=_words(history),
        based_until=first if history.length else None,
        unverified=not history.length,
    )


def _profiles_ahead(
    model: GridModel, rows: Followers, history: History, ahead: int
) -> tuple[FloatArray, FloatArray, tuple[BackTestRow, ...]]:
    """Values and standard deviations (profiles, ahead + 1), the last known step first, and the back-test.

    By blocks of profiles: the errors of every origin at every step ahead would be gigabytes for hundreds of them.
    """
    count = len(rows.kinds)
    if not history.length:
        unknown = np.full((count, ahead + 1), np.nan)
        return unknown, unknown, ()
    values, sigmas = np.empty((count, ahead)), np.empty((count, ahead))
    groups = {
        (kind, horizon): GroupErrors.none()
        for kind in KINDS
        for horizon in HORIZONS_H
        if horizon * STEPS_A_DAY / 24 <= ahead and rows.installed_mw(model, kind) > 0
    }
    for block in (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)):
        mine, kinds = History(history.values[block], history.first_step), rows.kinds[block]
        seen = departures(mine, kinds, usual(mine, kinds, ahead))
        trial = tried(seen, ahead)
        values[block] = predicted(seen, trial.shares, np.array([mine.length - 1]))[:, 0]
        sigmas[block] = spread(trial, kinds)
        for kind, horizon in groups:
            groups[kind, horizon] = groups[kind, horizon].plus(trial, rows.weight_mw(model, kind)[block], horizon)
    tested = tuple(back_test_row(e, GROUPS[kind], rows.installed_mw(model, kind), horizon) for (kind, horizon), e in groups.items())
    return np.column_stack([history.values[:, -1], values]), np.column_stack([sigmas[:, 0], sigmas]), tested


def _words(history: History) -> str:
    if not history.length:
        return _UNKNOWN
    return _METHOD if history.length >= _LITTLE_DAYS * STEPS_A_DAY else f"{_METHOD} {_LITTLE}"
