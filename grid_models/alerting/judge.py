"""From readings and the alarms that stand to what is new, worse, cleared and standing. Pure, and the same for every kind of reading."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from grid_models.alerting.alarm import TELEMETRY, Alarm, AlarmKind, Reading
from grid_models.alerting.causes import cause_of
from grid_models.alerting.rules import AlarmRules

_COVERED_BY = {AlarmKind.NEAR_LIMIT: AlarmKind.OVERLOAD, AlarmKind.RISING: AlarmKind.OVERLOAD}  # an overload says it all


@dataclass(frozen=True)
class AlarmChange:
    """`standing`: all that stand now, the new ones last; `new` and `worsened` are part of it, `cleared` are not."""

    new: tuple[Alarm, ...]
    worsened: tuple[Alarm, ...]
    cleared: tuple[Alarm, ...]
    standing: tuple[Alarm, ...]


def judged(
    readings: Sequence[Reading],
    at: datetime,
    standing: Sequence[Alarm],
    rules: AlarmRules,
    *,
    known: bool = True,
    unknown: Container[tuple[str, str]] = frozenset(),
) -> AlarmChange:
    """known=False: nothing is known of the network now, so that its alarms stand on; those on the telemetry are judged all the same.

    unknown: (table, element) of what alone is not known now; their alarms stand on too.
    """
    found = _not_covered({r.key: r for r in readings}, standing, rules)
    moved = [r for r in readings if r.kind is AlarmKind.POSITION]
    kept: list[Alarm] = []
    worsened: list[Alarm] = []
    cleared: list[Alarm] = []
    for alarm in standing:
        reading = found.get(alarm.key)
        blind = not known or (reading is None and (alarm.reading.table, alarm.reading.element) in unknown)
        if blind and alarm.reading.kind not in TELEMETRY:
            kept.append(alarm)
        elif reading is not None and reading.beyond(-rules.kinds[reading.kind].band):
            worse = _is_worse(alarm, reading, rules)
            kept.append(_told_again(alarm, reading, at, moved) if worse else _carried(alarm, reading, at, rules))
            worsened += kept[-1:] if worse else []
        elif _held(alarm, at, rules):
            kept.append(alarm.model_copy(update={"seen_at": min(alarm.seen_at, at)}))
        else:
            cleared.append(alarm)
    keys = {alarm.key for alarm in standing}
    new = tuple(_raised(r, at, rules, moved) for key, r in found.items() if key not in keys and r.beyond())
    return AlarmChange(new, tuple(worsened), tuple(cleared), (*kept, *new))


def _is_worse(alarm: Alarm, reading: Reading, rules: AlarmRules) -> bool:
    """A full step further out; a position that changed once more is always worth telling."""
    step = rules.kinds[reading.kind].step
    return reading.kind is AlarmKind.POSITION or (step > 0 and reading.worse_than(alarm.reported) >= step)


def _told_again(alarm: Alarm, reading: Reading, at: datetime, moved: Sequence[Reading]) -> Alarm:
    """Who knew of it knew less."""
    told = {"told_at": at, "reported": reading.value, "cause": cause_of(reading, moved), "acknowledged_by": "", "acknowledged_at": None}
    return alarm.model_copy(update={"reading": reading, "seen_at": at, **told})


def _carried(alarm: Alarm, reading: Reading, at: datetime, rules: AlarmRules) -> Alarm:
    """As it was, with its new value. Two steps better is a new start: from there one step worse is worth telling again."""
    better = reading.worse_than(alarm.reported) <= -2.0 * rules.kinds[reading.kind].step < 0.0
    return alarm.model_copy(update={"reading": reading, "seen_at": at, "reported": reading.value if better else alarm.reported})


def _held(alarm: Alarm, at: datetime, rules: AlarmRules) -> bool:
    """Not yet gone for as long as its rule asks; a clock that went back holds nothing longer than that."""
    return (at - min(alarm.seen_at, at)).total_seconds() < rules.kinds[alarm.reading.kind].hold_s


def _raised(reading: Reading, at: datetime, rules: AlarmRules, moved: Sequence[Reading]) -> Alarm:
    severity = rules.kinds[reading.kind].severity
    return Alarm(
        reading=reading, severity=severity, since=at, told_at=at, seen_at=at, reported=reading.value, cause=cause_of(reading, moved)
    )


def _not_covered(found: dict[str, Reading], standing: Sequence[Alarm], rules: AlarmRules) -> dict[str, Reading]:
    """Without the readings that a graver alarm of the same element says better, as long as that one stands."""
    keys = {alarm.key for alarm in standing}
    covered = set()
    for key, reading in found.items():
        graver = _COVERED_BY.get(reading.kind)
        other = found.get(reading.model_copy(update={"kind": graver}).key) if graver else None
        if graver and other and (other.beyond() or (other.key in keys and other.beyond(-rules.kinds[graver].band))):
            covered.add(key)
    return {key: reading for key, reading in found.items() if key not in covered}
