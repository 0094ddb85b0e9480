"""Does a loss spread, what trips first, how much is lost and how does it end? The first sentence."""

from agent.answer import Call
from agent.rendering.cascade_rows import after, first_trip, happened, lost, many, minutes, outages, span, why
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import capital, joined
from agent.rendering.reading import text, texts
from agent.rendering.thermal_rows import of_result


def spreads(call: Call) -> bool:
    """Whether anything trips by itself, or everything is lost without that."""
    return of_result(call).amount("trips") > 0 or text(call.result, "ends") == "blackout"


def cascade_point(call: Call) -> str:
    """What happens if nobody acts, when it begins, where it ends."""
    found = of_result(call)
    if not spreads(call):
        return _holds(call)
    if not found.amount("trips"):
        return f"**Losing {outages(call)} is a blackout without any relay acting: {_lost(call)}**."
    told = f"{_first(call)}, {many(found, 'trips', 'trip')} in all"
    return f"**Losing {outages(call)} spreads: {told}; {_lost(call)} and {ending(call)}**.{_anyway(call)}"


def _anyway(call: Call) -> str:
    """What no outage is to blame for."""
    already = texts(call.result, "tripping_before")
    return f" {joined(already)} would trip without this outage too." if already else ""


def _holds(call: Call) -> str:
    gone = lost(of_result(call))
    if of_result(call).amount("sheddings"):
        times = many(of_result(call), "sheddings", "time")
        return f"**Losing {outages(call)} trips nothing else, but load is shed {times}: {_lost(call)}**."
    but = f", but {joined(gone)} {'is' if len(gone) == 1 else 'are'} lost with it" if gone else " and nothing is lost"
    within = f"within {minutes(of_result(call), 'horizon_minutes')}{but}"
    if call.result.get("ratings_usable") is False:  # without ratings no overload trips anything, which is no good news
        return (
            f"**Whether losing {outages(call)} spreads by overload cannot be said: ratings are not usable**; no other relay acts {within}."
        )
    return f"**Losing {outages(call)} does not spread: no relay acts {within}**."


def _first(call: Call) -> str:
    """'HV1 Line 12 trips after 12.4 s (overcurrent SI, 156.0 %)', or only when, where the list of events ends before."""
    event = first_trip(call)
    if event:
        return f"{happened(event)} {after(event, 'at_s')} ({why(event)})"
    known = of_result(call).number("first_trip_s") is not None
    return f"the first relay acts {after(of_result(call), 'first_trip_s')}" if known else "relays act"


def _lost(call: Call) -> str:
    found = of_result(call)
    if found.amount("lost_load_mw") <= NEGLIGIBLE_MW:
        return "no load is lost"
    return f"{found('lost_load_mw')} of load ({found('lost_load_percent')}){_customers(call)} are lost"


def _customers(call: Call) -> str:
    """Only where the grid's data name them."""
    found = of_result(call)
    return f" with {found('lost_customers')} customers" if found.amount("lost_customers") > 0 else ""


def ending(call: Call) -> str:
    """How and when the simulation ended."""
    found, ends = of_result(call), text(call.result, "ends")
    if ends == "blackout":
        return f"nothing is supplied {after(found, 'ends_at_s')} (blackout)"
    if ends == "horizon":
        return f"it is not over after {span(found, 'ends_at_s')} (horizon)"
    if ends == "rounds":
        return f"the simulation stopped {after(found, 'ends_at_s')} at its largest number of steps, so more may follow"
    return f"it ends {after(found, 'ends_at_s')} ({ends})"


def time_point(call: Call) -> str:
    """When the first relay acts, and by when it is over."""
    if not of_result(call).amount("trips"):
        return cascade_point(call)
    begins = f"{capital(_first(call))}, the first relay after losing {outages(call)}"
    return f"**{begins}**; {many(of_result(call), 'trips', 'trip')}, {ending(call)}."


def loss_point(call: Call) -> str:
    """Power, its share, energy to the horizon, generation; then what causes it."""
    found = of_result(call)
    energy = f", {found('lost_energy_mwh')} to the end of the horizon" if found.amount("lost_energy_mwh") > NEGLIGIBLE_MW else ""
    if found.amount("lost_load_mw") <= NEGLIGIBLE_MW:
        return f"**No load is lost after losing {outages(call)}**{_generation(call, ', but ')}; {_spread_shortly(call)}."
    share = f"{found('lost_load_percent')} of the {found('load_mw')} supplied before"
    load = f"{found('lost_load_mw')} of load{_customers(call)} are lost ({share})"
    return f"**{load}{energy}**{_generation(call, ', and with it ')}; {_spread_shortly(call)}."


def _generation(call: Call, link: str) -> str:
    found = of_result(call)
    return f"{link}{found('lost_generation_mw')} of generation" if found.amount("lost_generation_mw") > NEGLIGIBLE_MW else ""


def _spread_shortly(call: Call) -> str:
    if not of_result(call).amount("trips"):
        return "no relay acts"
    return f"{_first(call)}, {many(of_result(call), 'trips', 'trip')} in all"
