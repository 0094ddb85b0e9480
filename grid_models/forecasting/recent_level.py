"""How much of the present departure from the usual lasts: a forecast is what is usual plus that share of the departure.

The shares are a ridge regression of later on earlier departures, drawn towards a plain decay where there is little history.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grid_models.forecasting.known import STEPS_A_DAY, History
from grid_models.twin.model import FloatArray, IntArray

_SPANS = (1, 4, 24, STEPS_A_DAY)  # steps over which a departure is averaged: now, an hour, six hours, a day
DECAY_STEPS = {"load": 12.0, "wind": 48.0, "pv": 8.0, "other": 24.0}  # engineering judgement, holds only until there is history
_PRIOR_ORIGINS = 10.0  # how many origins of history the plain decay counts for; engineering judgement
_FLAT = 1e-9  # mean square of a departure that never moves, where a regression would divide by nothing
WEATHER = ("wind", "pv")  # never below zero, never above what is installed


@dataclass(frozen=True, eq=False)
class Departures:
    """`usual` as `similar_days.usual` gives it.  `features`: (profiles, known, spans) departure from it now, and by how
    much its mean over each longer span differs from that over the shorter one before.
    """

    history: History
    kinds: Sequence[str]
    usual: FloatArray
    features: FloatArray


def departures(history: History, kinds: Sequence[str], usual: FloatArray) -> Departures:
    """How far every known step was from what was usual; zero where nothing is known to be usual."""
    gap = np.nan_to_num(history.values - usual[0, :, : history.length])
    summed = np.concatenate([np.zeros((len(gap), 1)), np.cumsum(gap, axis=1)], axis=1)
    ends = np.arange(1, history.length + 1)
    means = np.stack([(summed[:, ends] - summed[:, np.maximum(ends - span, 0)]) / np.minimum(ends, span) for span in _SPANS], axis=2)
    return Departures(history, kinds, usual, np.diff(means, axis=2, prepend=0.0))


def lasting_shares(seen: Departures, origins: IntArray, ahead: int) -> FloatArray:
    """(profiles, spans, ahead) share of each departure that lasts, from origins whose whole future is known."""
    x = seen.features[:, origins]
    later = np.nan_to_num(_later(seen, origins, ahead) - _usual(seen, origins, ahead))
    gram = np.einsum("rok,rol->rkl", x, x)
    pull = _PRIOR_ORIGINS * np.maximum((x**2).sum(axis=1) / max(len(origins), 1), _FLAT)
    prior = np.array([_decay(kind, ahead) for kind in seen.kinds])
    wanted = np.einsum("rok,roh->rkh", x, later) + pull[:, :, None] * prior
    return np.asarray(np.linalg.solve(gram + pull[:, :, None] * np.eye(len(_SPANS)), wanted))


def predicted(seen: Departures, shares: FloatArray, origins: IntArray) -> FloatArray:
    """(profiles, origins, ahead) from what is known up to each origin; the last value where nothing is known to be usual."""
    usual = _usual(seen, origins, shares.shape[2])
    found = usual + np.einsum("rok,rkh->roh", seen.features[:, origins], shares)
    weather = np.array([kind in WEATHER for kind in seen.kinds])[:, None, None]
    last = seen.history.values[:, origins, None]
    return np.where(np.isnan(usual), last, np.where(weather, np.clip(found, 0.0, 1.0), found))


def came_true(seen: Departures, origins: IntArray, ahead: int) -> FloatArray:
    """(profiles, origins, ahead) what was measured after each origin; NaN where it is still to come."""
    return _later(seen, origins, ahead)


def _later(seen: Departures, origins: IntArray, ahead: int) -> FloatArray:
    padded = np.pad(seen.history.values, ((0, 0), (0, ahead)), constant_values=np.nan)
    return np.asarray(padded[:, origins[:, None] + np.arange(1, ahead + 1)])


def _usual(seen: Departures, origins: IntArray, ahead: int) -> FloatArray:
    steps = np.arange(1, ahead + 1)
    least = (steps - 1) // STEPS_A_DAY
    return np.asarray(seen.usual[least, :, origins[:, None] + steps].transpose(2, 0, 1))


def _decay(kind: str, ahead: int) -> FloatArray:
    """(spans, ahead): the present departure fades; a load jumps about, so the mean of its last hour does."""
    plain = np.zeros((len(_SPANS), ahead))
    plain[: 2 if kind == "load" else 1] = np.exp(-np.arange(1, ahead + 1) / DECAY_STEPS[kind])
    return plain
