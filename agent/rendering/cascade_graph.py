"""The overload pathway as a graph: from what was lost to what tripped because of it, left to right, as a Plotly figure."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.rendering.bars import Picture
from agent.rendering.colours import BLUE, VERMILION
from agent.rendering.reading import Row, amount, rows, text, texts

Point = tuple[float, float]


def pathway_graph(call: Call) -> Picture | None:
    """None where nothing was loaded until it tripped."""
    steps = rows(call.result, "pathway")
    if not steps:
        return None
    places, first = _places(steps), set(texts(call.result, "outages"))
    title = f"Pathway of the overload after losing {', '.join(texts(call.result, 'outages'))}"
    rows_high = 1 + max(y for _, y in places.values()) - min(y for _, y in places.values())
    layout: dict[str, JsonValue] = {
        "title": {"text": title},
        "height": int(180 + 90 * rows_high),
        "margin": {"l": 10, "r": 10, "t": 60, "b": 30},
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.05},
        "plot_bgcolor": "#FFFFFF",
        "xaxis": {"visible": False, "range": [-0.6, max(x for x, _ in places.values()) + 0.6]},
        "yaxis": {"visible": False, "range": [min(y for _, y in places.values()) - 0.6, max(y for _, y in places.values()) + 0.6]},
        "annotations": [note for step in steps for note in _arrow(step, places)],
    }
    drawn = [_nodes("fails first", {n: p for n, p in places.items() if n in first}, BLUE, "square")]
    drawn.append(_nodes("trips by itself", {n: p for n, p in places.items() if n not in first}, VERMILION, "circle"))
    return Picture(title=title, alt=_in_words(title, steps), figure={"data": [t for t in drawn if t], "layout": layout})


def _places(steps: Sequence[Row]) -> dict[str, Point]:
    """One column to the right of the last that loaded it; a column's elements stand around the middle."""
    depth: dict[str, int] = {}
    for step in steps:
        before = depth.setdefault(text(step, "lost"), 0)
        depth.setdefault(text(step, "loaded"), before + 1)
    columns: dict[int, list[str]] = {}
    for name, column in depth.items():
        columns.setdefault(column, []).append(name)
    return {n: (float(c), (len(names) - 1) / 2 - i) for c, names in columns.items() for i, n in enumerate(names)}


def _arrow(step: Row, places: Mapping[str, Point]) -> list[JsonValue]:
    """The arrow, and the loadings beside it, nearer to the element that they are about."""
    (ax, ay), (x, y) = places[text(step, "lost")], places[text(step, "loaded")]
    arrow: JsonValue = {
        **dict.fromkeys(("xref", "axref"), "x"),
        **dict.fromkeys(("yref", "ayref"), "y"),
        **{"x": x, "y": y, "ax": ax, "ay": ay, "showarrow": True, "arrowhead": 2, "text": ""},
        **dict.fromkeys(("standoff", "startstandoff"), 14),
    }
    label: JsonValue = {
        **{"xref": "x", "yref": "y", "x": ax + 0.6 * (x - ax), "y": ay + 0.6 * (y - ay), "showarrow": False, "yanchor": "bottom"},
        "text": _loadings(step),
    }
    return [arrow, label]


def _loadings(step: Row) -> str:
    return f"{amount(step, 'before_percent'):.1f} → {amount(step, 'after_percent'):.1f} %"


def _nodes(kind: str, places: Mapping[str, Point], colour: str, symbol: str) -> dict[str, JsonValue]:
    """What failed and what tripped differ in shape as well as colour."""
    if not places:
        return {}
    marker: JsonValue = {"symbol": symbol, "size": 18, "color": colour, "line": {"color": "#000000", "width": 1}}
    xs: list[JsonValue] = [x for x, _ in places.values()]
    ys: list[JsonValue] = [y for _, y in places.values()]
    named: dict[str, JsonValue] = {"text": list(places), "textposition": "bottom center", "hoverinfo": "text", "name": kind}
    return {"type": "scatter", "mode": "markers+text", "x": xs, "y": ys, "marker": marker, **named}


def _in_words(title: str, steps: Sequence[Row]) -> str:
    told = "; ".join(f"{text(s, 'lost')} to {text(s, 'loaded')}, {_loadings(s)}" for s in steps)
    return f"Graph. {title}. {told}."
