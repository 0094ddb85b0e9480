"""The live twin: telemetry goes in, set after set, and the latest state that may be believed stands ready.

It never sees the plant. A set that contradicts itself changes nothing but what is said about it.
"""

import threading

import numpy as np

from grid_models.actions import Action, ActionKind
from grid_models.errors import AeipError
from grid_models.estimation.wrong_positions import Flip
from grid_models.live.conclusion import Conclusion, conclude
from grid_models.live.expectations import expectations
from grid_models.live.meter_memory import MeterMemory
from grid_models.telemetry.door import Admitted, admit
from grid_models.telemetry.door_memory import DoorMemory
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState


class LiveTwin:
    """One thread takes sets; any thread may read `latest` and `last`. Its memory does not grow."""

    def __init__(self, grid: Grid, instruments: Instruments | None, known: GridState | None = None, *, foreign: bool = False) -> None:
        """`known`: the last state believed before a restart.  foreign: see `expectations`."""
        self.grid, self.instruments, self._foreign = grid, instruments, foreign
        self._known = known or GridState.at_start(grid.model)
        self._taking = threading.Lock()
        self._door: DoorMemory | None = None
        self._meters = MeterMemory.empty()
        self._likely: tuple[Flip, ...] = ()
        self._ordered_taps: set[int] = set()
        self.latest: Conclusion | None = None
        self.last: Conclusion | None = None

    def take(self, telemetry: Telemetry) -> Conclusion:
        """Conclude from one set. Raises nothing for any content: what is wrong with it stands in the conclusion."""
        with self._taking:
            admitted = self._admitted(telemetry)
            expected = expectations(self.grid, telemetry.plant_time, foreign=self._foreign)
            start = self.latest.diagnosis.after if self.latest is not None and self.latest.diagnosis is not None else None
            found = conclude(telemetry, admitted, self._known, expected, start=start, likely=self._likely, meters=self._meters)
            self._remember(found)
            return found

    def ordered(self, action: Action) -> None:
        """A command is on its way: a tap may jump to where it was sent."""
        if action.kind is ActionKind.SET_TAP and action.element:
            try:
                moved = self._known.apply([action]).tap
            except AeipError:  # the plant will refuse it too
                return
            self._ordered_taps |= set(np.flatnonzero(moved != self._known.tap).tolist())

    def _admitted(self, telemetry: Telemetry) -> Admitted:
        at_s = telemetry.plant_time.timestamp()
        taps = np.array(sorted(self._ordered_taps), dtype=np.int64)
        admitted = admit(telemetry.measurements, self.instruments, self.grid.model, self._door, at_s, ordered_taps=taps)
        self._door = admitted.memory
        return admitted

    def _remember(self, found: Conclusion) -> None:
        self.last = found
        if found.diagnosis is not None:
            flip = found.diagnosis.flip
            self._likely = (flip, *found.diagnosis.instead) if flip else ()
            bad = [i for r in found.diagnosis.cleaned.removed for i in r.measurements]
            self._meters = self._meters.after(found.measurements, found.diagnosis.after.estimated, found.plant_time.timestamp(), bad)
        if found.accepted and found.state is not None:
            self.latest, self._known = found, found.state
            self._ordered_taps.clear()
