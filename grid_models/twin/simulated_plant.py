"""The embedded plant: a year of profiles running on its own clock. Only it holds the truth."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from grid_models.twin.measurements import Measurements
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid, injections_at
from grid_models.twin.state import ARRAY_FIELDS, GridState
from grid_models.twin.state_store import load_state, save_state


class SimulatedPlant:
    """Fulfils `Plant`. Statuses, taps and set-points change by command only; load and generation follow the profiles.

    The clock runs `pace` times as fast as `now` (wall UTC) and stands still while no owner runs; the file in `folder` resumes it.
    """

    def __init__(
        self, grid: Grid, folder: Path, now: Callable[[], datetime], pace: float = 1.0, start: datetime | int | None = None
    ) -> None:
        self._grid, self._path, self._now, self._pace = grid, folder / "plant.npz", now, pace
        self._lock = threading.Lock()
        stored = load_state(grid.model, self._path)
        if stored is not None and start is None:
            self._truth, keys = stored[0], stored[1].get("keys", [])
            self._keys = {str(k) for k in keys} if isinstance(keys, list) else set()
        else:
            self._truth, self._keys = grid.state_at(start if grid.profiles else None), set()
        self._anchor = (now(), self._truth.plant_time)
        self.save()

    @property
    def model(self) -> GridModel:
        return self._grid.model

    def plant_time(self) -> datetime:
        """The plant's clock. A grid without profiles has a standing one."""
        wall, plant = self._anchor
        if self._grid.profiles is None:
            return plant
        return plant + timedelta(seconds=max((self._now() - wall).total_seconds(), 0.0) * self._pace)

    def measure(self) -> Measurements:
        """Exact telemetry of this moment."""
        truth = self._advanced()
        return Measurements(plant_time=truth.plant_time, taken_at=self._now(), values={name: getattr(truth, name) for name in ARRAY_FIELDS})

    def execute(self, action: Action, key: str) -> None:
        """Carry out a command once; the key is stored with the new state in one atomic write."""
        if action.is_hypothetical:
            raise InvalidAction(f"'{action.words()}' is a what-if; a plant cannot carry it out.")
        with self._lock:
            if key in self._keys:
                return
            self._truth = self._follow(self._truth.apply([action]))
            self._keys.add(key)
            self._write()

    def save(self) -> None:
        """Store the state and the clock, so that a restart resumes here."""
        with self._lock:
            self._truth = self._follow(self._truth)
            self._write()

    def _advanced(self) -> GridState:
        with self._lock:
            self._truth = self._follow(self._truth)
            return self._truth

    def _follow(self, state: GridState) -> GridState:
        if self._grid.profiles is None:
            return state
        at = self.plant_time()
        return state.with_arrays(plant_time=at, **injections_at(self._grid.model, self._grid.profiles, at))

    def _write(self) -> None:
        save_state(self._truth, self._path, {"keys": sorted(self._keys)})
