"""What if it is this warm from now on? A constant ambient after a moment; before it, the weather as it was."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from grid_models.weather.ambient import Ambient, AmbientSource
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.moments import moments


@dataclass(frozen=True)
class FromNow:
    """`celsius` from `now` on, `before` until then."""

    celsius: float
    now: datetime
    before: AmbientSource

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """Raises InvalidAmbient for a temperature that is no ambient one."""
        held = ConstantAmbient(self.celsius).ambient(first, steps, step_min)
        if first >= self.now:
            return held
        past = self.before.ambient(first, steps, step_min)
        after = moments(first, steps, step_min) >= self.now.timestamp()
        source = f"{past.source}; then {held.source}"
        return Ambient(np.where(after, held.celsius, past.celsius), past.sigma_k, past.day_to_day, source, past.unverified)
