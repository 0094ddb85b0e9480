"""The point of a cascade in one sentence."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.cascade_result import CascadeResult, EventRow

_NOTHING_MW = 0.05
_NAMED = 2  # branches; more are counted


def sentence(found: "CascadeResult") -> str:
    """What happens if nobody acts, when it begins, where it ends."""
    start = f"Losing {_joined(found.outages)}"
    if not found.trips:
        lost = f", but {found.lost_load_mw:.1f} MW of load are lost at once" if found.lost_load_mw > _NOTHING_MW else " and no load is lost"
        if found.sheddings:
            return f"{start} trips nothing else, but load is shed {found.sheddings} times: {found.lost_load_mw:.1f} MW of load are lost."
        where = "" if found.ratings_usable else " as far as ratings are known (some are not usable)"
        return f"{start} does not spread{where}: no relay acts within {found.horizon_minutes:.3g} min{lost}."
    spread = f"{start} spreads: {_first(found)}, {found.trips} trip{'s' * (found.trips != 1)} in all"
    lost = (
        f"{found.lost_load_mw:.1f} MW of load ({found.lost_load_percent:.1f} %) are lost"
        if found.lost_load_mw > _NOTHING_MW
        else "no load is lost"
    )
    return f"{spread}{_anyway(found)}; {lost} and it ends after {_span(found.ends_at_s)} ({found.ends}){_stopped(found)}."


def _first(found: "CascadeResult") -> str:
    """The first trip, by name where it is among the events listed."""
    event = next((e for e in found.events if e.kind in ("trip", "machine trip")), None)
    return _told(event) if event else f"the first trip comes after {_span(found.first_trip_s or 0.0)}"


def _anyway(found: "CascadeResult") -> str:
    """What an outage is not to be blamed for."""
    already = found.tripping_before
    if not already:
        return ""
    named = _joined(already) if len(already) <= _NAMED else f"{len(already)} of the branches"
    return f" ({named} would trip without this outage too)"


def _told(event: "EventRow") -> str:
    loaded = f", {event.loading_percent:.0f} %" if event.loading_percent is not None else ""
    return f"{event.element} trips after {_span(event.at_s)} ({event.cause}{loaded})"


def _span(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def _stopped(found: "CascadeResult") -> str:
    best = found.stops[0] if found.stops else None
    if best is None:
        return ""
    when = f"after {found.reaction_minutes:.3g} min" if best.in_time else "at once, which no operator could,"
    return f"; to {best.change} {when} would leave {best.trips} trip{'s' * (best.trips != 1)} and {best.lost_load_mw:.1f} MW lost"


def _joined(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
