"""What a conclusion says against the telemetry itself, as readings for the alarm engine."""

from collections.abc import Iterator

from grid_models.alerting.alarm import AlarmKind, Reading
from grid_models.live.conclusion import Conclusion
from grid_models.telemetry.refusals import Reason, Refusal

_OLD = (Reason.STALE, Reason.OLD_POSITION)
_UNREMARKABLE = (Reason.SUPERSEDED, Reason.INVALID)  # the source says so itself, or a newer value came
_TABLE = "telemetry"


def concerns(found: Conclusion) -> tuple[Reading, ...]:
    """Bad meters, wrong positions, contradictions, stations that are silent, parts that cannot be seen, a set that cannot be believed."""
    return (*_meters(found), *_positions(found), *_stations(found), *_unseen(found), *_doubts(found))


def source_is_dead(grid: str, why: str) -> Reading:
    """Nothing comes any more."""
    return Reading(kind=AlarmKind.SOURCE_DEAD, table=_TABLE, element=grid, words=why)


def _meters(found: Conclusion) -> Iterator[Reading]:
    for bad in found.bad_meters:
        words = f"reads {bad.measured:.4g} {bad.unit}, estimate {bad.estimated:.4g} {bad.unit}: {bad.verdict}"
        yield Reading(kind=AlarmKind.BAD_MEASUREMENT, table=_TABLE, element=f"{bad.words} of {bad.element}", words=words)
    for odd in found.contradictions:
        words = f"reads {odd.measured:.4g} {odd.unit} although the positions allow none"
        yield Reading(kind=AlarmKind.BAD_MEASUREMENT, table=_TABLE, element=f"{odd.words} of {odd.element}", words=words)


def _positions(found: Conclusion) -> Iterator[Reading]:
    for wrong in found.wrong_positions:
        words = f"reported {wrong.reported}, but the measurements around it fit only if it is {wrong.concluded}"
        yield Reading(kind=AlarmKind.BAD_MEASUREMENT, table=_TABLE, element=f"position of {wrong.element}", words=words)


def _stations(found: Conclusion) -> Iterator[Reading]:
    by_station: dict[str, list[Refusal]] = {}
    for refusal in (*found.admitted.refused, *found.admitted.old):
        if refusal.reason not in _UNREMARKABLE:
            by_station.setdefault(refusal.station, []).append(refusal)
    for station, refusals in by_station.items():
        kind = AlarmKind.STALE if any(r.reason in _OLD for r in refusals) else AlarmKind.BAD_MEASUREMENT
        worst = max(refusals, key=lambda r: r.count)
        yield Reading(kind=kind, table=_TABLE, element=station or "telemetry", place=station, words=worst.words())


def _unseen(found: Conclusion) -> Iterator[Reading]:
    seen = found.diagnosis.seen if found.diagnosis else None
    if seen is not None and not seen.observable:
        buses = ", ".join(seen.unobservable_buses[:3])
        more = f" and {seen.unobservable_bus_count - 3} more" if seen.unobservable_bus_count > 3 else ""
        wanted = " and ".join(m.words for m in seen.missing[:2])
        words = f"{buses}{more} cannot be determined; {wanted} would help"
        yield Reading(kind=AlarmKind.UNOBSERVABLE, table=_TABLE, element=found.grid, words=words)


def _doubts(found: Conclusion) -> Iterator[Reading]:
    for doubt in found.doubts:
        yield Reading(kind=AlarmKind.NOT_ACCEPTED, table=_TABLE, element=found.grid, words=doubt)
