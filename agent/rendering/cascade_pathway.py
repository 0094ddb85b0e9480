"""Along which elements did the overload travel?"""

from agent.answer import Call
from agent.rendering.cascade_rows import after
from agent.rendering.marks import bullets
from agent.rendering.thermal_rows import RowMarks, listed


def pathway(call: Call) -> list[str]:
    """A → B with B's loading before and after A was lost, in the order of time."""
    told = [_step(r) for r in listed(call, "pathway")]
    return [f"How the overload travels (what was lost → what it loaded until it tripped too):\n\n{bullets(told)}"] if told else []


def _step(row: RowMarks) -> str:
    return f"{row.text('lost')} → {row.text('loaded')} ({row('before_percent')} → {row('after_percent')}), gone {after(row, 'at_s')}"


def pathway_point(call: Call, otherwise: str) -> str:
    """What loaded what first; where nothing did, the usual point."""
    found = listed(call, "pathway")
    if not found:
        return otherwise
    first = found[0]
    loaded = f"loads {first.text('loaded')} from {first('before_percent')} to {first('after_percent')}"
    return f"**It spreads because losing {first.text('lost')} {loaded}, which trips {after(first, 'at_s')}**{_next(found)}."


def _next(found: list[RowMarks]) -> str:
    """The step after that, where the first element lost hands its load on."""
    on = next((r for r in found[1:] if r.text("lost") == found[0].text("loaded")), None)
    return f"; that in turn loads {on.text('loaded')} to {on('after_percent')}" if on else ""
