"""The embedded plant: a year of profiles running on its own clock. Only it holds the truth."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from grid_models.actions import Action
from grid_models.errors import InvalidAction, NotOnline, PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.fault_effects import BoundFault, armed, bound, faulted
from grid_models.telemetry.faults import DeadSource, Fault
from grid_models.telemetry.instruments import Instruments, instruments_of
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.telemetry.readings import without_supply
from grid_models.telemetry.scada import Scada
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid, injections_at
from grid_models.twin.state import GridState
from grid_models.twin.state_store import load_state, save_state


class SimulatedPlant:
    """Statuses, taps and set-points change by command only; load and generation follow the profiles.

    The clock runs `pace` times as fast as `now` (wall UTC) and stands still while no owner runs; the file in `folder` resumes it.
    """

    def __init__(
        self,
        grid: Grid,
        folder: Path,
        now: Callable[[], datetime],
        pace: float = 1.0,
        start: datetime | int | None = None,
        seed: int = 0,
    ) -> None:
        self._grid, self._path, self._now, self._pace, self._seed = grid, folder / "plant.npz", now, pace, seed
        self._lock = threading.Lock()
        self._metering = threading.Lock()  # taken before the other: sets come one after the other, in the order of their times
        self._faults: tuple[BoundFault, ...] = ()
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

    def telemetry(self) -> Telemetry:
        """What the meters report at this moment: noisy, behind dead bands, at their stations' scan times; zero volts without supply.

        Injected faults act on it. Raises NotOnline while the source is dead.
        """
        with self._metering:
            truth = self._advanced()
            at = truth.plant_time
            if any(isinstance(f.fault, DeadSource) and f.fault.active(at) for f in self._faults):
                raise NotOnline(f"The measurements of '{self.model.name}' have stopped; the source is dead at {at:%Y-%m-%d %H:%M:%S} UTC.")
            published = self._scada.publish(_solved(truth), at, self._now())
            self._faults = tuple(armed(f, published.measurements, at) for f in self._faults)
            return replace(published, measurements=faulted(published.measurements, self._faults, at))

    def inject(self, fault: Fault) -> None:
        """Let something go wrong with the measurements; the truth stays. Raises InvalidFault where there is no such meter."""
        with self._metering:
            self._faults = (*self._faults, bound(fault, self.model, self.instruments, self.plant_time()))

    def clear_faults(self) -> None:
        """Every injected fault ends."""
        with self._metering:
            self._faults = ()

    @cached_property
    def instruments(self) -> Instruments:
        """The meters of this plant."""
        return instruments_of(self.model, self._seed)

    @cached_property
    def _scada(self) -> Scada:
        return Scada(self.instruments, self._seed)

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


def _solved(truth: GridState) -> Solution:
    """What flows; without any power flow (blackout, collapse) nothing does."""
    try:
        return solve(truth)
    except PowerFlowDiverged:
        return without_supply(truth)
