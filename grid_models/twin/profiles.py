"""A year of load and generation: relative profiles, 15-minute steps, interpolated between them, in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from grid_models.errors import InvalidAction
from grid_models.twin.model import FloatArray, GridModel, IntArray
from grid_models.twin.state import GridState

STEP = timedelta(minutes=15)
# SimBench stamps its 35,136 steps in German local time of 2016, so the first one is 2015-12-31 23:00 UTC.
YEAR_START = datetime(2015, 12, 31, 23, tzinfo=UTC)
DEMO_STEP = 21547  # 2016-08-12 11:45 local, windy: the standing start of the default grid


@dataclass(frozen=True, eq=False)
class Profiles:
    """`shape`: (profiles, steps), relative. Each index array names the profile row of a load or generator, -1 for a constant one."""

    shape: FloatArray
    load_p: IntArray
    load_q: IntArray
    generator_p: IntArray

    @property
    def steps(self) -> int:
        return int(self.shape.shape[1])

    def time_of(self, step: float) -> datetime:
        return YEAR_START + step * STEP

    def values_at(self, time: datetime) -> FloatArray:
        """Relative value of every profile at a plant time, linear between steps; the year repeats."""
        position = ((time - YEAR_START) / STEP) % self.steps
        low = int(position)
        share = position - low
        return np.asarray(self.shape[:, low] * (1 - share) + self.shape[:, (low + 1) % self.steps] * share)


def injections_at(model: GridModel, profiles: Profiles, time: datetime) -> dict[str, FloatArray]:
    """Load and generation of every element at a plant time [MW, Mvar], named as in `GridState`."""
    values = np.append(profiles.values_at(time), 1.0)  # row -1: constant
    return {
        "load_p_mw": model.start.load_p_mw * values[profiles.load_p],
        "load_q_mvar": model.start.load_q_mvar * values[profiles.load_q],
        "generator_p_mw": model.start.generator_p_mw * values[profiles.generator_p],
    }


@dataclass(frozen=True, eq=False)
class Grid:
    """A loaded grid: its model and, where the source has them, its profiles."""

    model: GridModel
    profiles: Profiles | None = None

    def state_at(self, time: datetime | int | None = None) -> GridState:
        """The state the source and its profiles describe at a plant time or step; the demo start by default."""
        start = GridState.at_start(self.model)
        if self.profiles is None:
            if time is not None:
                raise InvalidAction(f"Grid '{self.model.name}' has no profiles, so it has no plant time to choose; leave the time out.")
            return start
        at = self.plant_time(time)
        return start.with_arrays(plant_time=at, **injections_at(self.model, self.profiles, at))

    def plant_time(self, time: datetime | int | None = None) -> datetime:
        """UTC plant time of a step number or time within the year. Raises InvalidAction outside it."""
        if self.profiles is None:
            return GridState.at_start(self.model).plant_time
        asked = DEMO_STEP if time is None else time
        last = self.profiles.time_of(self.profiles.steps - 1)
        inside = 0 <= asked < self.profiles.steps if isinstance(asked, int) else YEAR_START <= asked <= last
        if not inside:
            raise InvalidAction(
                f"Plant time {asked} is outside the profiles of '{self.model.name}'; steps 0 to {self.profiles.steps - 1} "
                f"or {YEAR_START:%Y-%m-%dT%H:%MZ} to {last:%Y-%m-%dT%H:%MZ} work."
            )
        return self.profiles.time_of(asked) if isinstance(asked, int) else asked.astimezone(UTC)
