"""What would have stopped a cascade? Single actions, simulated; nothing was done."""

from agent.answer import Call
from agent.rendering.cascade_point import ending, spreads
from agent.rendering.cascade_rows import TRIPS, after, many, minutes
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import table
from agent.rendering.thermal_rows import RowMarks, listed, of_result

_SHOWN = 5


def useful(call: Call) -> list[RowMarks]:
    """Those that save load, or after which nothing trips where something would have."""
    return [r for r in listed(call, "stops") if _saves(call, r) or (not r.amount("trips") and _trips_after(call, r))]


def _saves(call: Call, row: RowMarks) -> bool:
    return of_result(call).amount("lost_load_mw") - row.amount("lost_load_mw") > NEGLIGIBLE_MW


def _trips_after(call: Call, row: RowMarks) -> float:
    """Those that come after the action if it is not done; all, where not all events are listed."""
    events = listed(call, "events")
    if of_result(call).amount("events_total") > len(events):
        return of_result(call).amount("trips")
    return sum(e.text("kind") in TRIPS and e.amount("at_s") >= row.amount("at_s") for e in events)


def stopped(call: Call) -> str:
    """' To cap HV1 Sgen 54 at 20 MW after 15 min would leave ...'; empty where nothing helps."""
    best = next(iter(useful(call)), None)
    return f" {_told(call, best)}." if best else ""


def _told(call: Call, row: RowMarks) -> str:
    """When, and what is left; what no operator could is said to be so."""
    when = after(row, "at_s") if row.row.get("in_time") is True else f"{after(row, 'at_s')}, which no operator could,"
    return f"To {row.text('change')} {when} would leave {_left(call, row)}"


def _left(call: Call, row: RowMarks) -> str:
    trips = many(row, "trips", "further trip") if row.amount("trips") else "no further trip"
    if row.amount("lost_load_mw") <= NEGLIGIBLE_MW:
        return f"{trips} and no load lost"
    same = "" if _saves(call, row) else ", as many as without it"
    return f"{trips} and {row('lost_load_mw')} of load lost{same}"


def stops_point(call: Call) -> str:
    """The best single action, or that none was found or needed."""
    best, found = next(iter(useful(call)), None), of_result(call)
    if best:
        instead = f" instead of {found('lost_load_mw')}" if _saves(call, best) else ""
        return f"**{_told(call, best)}{instead}**; simulated, nothing has been done."
    if not spreads(call):
        return "**Nothing has to be stopped: no relay acts.**"
    if not found.amount("stops_tried"):
        return f"**No action that could stop it was tried**: operators are taken to act {_reaction(call)}, and {ending(call)}."
    return f"**None of {many(found, 'stops_tried', 'single action')} that were tried stops it or saves load**; {ending(call)}."


def _reaction(call: Call) -> str:
    found = of_result(call)
    return f"{minutes(found, 'reaction_minutes')} after the outage" if found.amount("reaction_minutes") else "at once"


def stops(call: Call, told: bool) -> list[str]:
    """Each action with what would still trip and still be lost; that there is none, unless the first sentence told it."""
    found = of_result(call)
    lines = [
        [r.text("change"), after(r, "at_s"), "yes" if r.row.get("in_time") is True else "no", _trips(r), _mw(r)]
        for r in useful(call)[:_SHOWN]
    ]
    if not lines:
        return [stops_point(call).replace("**", "")] if spreads(call) and not told else []
    tried = f", the best of {found('stops_tried')} tried" if found.amount("stops_tried") > len(lines) else ""
    act = f"operators are taken to act {_reaction(call)}"
    words = f"What would have stopped it{tried}, simulated one at a time; {act}; nothing has been done:"
    return [words, table(["Action", "When", "Operators could", "Further trips", "Load still lost"], lines)]


def _trips(row: RowMarks) -> str:
    return row("trips") if row.amount("trips") else "none"


def _mw(row: RowMarks) -> str:
    return row("lost_load_mw") if row.amount("lost_load_mw") > NEGLIGIBLE_MW else "none"
