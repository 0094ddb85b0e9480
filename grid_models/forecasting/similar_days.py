"""What is usual at a clock time: the weighted mean of the same time on earlier days.

Loads weigh days of their own kind (working day, Saturday, Sunday); wind has no clock, so its usual value is the mean of whole days.
All choices here are engineering judgement, checked by the back-test that each forecast carries.
"""

from collections.abc import Sequence

import numpy as np

from grid_models.forecasting.known import STEPS_A_DAY, History
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_DAYS = 28  # days looked back
_FADE_DAYS = {"load": 14.0, "wind": 21.0, "pv": 7.0, "other": 10.0}  # a day this old weighs 1/e
_OTHER_DAY = 0.05  # what a day of another kind weighs for a load


def usual(history: History, kinds: Sequence[str], ahead: int) -> FloatArray:
    """(classes, profiles, known + ahead) usual value of every step; NaN where no earlier day is known.

    Class c uses days at least c + 1 before the step: what can be known one day, two days, ... ahead.  kinds: 'load', 'wind', 'pv' or
    'other' of each profile.
    """
    columns = history.length + ahead
    found = np.full((-(-ahead // STEPS_A_DAY), len(history.values), columns), np.nan)
    for kind in sorted(set(kinds)):
        rows = np.array([k == kind for k in kinds])
        series = _whole_days(history.values[rows]) if kind == "wind" else history.values[rows]
        alike = history.day_kinds(columns) if kind == "load" else np.zeros(columns, dtype=np.int64)
        found[:, rows] = _lagged_means(series, alike, _FADE_DAYS[kind], len(found))
    return found


def _lagged_means(series: FloatArray, day_kind: IntArray, fade_days: float, classes: int) -> FloatArray:
    """(classes, profiles, columns) mean of the same clock time on earlier days of series (profiles, known), the farthest added first."""
    columns = len(day_kind)
    total, weight = np.zeros((len(series), columns)), np.zeros(columns)
    found = np.full((classes, len(series), columns), np.nan)
    for days in range(_DAYS, 0, -1):
        lag = days * STEPS_A_DAY
        reach = slice(min(lag, columns), min(columns, series.shape[1] + lag))
        earlier = slice(0, reach.stop - reach.start)
        same: BoolArray = day_kind[reach] == day_kind[earlier]
        share = np.exp(-days / fade_days) * np.where(same, 1.0, _OTHER_DAY)
        total[:, reach] += share * series[:, earlier]
        weight[reach] += share
        if days <= classes:
            np.divide(total, weight, out=found[days - 1], where=weight > 0)
    return found


def _whole_days(values: FloatArray) -> FloatArray:
    """Mean of the day that ends with each step; of what is known where less is."""
    summed = np.cumsum(values, axis=1)
    summed[:, STEPS_A_DAY:] -= summed[:, :-STEPS_A_DAY].copy()
    return np.asarray(summed / np.minimum(np.arange(1, values.shape[1] + 1), STEPS_A_DAY))
