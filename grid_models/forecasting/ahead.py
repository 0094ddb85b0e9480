"""A forecast as a value: relative profiles ahead, and what they mean for every load and generator."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from grid_models.forecasting.back_test import BackTestRow
from grid_models.forecasting.followers import Followers
from grid_models.twin.model import FloatArray, GridModel

LEAST_SIGMA_MW = 0.02  # a standard deviation of zero would be a constraint; engineering judgement, below what telemetry resolves


@dataclass(frozen=True, eq=False)
class Forecast:
    """One forecast. `times[0]` is the last step known before plant time, the others follow at 15 minutes; NaN: unknown.

    values, sigmas: (rows, steps) relative values and standard deviations of every profile and constant, `rows` as in `Followers`.
    back_test: error of each group's total at each of `HORIZONS_H`.  based_until: time of the newest value used, None where none is.
    unverified: no error was measured, it is engineering judgement.
    """

    model: GridModel
    rows: Followers
    times: tuple[datetime, ...]
    values: FloatArray
    sigmas: FloatArray
    back_test: tuple[BackTestRow, ...]
    method: str
    based_until: datetime | None
    unverified: bool

    @cached_property
    def load_p_mw(self) -> FloatArray:
        """(loads, steps), positive when drawn."""
        return self.model.start.load_p_mw[:, None] * self.values[self.rows.load_p]

    @cached_property
    def load_q_mvar(self) -> FloatArray:
        """(loads, steps), positive when drawn."""
        return self.model.start.load_q_mvar[:, None] * self.values[self.rows.load_q]

    @cached_property
    def generator_p_mw(self) -> FloatArray:
        """(generators, steps) available or scheduled, positive when injected."""
        return self.model.start.generator_p_mw[:, None] * self.values[self.rows.generator_p]

    @cached_property
    def load_p_sigma_mw(self) -> FloatArray:
        """(loads, steps); the errors of loads that share a profile are one error, not independent ones."""
        return sigma_of(self.model.start.load_p_mw[:, None], self.sigmas[self.rows.load_p])

    @cached_property
    def load_q_sigma_mvar(self) -> FloatArray:
        """(loads, steps), as for active power."""
        return sigma_of(self.model.start.load_q_mvar[:, None], self.sigmas[self.rows.load_q])

    @cached_property
    def generator_p_sigma_mw(self) -> FloatArray:
        """(generators, steps), as for loads."""
        return sigma_of(self.model.start.generator_p_mw[:, None], self.sigmas[self.rows.generator_p])


def sigma_of(power: FloatArray, share: FloatArray) -> FloatArray:
    """Standard deviation [MW or Mvar] from the start value and the relative one."""
    return np.maximum(np.abs(power) * share, LEAST_SIGMA_MW)
