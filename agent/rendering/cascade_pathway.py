"""Along which elements did the overload travel?"""

from agent.answer import Call
from agent.rendering.cascade_rows import TRIPS, after
from agent.rendering.marks import bullets, joined
from agent.rendering.thermal_rows import RowMarks, listed


def pathway(call: Call) -> list[str]:
    """A → B with B's loading before and after A was lost, in the order of time."""
    told = [_step(call, r) for r in listed(call, "pathway")]
    return [f"How the overload travels (what was lost → what it loaded until it tripped too):\n\n{bullets(told)}"] if told else []


def _step(call: Call, row: RowMarks) -> str:
    return f"{row.text('lost')} → {row.text('loaded')} ({_loadings(row)}){_trips(call, row, ', trips ')}"


def _loadings(row: RowMarks) -> str:
    return f"{row('before_percent')} → {row('after_percent')}"


def _trips(call: Call, row: RowMarks, link: str) -> str:
    """When what was loaded trips, by the events: the row itself says when it was loaded. Empty where that event is not listed."""
    event = next((e for e in listed(call, "events") if e.name == row.text("loaded") and e.text("kind") in TRIPS), None)
    return f"{link}{after(event, 'at_s')}" if event else ""


def pathway_point(call: Call, otherwise: str) -> str:
    """What loaded what first; where nothing did, the usual point."""
    found = listed(call, "pathway")
    if not found:
        return otherwise
    first = found[0]
    loaded = f"loads {first.text('loaded')} from {first('before_percent')} to {first('after_percent')}"
    return f"**It spreads because losing {_together(found)} {loaded}{_trips(call, first, ', which trips ')}**{_next(found)}."


def _together(found: list[RowMarks]) -> str:
    """What was lost at the same time and loaded the same element."""
    same = [r for r in found if r.text("loaded") == found[0].text("loaded") and r.number("at_s") == found[0].number("at_s")]
    return joined([r.text("lost") for r in same])


def _next(found: list[RowMarks]) -> str:
    """The step after that, where the first element loaded hands its load on."""
    on = next((r for r in found[1:] if r.text("lost") == found[0].text("loaded")), None)
    return f"; that in turn loads {on.text('loaded')} to {on('after_percent')}" if on else ""
