"""What is usual in a week from now on, if nothing of the present departure is left? For what lies beyond a forecast."""

from datetime import datetime
from functools import lru_cache

import numpy as np

from grid_models.forecasting.followers import followers
from grid_models.forecasting.known import BLOCK, STEPS_A_DAY, History, history_before, steps_before
from grid_models.forecasting.similar_days import usual
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import STEP, YEAR_START, Grid

_WEEK = 7 * STEPS_A_DAY


def usual_week(grid: Grid, at: datetime) -> FloatArray:
    """(rows, a week) mean of each 15-minute step from a plant time on, from days at least a week before; rows as in `Forecast.values`."""
    return _usual_week(grid, YEAR_START + steps_before(at) * STEP)


@lru_cache(maxsize=2)
def _usual_week(grid: Grid, at: datetime) -> FloatArray:
    if grid.profiles is None:
        return np.ones((4, _WEEK))
    history, kinds = history_before(grid.profiles, at), followers(grid.model, grid.profiles).kinds
    found = np.empty((len(kinds), _WEEK))
    for start in range(0, len(kinds), BLOCK):
        block = slice(start, min(start + BLOCK, len(kinds)))
        mine = History(history.values[block], history.first_step)
        found[block] = usual(mine, kinds[block], _WEEK)[-1][:, history.length :]
    values = np.where(np.isnan(found), history.values[:, -1:], found)  # too little history: as it is now
    values = (values + np.roll(values, -1, axis=1)) / 2
    return np.concatenate([values, np.ones((4, _WEEK))])
