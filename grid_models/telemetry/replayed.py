"""A recording watched as if it were a plant: its clock starts at the first scan and runs at its pace; nothing can be commanded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from grid_models.actions import Action
from grid_models.errors import InvalidAction, NotOnline
from grid_models.telemetry.door import MAX_AGE_S
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.telemetry.replay import Replay
from grid_models.telemetry.scada import SCAN_S
from grid_models.twin.model import GridModel


class ReplayedPlant:
    """Fulfils `MeasuredPlant`."""

    def __init__(self, model: GridModel, recorded: Replay, now: Callable[[], datetime], pace: float = 1.0) -> None:
        """Raises NotOnline for a recording without a row that can be read."""
        if not len(recorded.measurements):
            raise NotOnline(f"The recording for '{model.name}' holds no measurement that can be read; one row would work.")
        self._model, self._recorded, self._now, self._pace = model, recorded, now, pace
        self._anchor = now()

    @property
    def model(self) -> GridModel:
        return self._model

    def plant_time(self) -> datetime:
        """The recording's clock; it does not stop at the end."""
        passed = max((self._now() - self._anchor).total_seconds(), 0.0) * self._pace
        return self._time(0) + timedelta(seconds=SCAN_S + passed)

    def telemetry(self) -> Telemetry:
        """What is known at this moment. Raises NotOnline once the recording has been over for longer than values stay usable."""
        at, end = self.plant_time(), self._time(-1)
        if (at - end).total_seconds() > MAX_AGE_S:
            raise NotOnline(f"The recording for '{self.model.name}' ended at {end:%Y-%m-%d %H:%M:%S} UTC.")
        return Telemetry(at, self._now(), self._recorded.known_at(at.timestamp()))

    def execute(self, action: Action, key: str) -> None:
        """Nothing behind a recording could obey."""
        raise InvalidAction(f"'{action.words()}' cannot be carried out: what is watched is a recording; a plant would be needed.")

    def save(self) -> None:
        """A recording is not changed by being watched."""

    def _time(self, row: int) -> datetime:
        return datetime.fromtimestamp(float(self._recorded.measurements.time_s[row]), UTC)
