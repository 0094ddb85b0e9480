"""How does a cascade run, along which elements, and what would each remedy have saved? As pictures."""

from itertools import accumulate

from agent.answer import Call
from agent.rendering.bars import Bar, Picture, bar_picture
from agent.rendering.cascade_graph import pathway_graph
from agent.rendering.cascade_rows import happened
from agent.rendering.cascade_stops import useful
from agent.rendering.colours import BLUE, GREY, ORANGE, VERMILION
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.reading import amount, texts
from agent.rendering.steps import Kind, Moment, step_picture
from agent.rendering.thermal_rows import RowMarks, listed

_SHOWN = 8
_IN_SECONDS = 120.0  # a longer cascade is drawn in minutes; engineering judgement
_KINDS = {
    "outage": ("fails first", GREY, "square"),
    "trip": ("trips", VERMILION, "x"),
    "machine trip": ("machine trips", ORANGE, "diamond"),
    "shed": ("load shed", BLUE, "triangle-down"),
    "island lost": ("part without supply", ORANGE, "star"),
    "collapse": ("voltage collapse", VERMILION, "hexagram"),
}


def cascade_pictures(call: Call) -> list[Picture | None]:
    """The course of events, the pathway, and what single actions would have saved."""
    return [_timeline(call), pathway_graph(call), _stops(call)]


def _timeline(call: Call) -> Picture | None:
    """The load still supplied, with a mark for each event; to the end only where all events are listed."""
    events = listed(call, "events")
    if all(e.text("kind") == "outage" for e in events):
        return None
    ends, complete = amount(call.result, "ends_at_s"), amount(call.result, "events_total") <= len(events)
    last = max(ends if complete else 0.0, events[-1].amount("at_s"))
    scale, unit = (60.0, "minutes") if last > _IN_SECONDS else (1.0, "seconds")
    gone = accumulate(e.amount("lost_load_mw") for e in events)
    moments = [Moment(e.amount("at_s") / scale, amount(call.result, "load_mw") - g, happened(e)) for e, g in zip(events, gone, strict=True)]
    course = [(0.0, amount(call.result, "load_mw")), *((m.at, m.value) for m in moments)]
    course += [(last / scale, moments[-1].value)]
    kinds = [Kind(*look, [m for m, e in zip(moments, events, strict=True) if e.text("kind") == kind]) for kind, look in _KINDS.items()]
    part = "" if complete else f", the first {len(events)} events"
    title = f"Load still supplied after losing {', '.join(texts(call.result, 'outages'))}{part}"
    return step_picture(title, f"{unit} after the first outage", "MW", course, kinds)


def _stops(call: Call) -> Picture | None:
    """What would still be lost with each action, beside what is lost without; None where none saves load."""
    found = useful(call)[:_SHOWN]
    bars = [Bar("If nobody acts", amount(call.result, "lost_load_mw"), VERMILION, "x")]
    bars += [Bar(_named(r), r.amount("lost_load_mw"), *((ORANGE, "/") if r.amount("trips") else (BLUE, ""))) for r in found]
    worth = any(b.value < bars[0].value - NEGLIGIBLE_MW for b in bars)
    return bar_picture("Load lost, with single actions (simulated)", bars, "MW", {}) if worth else None


def _named(row: RowMarks) -> str:
    return row.text("change") + ("" if row.row.get("in_time") is True else " (no operator could in time)")
