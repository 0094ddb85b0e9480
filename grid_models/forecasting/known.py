"""What is known at a plant time: the profile values strictly before it, and nothing later. The one place that cuts.

Every other file of this folder gets a `History` and never sees `Profiles`, so that no later value can reach a forecast.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.profiles import STEP, YEAR_START, Profiles

STEPS_A_DAY = timedelta(days=1) // STEP
LOOKBACK_DAYS = 168  # 28 days of similar days, 105 days fitted, 35 days tested
BLOCK = 32  # profiles worked on at once: their errors at every step ahead would be gigabytes for hundreds of them
_FIRST_WEEKDAY = (YEAR_START + timedelta(hours=1)).weekday()  # profile days are German local days: step 0 is local midnight


@dataclass(frozen=True, eq=False)
class History:
    """`values`: (profiles, known steps), relative, oldest first.  `first_step`: number of the oldest in the profiles' count."""

    values: FloatArray
    first_step: int

    @property
    def length(self) -> int:
        return int(self.values.shape[1])

    def time_of(self, index: int) -> datetime:
        """Plant time of a column; columns past the end are the steps to come."""
        return YEAR_START + (self.first_step + index) * STEP

    def day_kinds(self, columns: int) -> IntArray:
        """0 working day, 1 Saturday, 2 Sunday, for the first `columns` columns (those to come included). Holidays are not known."""
        weekday = ((self.first_step + np.arange(columns)) // STEPS_A_DAY + _FIRST_WEEKDAY) % 7
        return np.maximum(weekday - 4, 0)


def steps_before(at: datetime) -> int:
    """How many profile steps lie strictly before a plant time; negative before the year of the profiles."""
    return -((at - YEAR_START) // -STEP)


def history_before(profiles: Profiles, at: datetime, days: int = LOOKBACK_DAYS) -> History:
    """The last days before a plant time, fewer where the year has just begun; in a second year, also of the first."""
    end = max(0, steps_before(at))
    first = max(0, end - days * STEPS_A_DAY)
    return History(profiles.shape[:, np.arange(first, end) % profiles.steps], first)
