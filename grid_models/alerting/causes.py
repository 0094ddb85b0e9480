"""What belongs together: alarms of one cause are one group with one sentence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from grid_models.alerting.alarm import TELEMETRY, Alarm, AlarmKind, Reading, Severity

_VOLTAGES = frozenset({AlarmKind.OVERVOLTAGE, AlarmKind.UNDERVOLTAGE, AlarmKind.VOLTAGE_MOVES})
_SHOWN = 3  # positions named in a cause


@dataclass(frozen=True)
class AlarmGroup:
    """`alarms` in the order they stand; `severity`: the gravest."""

    cause: str
    severity: Severity
    alarms: tuple[Alarm, ...]
    sentence: str


def cause_of(reading: Reading, moved: Sequence[Reading]) -> str:
    """What to group a fresh alarm by: the positions that changed with it, its station's telemetry, its voltage region, or itself.

    That what moved in the same interval caused it is a reading of the order of events, not a proof.
    """
    if reading.kind in TELEMETRY:
        return f"telemetry of {reading.place}" if reading.place else f"telemetry of {reading.element}"
    if moved:
        named = ", ".join(f"{m.element} {m.words}" for m in moved[:_SHOWN])
        return f"{named} and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else named
    if reading.kind in _VOLTAGES and reading.place:
        return f"{reading.kind} in {reading.place}"
    return reading.element


def grouped(alarms: Sequence[Alarm]) -> tuple[AlarmGroup, ...]:
    """One group a cause, gravest first, then the oldest."""
    by_cause: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        by_cause.setdefault(alarm.cause, []).append(alarm)
    groups = [_group(cause, tuple(members)) for cause, members in by_cause.items()]
    return tuple(sorted(groups, key=lambda g: (-g.severity.rank, min(a.since for a in g.alarms))))


def _group(cause: str, alarms: tuple[Alarm, ...]) -> AlarmGroup:
    worst = max(alarms, key=lambda a: (a.severity.rank, _share_beyond(a.reading)))
    counts = Counter(a.reading.kind for a in alarms)
    if len(alarms) == 1:
        alone = worst.reading.sentence().rstrip(".")
        said = cause.removeprefix("telemetry of ") in alone or worst.reading.kind is AlarmKind.POSITION
        sentence = f"{alone}." if said else f"{cause}: {alone}."
    else:
        listed = ", ".join(f"{number} × {kind}" for kind, number in counts.items())
        sentence = f"{cause}: {listed}; worst {worst.reading.sentence().rstrip('.')}."
    return AlarmGroup(cause, worst.severity, alarms, sentence)


def _share_beyond(reading: Reading) -> float:
    return abs(reading.value - reading.limit) / abs(reading.limit) if reading.value is not None and reading.limit else 0.0
