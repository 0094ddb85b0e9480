"""What the live twin leaves behind: the history of accepted states, and the alarms that stand."""

from collections.abc import Sequence
from datetime import datetime

from grid_models.alarms import Alarm, AlarmChange, AlarmKind, Reading, Watched, alarms
from grid_models.history import History
from grid_models.limits import OperatingLimits
from grid_models.live.concerns import concerns, source_is_dead
from grid_models.live.conclusion import Conclusion

_CONFIRMED = 3  # sets in a row: of 900 sets an hour some nine have a good meter removed by chance (1 %), hardly ever the same one again


class TwinRecord:
    """One thread notes; others may read `standing` and `history`."""

    def __init__(self, history: History, standing: Sequence[Alarm] = ()) -> None:
        self.history = history
        self.standing: tuple[Alarm, ...] = tuple(standing)
        self._before: Watched | None = None
        self._in_a_row: dict[str, int] = {}

    def note(self, found: Conclusion, limits: OperatingLimits) -> AlarmChange:
        """One conclusion; its state enters the history if it is accepted."""
        solution = found.solution if found.accepted else None
        if solution is not None:
            quality = f"{found.left_out} left out" if found.left_out else "good"
            self.history.append(found.plant_time, solution, quality)
        return self._judge(Watched(found.plant_time, solution, limits, known=solution is not None, concerns=self._confirmed(found)))

    def silence(self, plant_time: datetime, why: str, limits: OperatingLimits) -> AlarmChange:
        """No telemetry came."""
        dead = source_is_dead(self.history.model.name, why)
        return self._judge(Watched(plant_time, None, limits, known=False, concerns=(dead,)))

    def _confirmed(self, found: Conclusion) -> tuple[Reading, ...]:
        """What is said against the telemetry; a bad measurement only once it was bad several times in a row."""
        now = concerns(found)
        self._in_a_row = {r.key: self._in_a_row.get(r.key, 0) + 1 for r in now}
        standing = {a.key for a in self.standing}
        return tuple(r for r in now if r.kind is not AlarmKind.BAD_MEASUREMENT or r.key in standing or self._in_a_row[r.key] >= _CONFIRMED)

    def _judge(self, now: Watched) -> AlarmChange:
        change = alarms(self._before, now, self.standing)
        self.standing = change.standing
        if now.known:
            self._before = now
        return change
