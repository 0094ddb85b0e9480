"""Does a loss spread if nobody acts? Told in the order of the question."""

from agent.answer import Call
from agent.rendering.cascade_focus import ISLANDS, LOSS, PATHWAY, RISK, STOPS, TIME, cascade_focus
from agent.rendering.cascade_notes import notes
from agent.rendering.cascade_pathway import pathway, pathway_point
from agent.rendering.cascade_point import cascade_point, loss_point, time_point
from agent.rendering.cascade_risk import risk, risk_point
from agent.rendering.cascade_stops import stopped, stops, stops_point
from agent.rendering.cascade_timeline import islands, islands_point, timeline
from agent.rendering.wish import Wish


def cascade(call: Call, wish: Wish) -> list[str]:
    """The point in bold, what was asked about first, then the rest, and last what it all rests on."""
    focus = cascade_focus(wish)
    return [_point(call, focus), *_sections(call, focus), *notes(call)]


def _point(call: Call, focus: str) -> str:
    if focus == TIME:
        return time_point(call)
    if focus == LOSS:
        return loss_point(call)
    if focus == STOPS:
        return stops_point(call)
    if focus == RISK:
        return risk_point(call)
    if focus == ISLANDS:
        return islands_point(call)
    usual = f"{cascade_point(call)}{stopped(call)}"
    return pathway_point(call, usual) if focus == PATHWAY else usual


def _sections(call: Call, focus: str) -> list[str]:
    """The one that was asked about first."""
    parts = {
        TIME: timeline(call),
        ISLANDS: islands(call),
        PATHWAY: pathway(call),
        STOPS: stops(call, told=focus == STOPS),
        RISK: risk(call, pointed=focus == RISK),
    }
    first = TIME if focus == LOSS else focus
    return [part for key in sorted(parts, key=lambda k: k != first) for part in parts[key]]
