"""Pictures of results as Plotly figures (data and layout as JSON), each with its content in words for people who do not see it."""

from collections.abc import Callable, Sequence

from agent.answer import Call
from agent.rendering.bars import Bar, Picture, bar_picture
from agent.rendering.cascade_map import cascade_map
from agent.rendering.cascade_pictures import cascade_pictures
from agent.rendering.colours import BLUE, ORANGE, VERMILION
from agent.rendering.effect import pair
from agent.rendering.frequency_pictures import frequency_pictures
from agent.rendering.lines import Line, line_picture
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import capital, joined
from agent.rendering.reading import Row, amount, inner, number, rows, text, texts
from agent.rendering.thermal_pictures import thermal_pictures
from grid_models.twin.model import GridModel

__all__ = ["Picture", "pictures"]

_SHOWN = 10


def pictures(calls: Sequence[Call], focus: str = "", places: Callable[[], GridModel] | None = None) -> list[Picture]:
    """A picture for each result that is easier seen than read; `focus` "voltages" shows voltages instead of loadings.

    places: the grid of these calls, asked for only where a map is drawn; None: no maps.
    """
    found: list[Picture | None] = []
    for call in calls:
        if call.tool == "power_flow":
            troubled = bool(rows(call.result, "voltage_groups"))
            found += [_loadings(call) if focus != "voltages" else None, _voltages(call) if troubled or focus == "voltages" else None]
        elif call.tool == "grid_data":
            found.append(_loadings(call))
        elif call.tool == "contingency_analysis":
            found.append(_outages(call) or _lost_load(call))
        elif call.tool == "explain_loading":
            found.append(_shares(call))
        elif call.tool == "state_estimate":
            found += [_residuals(call), _voltage_differences(call)]
        elif call.tool == "history":
            found.append(_development(call))
        elif call.tool == "thermal_rul":
            found += thermal_pictures(call)
        elif call.tool == "cascade":
            found += cascade_pictures(call)
            found.append(cascade_map(places(), call) if places and rows(call.result, "pathway") else None)
        elif call.tool == "frequency_response":
            found += frequency_pictures(call)
        elif call.tool == "propose_action":
            found.append(_before_after(call))
    return [p for p in found if p is not None]


def _loadings(call: Call) -> Picture | None:
    key = "rows" if call.tool == "grid_data" else "top_loadings"
    found = [(text(r, "element"), number(r, "loading_percent")) for r in rows(call.result, key)]
    bars = [Bar(name, value) for name, value in found if value is not None][:_SHOWN]
    after = f" after: {', '.join(texts(call.result, 'changes'))}" if texts(call.result, "changes") else ""
    return bar_picture(f"Highest loadings{after}", bars, "%", {"permanent rating": 100.0})


def _outages(call: Call) -> Picture | None:
    """The heaviest branch after each of the worst outages."""
    bars = []
    for row in rows(call.result, "worst"):
        over = rows(row, "overloaded")
        if over:
            bars.append(Bar(f"{joined(texts(row, 'outage'))} → {text(over[0], 'element')}", amount(over[0], "loading_percent")))
    worst = sorted(bars[:_SHOWN], key=lambda b: -b.value)
    return bar_picture("Worst outages: loading of the heaviest branch", worst, "%", {"permanent rating": 100.0})


def _lost_load(call: Call) -> Picture | None:
    found = [(joined(texts(r, "outage")), amount(r, "lost_load_mw")) for r in rows(call.result, "worst")]
    return bar_picture("Worst outages: lost load", [Bar(n, v, ORANGE) for n, v in found if v > NEGLIGIBLE_MW][:_SHOWN], "MW", {})


def _shares(call: Call) -> Picture | None:
    """What adds to a branch's flow and what opposes it, the largest single shares."""
    found = [(text(r, "element"), amount(r, "share_mw")) for r in rows(call.result, "contributions")[:_SHOWN]]
    bars = [Bar(name, share, ORANGE if share > 0 else BLUE) for name, share in found]
    return bar_picture(f"Largest shares of the flow on {text(call.result, 'element')}; negative ones oppose it", bars, "MW", {})


def _residuals(call: Call) -> Picture | None:
    """What was found wrong, hatched, beside the largest of what is left, with the line above which a measurement is bad."""
    result = call.result
    bad = [Bar(f"{text(r, 'meter')}: bad", amount(r, "normalised_residual"), VERMILION, "x") for r in rows(result, "bad")]
    flagged = {text(r, "meter") for r in rows(result, "bad") if r.get("removed") is not True}
    rest = [(text(r, "meter"), amount(r, "normalised_residual")) for r in rows(result, "residuals")]
    bars = [*bad, *(Bar(name, size, BLUE) for name, size in rest if name not in flagged)]
    threshold = {"bad above": amount(result, "threshold")} if number(result, "threshold") else {}
    return bar_picture("Normalised residuals, the largest", sorted(bars, key=lambda b: -b.value)[:_SHOWN], "σ", threshold)


def _voltage_differences(call: Call) -> Picture | None:
    found = [(text(r, "element"), amount(r, "difference_pu")) for r in rows(call.result, "voltages")[:_SHOWN]]
    bars = [Bar(name, difference, ORANGE if difference > 0 else BLUE) for name, difference in found]
    return bar_picture("Voltage measured less estimated, the largest differences", bars, "pu", {})


def _development(call: Call) -> Picture | None:
    """One line a trend; gaps stay gaps."""
    found = rows(call.result, "trends")
    if not found:
        return None
    unit = text(found[0], "unit")
    shown = "%" if unit == "percent" else unit
    lines = [Line(f"{text(r, 'quantity')} of {text(r, 'element')}", _points(r)) for r in found if text(r, "unit") == unit]
    title = lines[0].name if len(lines) == 1 else f"{', '.join(text(r, 'quantity') for r in found)}, total"
    return line_picture(capital(title), lines, shown, number(found[0], "limit"))


def _points(trend: Row) -> list[tuple[str, float | None, bool]]:
    return [(text(s, "time"), number(s, "value"), s.get("gap") is True) for s in rows(trend, "samples")]


def _voltages(call: Call) -> Picture | None:
    """Distance from the nominal voltage, on the side where the limit is broken."""
    groups = [*rows(call.result, "voltage_groups"), *rows(call.result, "planning_groups")]
    low = bool(groups) and text(groups[0], "kind") == "undervoltage"
    found = rows(call.result, "lowest_voltages" if low else "highest_voltages")[:_SHOWN]
    limits = {f"{_limit(g)} at {amount(g, 'nominal_kv'):.0f} kV": amount(g, "limit_pu") for g in groups}
    bars = [Bar(text(r, "element"), amount(r, "vm_pu"), ORANGE) for r in found]
    return bar_picture(f"{'Lowest' if low else 'Highest'} voltages", bars, "pu", limits, start=1.0)


def _limit(group: Row) -> str:
    return "planning limit" if text(group, "rule") == "grid-data-voltage" else "limit"


def _before_after(call: Call) -> Picture | None:
    """What the proposal does to the highest loading, now and after the worst outage."""
    effect = inner(call.result, "effect")
    quantities = {"Highest loading": "max_loading_percent", "After the worst outage": "worst_outage_loading_percent"}
    bars = []
    for words, key in quantities.items():
        values = pair(effect, key)
        if values:
            bars += [Bar(f"{words}, before", values[0]), Bar(f"{words}, after", values[1])]
    return bar_picture(f"Before and after: {', then '.join(texts(call.result, 'actions'))}", bars, "%", {"permanent rating": 100.0})
