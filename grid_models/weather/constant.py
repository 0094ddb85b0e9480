"""One ambient temperature for all moments: what a person gives, or the standard's where nothing is known."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from grid_models.heating.series import COLDEST_CELSIUS, HOTTEST_CELSIUS
from grid_models.weather.ambient import Ambient
from grid_models.weather.moments import InvalidAmbient, moments


@dataclass(frozen=True)
class ConstantAmbient:
    """Always `celsius`. Raises InvalidAmbient for a temperature that is no ambient one."""

    celsius: float
    source: str = ""
    sigma_k: float = 0.0
    day_to_day: float = 0.0
    unverified: str = ""

    def __post_init__(self) -> None:
        if not COLDEST_CELSIUS <= self.celsius <= HOTTEST_CELSIUS:  # NaN too
            raise InvalidAmbient(
                f"An ambient temperature of {self.celsius:g} °C was given; {COLDEST_CELSIUS:g} to {HOTTEST_CELSIUS:g} °C would work."
            )

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """The same at every moment; as exact as the person says."""
        celsius = np.full(len(moments(first, steps, step_min)), self.celsius)
        return Ambient(celsius, self.sigma_k, self.day_to_day, self.source or f"{self.celsius:g} °C as given", self.unverified)
