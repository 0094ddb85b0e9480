"""How fast does a transformer age in a usual year, at today's load and at more of it? From the load history replayed under usual weather.

Temperatures are linear in the rise and in the gradient, so one replay for each load level gives every sample of both.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.heating.ageing import Paper, relative_ageing
from grid_models.life.ahead import STEP_MIN, past_begin, past_values
from grid_models.life.constants import factors
from grid_models.life.heated import heated, steady
from grid_models.life.kernel_columns import INDOOR
from grid_models.life.outlook import Outlook
from grid_models.twin.model import FloatArray

_YEAR_DAYS = 366
LEVELS = np.array([0.6, 0.8, 1.0, 1.2, 1.4])  # of today's demand
_THINNED = 5  # every fifth quarter of an hour is counted, which meets every clock time in turn: ageing changes slowly
_CLIMATE_SIGMA_K = 1.0  # of a whole year's mean; engineering judgement


@dataclass(frozen=True, eq=False)
class Yearly:
    """hot_spot: (levels, samples, moments) of a usual year.  days: how much history stands behind it."""

    hot_spot: FloatArray
    days: float

    def relative_ageing(self, paper: Paper) -> FloatArray:
        """(levels, samples) mean rate, 1 = normal."""
        return np.asarray(relative_ageing(self.hot_spot, paper).mean(axis=2))


def yearly(outlook: Outlook, u: int, samples: int, seed: int, measured: bool) -> Yearly:
    """The load of the last year known before plant time, with the present switching, of one transformer."""
    assume = outlook.assumptions
    past = past_values(assume.grid, assume.at, _YEAR_DAYS)
    ambient = assume.usual_weather.ambient(past_begin(assume.at, past.shape[1]), past.shape[1], STEP_MIN).celsius
    parts = outlook.load_map.of_parts(past)[:, u]
    table, rng = outlook.constants[u : u + 1], np.random.default_rng((seed, outlook.cases[u].unit.stream))
    own, offset = factors(rng, samples, measured), rng.standard_normal(samples) * _CLIMATE_SIGMA_K
    found = []
    for level in LEVELS:
        load = np.abs(outlook.load_map.offset[u] + level * parts[0] + parts[1] + parts[2])[None, :]
        found.append(_samples(load, ambient, table, own, offset))
    return Yearly(np.array(found), past.shape[1] * STEP_MIN / 1440.0)


def _samples(load: FloatArray, ambient: FloatArray, table: FloatArray, own: FloatArray, offset: FloatArray) -> FloatArray:
    """(samples, moments) hot-spot: ambient, and the two parts above it stretched by each sample's factors."""
    start = steady(load[:, 0], float(ambient[0]), table)
    found = heated(load, ambient, table, start)
    gradient = (found.hot_spot_celsius - found.top_oil_celsius)[0, ::_THINNED]
    around = ambient[::_THINNED] + table[0, INDOOR]
    rise = found.top_oil_celsius[0, ::_THINNED] - around
    return np.asarray(around + offset[:, None] + own[:, :1] * rise + own[:, 1:2] * gradient)
