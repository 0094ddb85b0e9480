"""One event of a cascade, or its result: times in the unit that reads best, and what happened in words."""

from agent.answer import Call
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import joined
from agent.rendering.reading import texts
from agent.rendering.thermal_rows import RowMarks, listed

_SECONDS_UP_TO = 120.0  # then minutes, then hours; engineering judgement
_MINUTES_UP_TO = 7200.0
TRIPS = ("trip", "machine trip")
_HAPPENED = {
    "outage": "{} fails",
    "trip": "{} trips",
    "machine trip": "{} trips",
    "shed": "{}: load is shed",
    "island lost": "the part around {} loses its supply",
    "collapse": "voltage collapses around {}",
}


def span(row: RowMarks, key: str) -> str:
    """'12.4 s', '3.2 min' or '2.5 h'; whole numbers without decimals."""
    seconds = row.amount(key)
    unit, size = ("s", 1.0) if seconds < _SECONDS_UP_TO else ("min", 60.0) if seconds < _MINUTES_UP_TO else ("hours", 3600.0)
    shown = seconds / size
    return row(key, 0 if abs(shown - round(shown)) < 1e-6 else 1, unit)


def minutes(row: RowMarks, key: str) -> str:
    """'15 min', '2.5 min': what somebody chose."""
    return row(key, 0 if abs(row.amount(key) - round(row.amount(key))) < 1e-6 else 1)


def after(row: RowMarks, key: str) -> str:
    """'after 12.4 s', or 'at once'."""
    return f"after {span(row, key)}" if row.amount(key) > 0 else "at once"


def happened(event: RowMarks) -> str:
    """What an event is, in words."""
    return _HAPPENED.get(event.text("kind"), f"{{}}: {event.text('kind')}").format(event.name)


def why(event: RowMarks) -> str:
    """'overcurrent SI, 156.0 %'."""
    loaded = [event("loading_percent")] if event.number("loading_percent") is not None else []
    return ", ".join([*([said] if (said := event.text("cause")) else []), *loaded])


def first_trip(call: Call) -> RowMarks | None:
    """The first relay that acts; None where none does, or where the list of events ends before."""
    return next((e for e in listed(call, "events") if e.text("kind") in TRIPS), None)


def lost(row: RowMarks) -> list[str]:
    """'84.2 MW of load', '37.3 MW of generation': what is worth telling."""
    return [f"{row(f'lost_{what}_mw')} of {what}" for what in ("load", "generation") if row.amount(f"lost_{what}_mw") > NEGLIGIBLE_MW]


def many(row: RowMarks, key: str, what: str) -> str:
    """'1 trip', '7 trips'."""
    return f"{row(key)} {what}{'s' * (row.amount(key) != 1)}"


def outages(call: Call) -> str:
    """What failed at the beginning."""
    return joined(texts(call.result, "outages"))
