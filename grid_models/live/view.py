"""What studies and answers may know of the live twin besides the state: its age and quality, telemetry, history and alarms."""

from dataclasses import dataclass
from datetime import datetime

from grid_models.alarms import Alarm
from grid_models.history import History
from grid_models.live.conclusion import Conclusion
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

STALE_AFTER_S = 60.0  # engineering judgement: fifteen scans; after that "now" is no longer now


@dataclass(frozen=True, eq=False)
class TwinView:
    """`state`: the latest accepted one, accepted_at: wall UTC of its telemetry.  telemetry: the latest set as it came, None if none did.

    left_out: measurements found wrong in the accepted set.  doubts: why what came later was not accepted, or why nothing came.
    last: what was concluded from `telemetry`, in the owner's process only.
    """

    grid: Grid
    state: GridState
    accepted_at: datetime
    telemetry: Telemetry | None = None
    left_out: int = 0
    doubts: tuple[str, ...] = ()
    history: History | None = None
    alarms: tuple[Alarm, ...] = ()
    last: Conclusion | None = None
    foreign: bool = False  # see `expectations`

    def age_s(self, now: datetime) -> float:
        """Wall seconds since the accepted state was measured."""
        return max((now - self.accepted_at).total_seconds(), 0.0)

    def words(self, now: datetime) -> str:
        """'live estimate, 4 s old' and what is wrong with it, for the foot of an answer."""
        age = self.age_s(now)
        told = f"live estimate, {f'{age:.0f} s' if age < 120 else f'{age / 60:.0f} min'} old"
        if self.left_out:
            told += f", {self.left_out} bad measurement{'s' * (self.left_out > 1)} left out"
        if self.doubts:
            told += f"; newer telemetry is not trusted: {self.doubts[0]}"
        elif age > STALE_AFTER_S:
            told += "; no newer telemetry came"
        return told
