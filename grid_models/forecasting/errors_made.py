"""How did forecasts made at this clock time go wrong? Whole courses of errors, day by day, to be met again by a Monte-Carlo.

A course keeps what a standard deviation loses: how an error grows with the horizon, how long it lasts, that PV is never wrong at night,
and which profiles are wrong together.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np

from grid_models.forecast import forecast
from grid_models.forecasting.followers import followers
from grid_models.forecasting.known import BLOCK, STEPS_A_DAY, History, history_before, steps_before
from grid_models.forecasting.recent_level import Departures, came_true, departures, lasting_shares, predicted
from grid_models.forecasting.similar_days import usual
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.profiles import STEP, YEAR_START, Grid

_TRIED_DAYS = 77
_BETWEEN_FITTED = 29  # steps, no divisor of a day: origins fall on every clock time
_FEWEST = 10  # days of which the whole course is known; with fewer, the courses are drawn instead
_DRAWN = 64


@dataclass(frozen=True, eq=False)
class ErrorsMade:
    """`courses`: (courses, rows, steps) what came less what was forecast, relative, rows as in `Forecast.values` (constants last).

    measured: False where there was too little history and each course is one draw from the forecast's own standard deviation, or no history
    at all: then the values of the start are held and there is one course, without an error that nobody has seen.
    """

    courses: FloatArray
    measured: bool


def errors_made(grid: Grid, at: datetime, hours: int) -> ErrorsMade:
    """From data strictly before a plant time; as many steps as the forecast of `hours` has ahead, step 0 the first quarter of an hour.

    Kept until the next 15-minute step, as the forecast is.
    """
    return _errors_made(grid, YEAR_START + steps_before(at) * STEP, hours)


@lru_cache(maxsize=2)
def _errors_made(grid: Grid, at: datetime, hours: int) -> ErrorsMade:
    ahead = hours * STEPS_A_DAY // 24
    sigmas = np.nan_to_num(forecast(grid, at, hours).sigmas[:, 1:])
    if grid.profiles is None:
        return ErrorsMade(np.zeros((1, *sigmas.shape)), measured=False)
    history = history_before(grid.profiles, at)
    origins = np.arange(history.length - 1 - ahead, history.length // 2, -STEPS_A_DAY)[:_TRIED_DAYS]
    if len(origins) < _FEWEST:
        return ErrorsMade(_drawn(sigmas, _DRAWN), measured=False)
    kinds = followers(grid.model, grid.profiles).kinds
    courses = _drawn(sigmas, len(origins))  # of elements without a profile nothing is measured
    for start in range(0, len(kinds), BLOCK):
        block = slice(start, min(start + BLOCK, len(kinds)))
        mine = History(history.values[block], history.first_step)
        courses[:, block] = _missed(departures(mine, kinds[block], usual(mine, kinds[block], ahead)), origins, ahead)
    return ErrorsMade(courses, measured=True)


def _drawn(sigmas: FloatArray, count: int) -> FloatArray:
    """(count, rows, steps): each course stays at one draw of each row; the same ones every time."""
    return np.asarray(np.random.default_rng(0).standard_normal((count, len(sigmas), 1)) * sigmas)


def _missed(seen: Departures, origins: IntArray, ahead: int) -> FloatArray:
    """(origins, profiles, steps) of the method fitted on days before all origins."""
    fitted = np.arange(0, max(origins[-1] - ahead, 0), _BETWEEN_FITTED)
    shares = lasting_shares(seen, fitted, ahead)
    return np.asarray((came_true(seen, origins, ahead) - predicted(seen, shares, origins)).transpose(1, 0, 2))
