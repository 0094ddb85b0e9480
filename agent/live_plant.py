"""The owned plant with the twin that watches it: telemetry in, accepted states, history and alarms out, all of it kept for a restart."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grid_models.actions import Action
from grid_models.alarms import Alarm, AlarmsUnreadable, restored, stored
from grid_models.errors import NotOnline
from grid_models.history import resumed
from grid_models.limits import OperatingLimits
from grid_models.live.conclusion import Conclusion
from grid_models.live.record import TwinRecord
from grid_models.live.twin import LiveTwin
from grid_models.live.view import TwinView
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.stored import load_telemetry, save_telemetry
from grid_models.twin.model import GridModel
from grid_models.twin.plant import MeasuredPlant
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.twin.state_store import load_state, save_state

log = logging.getLogger(__name__)

_HISTORY_EVERY = 15  # rounds between two writes of the history: about a minute


@dataclass
class LivePlant:
    """Fulfils `Plant`. One thread commands; any may look and read `view`."""

    grid: Grid
    source: MeasuredPlant
    folder: Path
    limits: Callable[[], OperatingLimits]
    now: Callable[[], datetime]
    foreign: bool = False  # a recording: the grid's profiles say nothing of it
    _rounds: int = field(default=0, init=False)
    _looking: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        before = self._published_before()
        history, lost = resumed(self.grid.model, self.folder / "history.npz")
        if lost:
            log.warning(lost)
        self.twin = LiveTwin(self.grid, instruments_of(self.grid.model), before.state if before else None, foreign=self.foreign)
        self.record = TwinRecord(history, before.alarms if before else ())
        self._view = before

    def _published_before(self) -> TwinView | None:
        """What was published last. A crash may leave half a file of it, as it is not forced to the disk; a fresh set comes at once."""
        try:
            return stored_view(self.grid, self.folder)
        except NotOnline as damaged:
            log.warning(str(damaged))
            return None

    @property
    def model(self) -> GridModel:
        return self.source.model

    @property
    def view(self) -> TwinView | None:
        """What is known now; None before the first accepted state."""
        return self._view

    def look(self) -> Conclusion | None:
        """One round: measure, conclude, note, keep. None while no telemetry comes.

        One after the other, whoever asks: an older set that arrives behind a newer one would pass for a clock that went back.
        """
        with self._looking:
            return self._look()

    def _look(self) -> Conclusion | None:
        self.source.save()
        self._rounds += 1
        try:
            telemetry = self.source.telemetry()
        except NotOnline as silent:
            self.record.silence(self.source.plant_time(), str(silent), self.limits())
            self._publish(None, str(silent))
            return None
        found = self.twin.take(telemetry)
        self.record.note(found, self.limits())
        self._publish(found)
        return found

    def observe(self) -> GridState:
        """The state of this moment, through fresh measurements. Raises NotOnline when it cannot be believed: nothing may rest on it."""
        found = self.look()
        if found is not None and found.accepted and found.state is not None:
            return found.state
        why = found.doubts[0] if found is not None else self._view.doubts[0] if self._view else "no telemetry comes"
        raise NotOnline(f"The present state of '{self.model.name}' cannot be believed: {why}")

    def execute(self, action: Action, key: str) -> None:
        """Pass a command on; see `MeasuredPlant.execute`."""
        self.twin.ordered(action)
        self.source.execute(action, key)

    def save(self) -> None:
        """Store the plant's clock and the history."""
        self.source.save()
        self.record.history.save(self.folder / "history.npz")

    def _publish(self, found: Conclusion | None, silence: str = "") -> None:
        """The view of now, also for other processes on this data folder."""
        before = self._view
        doubts = (silence,) if found is None else found.doubts
        if found is not None and found.accepted and found.state is not None:
            state, taken_at, left_out = found.state, found.telemetry.taken_at, found.left_out
        elif before is not None:
            state, taken_at, left_out = before.state, before.accepted_at, before.left_out
        else:
            return  # nothing was ever accepted
        telemetry = found.telemetry if found is not None else before.telemetry if before else None
        last = found if found is not None else before.last if before else None
        kept = self.record.history, self.record.standing
        self._view = TwinView(self.grid, state, taken_at, telemetry, left_out, doubts, *kept, last, self.foreign)
        self._keep(self._view)

    def _keep(self, view: TwinView) -> None:
        notes = {
            "accepted_at": view.accepted_at.isoformat(),
            "left_out": view.left_out,
            "doubts": list(view.doubts),
            "foreign": view.foreign,
        }
        save_state(view.state, self.folder / "accepted.npz", {**notes, "alarms": json.loads(stored(view.alarms))}, durable=False)
        if view.telemetry is not None:
            save_telemetry(view.telemetry, self.model, self.folder / "telemetry.npz")
        if self._rounds % _HISTORY_EVERY == 0:
            self.record.history.save(self.folder / "history.npz")


def stored_view(grid: Grid, folder: Path) -> TwinView | None:
    """What the plant's owner published last; None where nothing was. Raises NotOnline for damaged files."""
    found = load_state(grid.model, folder / "accepted.npz")
    if found is None:
        return None
    state, notes = found
    telemetry = load_telemetry(grid.model, folder / "telemetry.npz")
    taken_at = str(notes.get("accepted_at") or state.plant_time.isoformat())
    doubts, left_out = notes.get("doubts"), notes.get("left_out")
    return TwinView(
        grid=grid,
        state=state,
        accepted_at=datetime.fromisoformat(taken_at),
        telemetry=telemetry,
        left_out=left_out if isinstance(left_out, int) else 0,
        doubts=tuple(map(str, doubts)) if isinstance(doubts, list) else (),
        history=resumed(grid.model, folder / "history.npz")[0],
        alarms=_alarms(notes.get("alarms")),
        foreign=notes.get("foreign") is True,
    )


def _alarms(notes: object) -> tuple[Alarm, ...]:
    try:
        return restored(json.dumps(notes or []))
    except AlarmsUnreadable as error:
        log.warning(str(error))
        return ()
