"""How fast and how far does frequency go, what is shed, where does it settle? The first sentence."""

from agent.answer import Call
from agent.rendering.frequency_rows import bare, hertz, lost, power, rate, rises, shed_count, was_shed
from agent.rendering.reading import text
from agent.rendering.thermal_rows import RowMarks, of_result


def frequency_point(call: Call) -> str:
    """What happens at once, the farthest point and when, what is shed, where it ends."""
    found, way = of_result(call), "rise" if rises(call) else "fall"
    begins = f"Losing {lost(call)} makes frequency {way} by {rate(found, 'rocof_hz_per_s')} at once"
    if found.row.get("collapsed") is True:
        return f"**{begins}, and it collapses: a blackout**{_before_that(call)}."
    return f"**{begins}; {farthest(call)}, {_shed(call)}, {ends(call)}**."


def farthest(call: Call) -> str:
    """'lowest 49.213 Hz after 4.2 s'; the other side too, where it is farther from nominal."""
    found, up = of_result(call), rises(call)
    sides = {"lowest": "nadir", "highest": "zenith"}
    first = "highest" if up else "lowest"
    told = [_extreme(found, first, sides[first])]
    other = "lowest" if up else "highest"
    if _deviation(found, sides[other]) > 0.01:
        told.append(_extreme(found, other, sides[other]))
    return ", ".join(told)


def _extreme(found: RowMarks, words: str, side: str) -> str:
    return f"{words} {hertz(found, f'{side}_hz', found.amount('nominal_hz'))} after {found(f'{side}_s', 1)}"


def _deviation(found: RowMarks, side: str) -> float:
    return abs(found.amount(f"{side}_hz") - found.amount("nominal_hz"))


def _shed(call: Call) -> str:
    if was_shed(call):
        return f"{power(call, 'shed_mw', of_result(call).amount('shed_mw'))} of load are shed in {shed_count(call)}"
    return "no shedding scheme" if text(call.result, "scheme") == "none" else "nothing shed"


def _before_that(call: Call) -> str:
    return f"; {_shed(call)} before that" if was_shed(call) else f"; {_shed(call)}"


def ends(call: Call) -> str:
    """Where it settles, or that it has not within the horizon."""
    found = of_result(call)
    if found.number("settles_hz") is None:
        return f"not settled after {bare(found, 'horizon_s')}"
    return f"settles at {hertz(found, 'settles_hz', found.amount('nominal_hz'))}"


def rate_point(call: Call) -> str:
    """At once, and as relays see it."""
    found, way = of_result(call), "rises" if rises(call) else "falls"
    window = rate(found, "rocof_500ms_hz_per_s")
    begins = f"**After losing {lost(call)} frequency {way} by {rate(found, 'rocof_hz_per_s')} at once**"
    return f"{begins}, at the steepest by {window} as a mean over half a second; {_rest(call)}."


def settling_point(call: Call) -> str:
    """Where it ends, and what makes up for the loss there."""
    if of_result(call).number("settles_hz") is None:
        return frequency_point(call)
    return f"**After losing {lost(call)} frequency {ends(call)}**; {farthest(call)}, {_shed(call)}."


def _rest(call: Call) -> str:
    if of_result(call).row.get("collapsed") is True:
        return "it collapses: a blackout"
    return f"{farthest(call)}, {_shed(call)}, {ends(call)}"


def balance(call: Call) -> list[str]:
    """What makes up for the loss in the end; nothing of a collapse, which no power balances."""
    found = of_result(call)
    if found.number("settles_hz") is None:
        return []
    sources = {"response_mw": "by governors and other responses", "damping_mw": "by the load, which follows frequency"}
    told = [f"{power(call, k, found.amount(k))} {words}" for k, words in sources.items() if abs(found.amount(k)) >= 0.001]
    shed = [f"{power(call, 'shed_mw', found.amount('shed_mw'))} by shedding"] if found.amount("shed_mw") else []
    return [f"In the end the loss is made up for: {', '.join([*told, *shed])}."] if told or shed else []
