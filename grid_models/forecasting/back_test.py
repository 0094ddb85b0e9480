"""How wrong the forecast was: the same method from many earlier moments, against what came, all before plant time.

The shares of `recent_level` are fitted on the older part of the history and tried on the newer one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from grid_models.forecasting.known import STEPS_A_DAY, History
from grid_models.forecasting.recent_level import DECAY_STEPS, Departures, came_true, lasting_shares, predicted
from grid_models.twin.model import FloatArray, IntArray

_TEST_DAYS = 35
_FITTED_TIMES = 3  # as many days are fitted on as are tested
_BETWEEN_TESTED, _BETWEEN_FITTED = 13, 29  # steps: no divisors of a day, so that origins fall on every clock time
_PRIOR_ORIGINS = 10.0  # how many origins the first guess of the error counts for; engineering judgement
_FIRST_GUESS = {"load": 0.10, "wind": 0.30, "pv": 0.20, "other": 0.20}  # error far ahead, share of installed; engineering judgement
_LEAST_SIGMA = 0.005  # share of installed: no forecast is better than a meter; engineering judgement
_FEWEST_FOR_INTERVAL = 40  # a 5 % quantile of fewer errors is a guess
HORIZONS_H = (0.25, 1.0, 6.0, 24.0, 48.0)


@dataclass(frozen=True)
class BackTestRow:
    """Error of a group's total active power at one horizon, from `origins` earlier moments; None: too little history to say.

    low_mw, high_mw: 90 % of what came lay between forecast + low and forecast + high.  The rivals are the last value known
    (persistence) and the value at the same time of the last day known (yesterday).
    """

    group: str
    horizon_h: float
    origins: int
    installed_mw: float
    rmse_mw: float | None
    mae_mw: float | None
    rmse_percent: float | None
    mae_percent: float | None
    low_mw: float | None
    high_mw: float | None
    persistence_rmse_mw: float | None
    yesterday_rmse_mw: float | None


@dataclass(frozen=True, eq=False)
class Trial:
    """What came less what was forecast, relative, (profiles, origins, steps ahead): ours and the two rivals'. NaN: still to come."""

    shares: FloatArray
    error: FloatArray
    persistence: FloatArray
    yesterday: FloatArray


def tried(seen: Departures, ahead: int) -> Trial:
    """The method on the newer part of the history, at most 35 days, fitted on up to three times as many days before those."""
    length = seen.history.length
    days = min(_TEST_DAYS * STEPS_A_DAY, length // 2)
    fitted = np.arange(max(0, length - (1 + _FITTED_TIMES) * days), length - days - ahead, _BETWEEN_FITTED)
    origins = np.arange(length - days, length - 1, _BETWEEN_TESTED)
    shares = lasting_shares(seen, fitted, ahead)
    came = came_true(seen, origins, ahead)
    last = seen.history.values[:, origins, None]
    return Trial(shares, came - predicted(seen, shares, origins), came - last, came - _yesterday(seen.history, origins, ahead))


def spread(trial: Trial, kinds: Sequence[str]) -> FloatArray:
    """(profiles, steps ahead) standard deviation of the error, relative: measured, drawn to a first guess where history is short."""
    known = ~np.isnan(trial.error)
    squares = np.where(known, np.nan_to_num(trial.error) ** 2, 0.0).sum(axis=1)
    steps = np.arange(1, trial.error.shape[2] + 1)
    guess = np.array([_FIRST_GUESS[k] ** 2 * (1 - np.exp(-2 * steps / DECAY_STEPS[k])) for k in kinds])  # of a departure that decays
    variance = (_PRIOR_ORIGINS * guess + squares) / (_PRIOR_ORIGINS + known.sum(axis=1))
    return np.asarray(np.maximum(np.sqrt(variance), _LEAST_SIGMA))


@dataclass(frozen=True, eq=False)
class GroupErrors:
    """Errors of a group's total [MW] at one horizon, (origins,): ours and the two rivals'. NaN: still to come."""

    error: FloatArray
    persistence: FloatArray
    yesterday: FloatArray

    @classmethod
    def none(cls) -> Self:
        """Of no profile yet."""
        return cls(np.zeros(1), np.zeros(1), np.zeros(1))

    def plus(self, trial: Trial, weight_mw: FloatArray, horizon_h: float) -> Self:
        """With some more profiles.  weight_mw: (profiles,) MW of the group that follow each of them at relative value 1."""
        members, step = weight_mw != 0, round(horizon_h * STEPS_A_DAY / 24) - 1
        if not members.any():
            return self
        more = (weight_mw[members] @ e[members, :, step] for e in (trial.error, trial.persistence, trial.yesterday))
        return type(self)(*(mine + other for mine, other in zip((self.error, self.persistence, self.yesterday), more, strict=True)))


def back_test_row(errors: GroupErrors, group: str, installed_mw: float, horizon_h: float) -> BackTestRow:
    """One row."""
    error, last, before = (e[~np.isnan(e)] for e in (errors.error, errors.persistence, errors.yesterday))
    rmse, mae = _root_mean_square(error), float(np.abs(error).mean()) if len(error) else None
    enough = len(error) >= _FEWEST_FOR_INTERVAL
    low, high = (float(q) for q in np.quantile(error, (0.05, 0.95))) if enough else (None, None)
    shares = [None if e is None or not installed_mw else 100.0 * e / installed_mw for e in (rmse, mae)]
    rivals = _root_mean_square(last), _root_mean_square(before)
    return BackTestRow(group, horizon_h, len(error), installed_mw, rmse, mae, shares[0], shares[1], low, high, *rivals)


def _root_mean_square(error: FloatArray) -> float | None:
    return float(np.sqrt((error**2).mean())) if len(error) else None


def _yesterday(history: History, origins: IntArray, ahead: int) -> FloatArray:
    steps = np.arange(1, ahead + 1)
    columns = origins[:, None] + steps - STEPS_A_DAY * (1 + (steps - 1) // STEPS_A_DAY)
    return np.where(columns >= 0, history.values[:, np.maximum(columns, 0)], np.nan)
