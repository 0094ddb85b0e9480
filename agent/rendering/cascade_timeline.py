"""What happens one after the other, and which parts of the grid are left at the end? As tables."""

from agent.answer import Call
from agent.rendering.cascade_rows import happened, many, span
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import Marks, capital, table
from agent.rendering.thermal_rows import RowMarks, listed, of_result


def timeline(call: Call) -> list[str]:
    """One line an event. Nothing where nothing but the first outages happened, for they are named already."""
    events = listed(call, "events")
    total = of_result(call).amount("events_total")
    if total <= len(events) and all(e.text("kind") == "outage" and not _cost(e) for e in events):
        return []
    shown = (
        f"The first {Marks(call).count('events')} of {of_result(call)('events_total')} events" if total > len(events) else "What happens"
    )
    lines = [[span(e, "at_s"), capital(happened(e)), e.text("cause"), _loading(e), _mw(e, "load"), _mw(e, "generation")] for e in events]
    return [f"{shown}, if nobody acts:", table(["After", "What", "Why", "Loading", "Load lost", "Generation lost"], lines)]


def _cost(event: RowMarks) -> bool:
    return max(event.amount("lost_load_mw"), event.amount("lost_generation_mw")) > NEGLIGIBLE_MW


def _loading(event: RowMarks) -> str:
    return event("loading_percent") if event.number("loading_percent") is not None else ""


def _mw(event: RowMarks, what: str) -> str:
    return event(f"lost_{what}_mw") if event.amount(f"lost_{what}_mw") > NEGLIGIBLE_MW else ""


def islands_point(call: Call) -> str:
    """In how many parts the grid ends, and how many of them have no supply."""
    found, dead = of_result(call), [r for r in listed(call, "islands") if r.row.get("supplied") is False]
    total = found.amount("islands_total")
    if total <= 1:
        return f"**The grid stays in one part**; {many(found, 'trips', 'trip') if found.amount('trips') else 'no relay acts'}."
    listed_all = total == len(listed(call, "islands"))
    dark = f", {Marks(call)('length(islands[?supplied == `false`])')} of them without supply" if dead and listed_all else ""
    return f"**At the end the grid is in {found('islands_total')} parts{dark}**; {found('lost_load_mw')} of load are lost."


def islands(call: Call) -> list[str]:
    """One line a part; nothing where the grid stays whole."""
    found, total = listed(call, "islands"), of_result(call).amount("islands_total")
    if total <= 1 and all(r.row.get("supplied") is True for r in found):
        return []
    head = ["Part around", "Buses", "Supplied", "Load", "Own generation", "From the surrounding grid", "Held by"]
    lines = [[r.text("name"), r("buses"), _yes(r), r("load_mw"), r("generation_mw"), r("infeed_mw"), r.text("held_by")] for r in found]
    many_more = f" ({Marks(call).count('islands')} of {of_result(call)('islands_total')})" if total > len(found) else ""
    return [f"Parts of the grid at the end{many_more}:", table(head, lines)] if lines else []


def _yes(part: RowMarks) -> str:
    return "yes" if part.row.get("supplied") is True else "**no**"
