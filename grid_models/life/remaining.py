"""How many years until the insulation life is used, from what is used already and how fast a usual year uses it as load grows?"""

from dataclasses import dataclass

import numpy as np

from grid_models.life.first_limit import interval
from grid_models.life.yearly import LEVELS
from grid_models.twin.model import FloatArray

CAP_YEARS = 100.0  # farther ahead nothing is claimed: other parts fail first; engineering judgement
_STEP_YEARS = 0.5
_LARGEST_LOG = 50.0  # of a rate: whole lives within a second, under load that has grown without end


@dataclass(frozen=True)
class Remaining:
    """used: share of the life that is used, median.  years: 5 %, median and 95 % until its end, at most `CAP_YEARS`."""

    used: float
    low_years: float
    median_years: float
    high_years: float

    @property
    def capped(self) -> bool:
        """Is the median beyond what is looked at?"""
        return self.median_years >= CAP_YEARS


def remaining(rate: FloatArray, growth: FloatArray, used: FloatArray) -> Remaining:
    """rate: (levels, samples) share of the life that a year uses at each of `LEVELS`.  growth: (samples,) a year.  used: (samples,)."""
    left, years, gone = 1.0 - used, np.full(len(growth), CAP_YEARS), np.zeros(len(growth))
    for begin in np.arange(0.0, CAP_YEARS, _STEP_YEARS):
        now = at_level(rate, (1.0 + growth) ** (begin + _STEP_YEARS / 2))
        ends = (years == CAP_YEARS) & (gone + now * _STEP_YEARS >= left)
        years[ends] = begin + np.maximum(left - gone, 0.0)[ends] / now[ends]
        gone += now * _STEP_YEARS
    low, median, high = interval(years)
    return Remaining(float(np.median(np.minimum(used, 1.0))), low, median, high)


def used_since(rate: FloatArray, growth: FloatArray, service_years: float) -> FloatArray:
    """(samples,) share of the life used in years of service that ended now, if load grew as it will."""
    back = np.arange(0.0, service_years, _STEP_YEARS)
    lengths = np.minimum(_STEP_YEARS, service_years - back)
    levels = (1.0 + growth) ** -(back + lengths / 2)[:, None]
    return np.asarray(sum((at_level(rate, level) * length for level, length in zip(levels, lengths, strict=True)), np.zeros(len(growth))))


def at_level(rate: FloatArray, level: FloatArray) -> FloatArray:
    """(samples,) rate at each sample's own level: its logarithm is joined by straight lines, and goes on straight beyond the last."""
    at = np.clip(np.searchsorted(LEVELS, level) - 1, 0, len(LEVELS) - 2)
    share = (level - LEVELS[at]) / np.diff(LEVELS)[at]
    each, logs = np.arange(len(level)), np.log(rate)
    return np.asarray(np.exp(np.minimum(logs[at, each] * (1.0 - share) + logs[at + 1, each] * share, _LARGEST_LOG)))
