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
        for least in range(len(found)):
            found[least, rows] = _lagged_mean(series, alike, _FADE_DAYS[kind], least + 1)
    return found


def _lagged_mean(series: FloatArray, day_kind: IntArray, fade_days: float, least: int) -> FloatArray:
    """Mean of the same clock time `least` and more days before, of series (profiles, known); result (profiles, columns)."""
    total, weight = np.zeros((len(series), len(day_kind))), np.zeros(len(day_kind))
    for days in range(least, _DAYS + 1):
        lag = days * STEPS_A_DAY
        reach = slice(lag, min(len(day_kind), series.shape[1] + lag))
        if reach.start >= reach.stop:
            break
        same: BoolArray = day_kind[reach] == day_kind[: reach.stop - lag]
        share = np.exp(-days / fade_days) * np.where(same, 1.0, _OTHER_DAY)
        total[:, reach] += share * series[:, : reach.stop - lag]
        weight[reach] += share
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def _whole_days(values: FloatArray) -> FloatArray:
    """Mean of the day that ends with each step; of what is known where less is."""
    summed = np.cumsum(values, axis=1)
    summed[:, STEPS_A_DAY:] -= summed[:, :-STEPS_A_DAY].copy()
    return np.asarray(summed / np.minimum(np.arange(1, values.shape[1] + 1), STEPS_A_DAY))
