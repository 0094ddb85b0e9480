"""What does frequency do when power is lost? Told in the order of the question."""

from agent.answer import Call
from agent.rendering.frequency_focus import INERTIA, LIMITS, RATE, SETTLING, SHED, frequency_focus
from agent.rendering.frequency_limits import inertia, inertia_point, limits, limits_point, verdict
from agent.rendering.frequency_notes import notes
from agent.rendering.frequency_point import balance, frequency_point, rate_point, settling_point
from agent.rendering.frequency_shedding import shed_point, shedding
from agent.rendering.wish import Wish


def frequency(call: Call, wish: Wish) -> list[str]:
    """The point in bold, what was asked about first, then the rest, and last what it all rests on."""
    focus = frequency_focus(wish)
    return [_point(call, focus), *_sections(call, focus), *notes(call)]


def _point(call: Call, focus: str) -> str:
    if focus == INERTIA:
        return inertia_point(call)
    if focus == LIMITS:
        return limits_point(call)
    if focus == SHED:
        return shed_point(call)
    usual = {RATE: rate_point, SETTLING: settling_point}.get(focus, frequency_point)
    return f"{usual(call)}{verdict(call)}"


def _sections(call: Call, focus: str) -> list[str]:
    """The one that was asked about first; where the point was another one, the usual sentence before them."""
    parts = {
        LIMITS: limits(call),
        SHED: shedding(call),
        INERTIA: [] if focus == INERTIA else inertia(call),
        SETTLING: balance(call),
    }
    course = [frequency_point(call).replace("**", "")] if focus in (INERTIA, LIMITS) else []
    return [*course, *(part for key in sorted(parts, key=lambda k: k != focus) for part in parts[key])]
