"""Which load is shed, stage by stage?"""

from agent.answer import Call
from agent.rendering.frequency_point import ends, farthest
from agent.rendering.frequency_rows import bare, lost, power, shed_count, was_shed
from agent.rendering.marks import table
from agent.rendering.reading import text
from agent.rendering.thermal_rows import listed, of_result


def shed_point(call: Call) -> str:
    """How much, in how many stages, of the whole load; or that nothing is, and how far the first stage was."""
    found = of_result(call)
    if was_shed(call):
        much, load = power(call, "shed_mw", found.amount("shed_mw")), power(call, "load_mw", found.amount("load_mw"))
        return f"**{much} of the {load} of load are shed in {shed_count(call)} after losing {lost(call)}**; {_rest(call)}."
    stages = listed(call, "shed_stages")
    if not stages:
        return f"**There is no shedding scheme, so no load is shed**; {_rest(call)}."
    return f"**No load is shed after losing {lost(call)}**: the first stage acts below {bare(stages[0], 'below_hz')}; {_rest(call)}."


def _rest(call: Call) -> str:
    return "frequency collapses" if of_result(call).row.get("collapsed") is True else f"{farthest(call)}, {ends(call)}"


def shedding(call: Call) -> list[str]:
    """One line a stage where any was shed; else one sentence."""
    stages, scheme = listed(call, "shed_stages"), text(call.result, "scheme")
    if not stages:
        return []
    if not was_shed(call):
        return [f"No stage of the shedding scheme '{scheme}' acts; its first is at {bare(stages[0], 'below_hz')}."]
    lines = [
        [
            bare(r, "below_hz"),
            power(call, f"{r.path}.mw", r.amount("mw")),
            r("delay_s", 2),
            r("at_s", 2) if r.number("at_s") is not None else "",
        ]
        for r in stages
    ]
    return [f"Shedding scheme '{scheme}':", table(["Below", "Load", "Delay and breaker", "Shed after"], lines)]
