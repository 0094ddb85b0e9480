"""What would have stopped a cascade? Single actions, simulated; nothing was done."""

from agent.answer import Call
from agent.rendering.cascade_point import ending, spreads
from agent.rendering.cascade_rows import many
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import table
from agent.rendering.thermal_rows import RowMarks, listed, of_result

_SHOWN = 5


def stopped(call: Call) -> str:
    """' To cap HV1 Sgen 54 at 20 MW in time would leave no further trip and 12.0 MW lost.'; empty where nothing helps."""
    best = next(iter(listed(call, "stops")), None)
    return f" To {best.text('change')} in time would leave {_left(best)}." if best else ""


def _left(row: RowMarks) -> str:
    load = f"{row('lost_load_mw')} of load lost" if row.amount("lost_load_mw") > NEGLIGIBLE_MW else "no load lost"
    return f"{many(row, 'trips', 'further trip') if row.amount('trips') else 'no further trip'} and {load}"


def stops_point(call: Call) -> str:
    """The best single action, or that none was found or needed."""
    best, found = next(iter(listed(call, "stops")), None), of_result(call)
    if best:
        instead = f" instead of {found('lost_load_mw')}" if found.amount("lost_load_mw") > NEGLIGIBLE_MW else ""
        return f"**To {best.text('change')} in time would leave {_left(best)}{instead}**; simulated, nothing has been done."
    if not spreads(call):
        return "**Nothing has to be stopped: no relay acts.**"
    if not found.amount("stops_tried"):
        return f"**No action that could stop it was tried**: operators are taken to act {_reaction(call)}, and {ending(call)}."
    return f"**None of {many(found, 'stops_tried', 'single action')} that were tried stops it or saves load**; {ending(call)}."


def _mw(row: RowMarks) -> str:
    return row("lost_load_mw") if row.amount("lost_load_mw") > NEGLIGIBLE_MW else "none"


def _reaction(call: Call) -> str:
    found = of_result(call)
    return f"{found('reaction_minutes', _decimals(found))} after the outage" if found.amount("reaction_minutes") else "at once"


def _decimals(found: RowMarks) -> int:
    return 0 if found.amount("reaction_minutes") == round(found.amount("reaction_minutes")) else 1


def stops(call: Call, told: bool) -> list[str]:
    """Each action with what would still trip and still be lost; that there is none, unless the first sentence told it."""
    found = of_result(call)
    lines = [[r.text("change"), r("trips") if r.amount("trips") else "none", _mw(r)] for r in listed(call, "stops")[:_SHOWN]]
    if not lines:
        return [stops_point(call).replace("**", "")] if spreads(call) and not told else []
    tried = f", the best of {found('stops_tried')} tried" if found.amount("stops_tried") > len(lines) else ""
    words = (
        f"What would have stopped it{tried}, simulated one at a time; operators are taken to act {_reaction(call)}; nothing has been done:"
    )
    return [words, table(["Action", "Further trips", "Load still lost"], lines)]
