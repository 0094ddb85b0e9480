"""From a turn's results to the answer's markdown, with markers in place of numbers."""

from collections.abc import Callable, Mapping, Sequence

from agent.answer import Call
from agent.rendering.alarms import alarms
from agent.rendering.balance import balance
from agent.rendering.cascade import cascade
from agent.rendering.compare import comparison, label
from agent.rendering.explanation import explanation
from agent.rendering.fallback import fallback
from agent.rendering.frequency import frequency
from agent.rendering.inventory import inventory
from agent.rendering.knowledge import knowledge
from agent.rendering.loadings import loadings
from agent.rendering.measurements import measurements
from agent.rendering.outages import outages
from agent.rendering.proposal import proposal
from agent.rendering.queue import queue
from agent.rendering.state import state
from agent.rendering.thermal import thermal
from agent.rendering.topology import topology
from agent.rendering.trend import history
from agent.rendering.trouble import diverged, failed
from agent.rendering.voltages import voltages
from agent.rendering.what_if import what_if
from agent.rendering.wish import Wish, read_wish

Idea = Callable[[Call, Wish], list[str]]


def write_answer(calls: Sequence[Call], question: str, style: Mapping[str, object]) -> str:
    """The point first, then what is lost, then violations, then the next step; each call in order, compared where one tool ran twice.

    Numbers are written as markers (`⟦E1|path⟧`) which grounding resolves. `style` is what the understanding knows of the
    wish: focus, kind, top, threshold, element, field, yes_no, details; anything else in it is ignored.
    """
    if not calls:
        return "Nothing was studied, so there is nothing to tell."
    wish = read_wish(style, question)
    compared = _compared(calls)
    told = list(comparison(compared)) if compared else []
    for call in calls:
        parts = [p for p in _told(call, wish) if p]
        told += [_shortly(call, parts[0])] if call in compared else parts
    return "\n\n".join(told)


def _shortly(call: Call, point: str) -> str:
    """What was compared is told in its one sentence; a what-if names its change itself."""
    return point if call.result.get("changes") else f"{label(call)}: {point}"


def _compared(calls: Sequence[Call]) -> list[Call]:
    """The successful calls of the first tool that ran more than once, if they can be compared."""
    good = [c for c in calls if c.ok]
    for call in good:
        same = [c for c in good if c.tool == call.tool]
        if len(same) > 1 and comparison(same):
            return same
    return []


def _told(call: Call, wish: Wish) -> list[str]:
    if not call.ok:
        return failed(call)
    idea = _IDEAS.get(call.tool)
    return idea(call, wish) if idea else fallback(call)


def _power_flow(call: Call, wish: Wish) -> list[str]:
    if call.result.get("converged") is False:
        return diverged(call)
    focused = _FOCUS.get(wish.focus)
    if not call.result.get("changes"):
        return (focused or _state)(call, wish)
    told = what_if(call, wish)
    return [told[0], *focused(call, wish), *told[-1:]] if focused else told


def _state(call: Call, wish: Wish) -> list[str]:
    """The four paragraphs; with the heaviest branches and the outermost voltages where details are wished."""
    return [*state(call, wish), *([*loadings(call, wish), *voltages(call, wish)] if wish.details else [])]


_FOCUS: dict[str, Idea] = {
    "loadings": loadings,
    "voltages": voltages,
    **dict.fromkeys(("losses", "load", "generation", "exchange"), balance),
}
_IDEAS: dict[str, Idea] = {
    "power_flow": _power_flow,
    "contingency_analysis": outages,
    "topology": topology,
    "explain_loading": explanation,
    "grid_data": inventory,
    "state_estimate": measurements,
    "history": history,
    "alarms": alarms,
    "thermal_rul": thermal,
    "cascade": cascade,
    "frequency_response": frequency,
    "knowledge_search": knowledge,
    "propose_action": lambda call, wish: proposal(call),
    "list_proposals": queue,
}
