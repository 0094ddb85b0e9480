"""Where in the grid did it spread? The map of the branches, those that tripped numbered in their order."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.rendering.bars import Picture
from agent.rendering.cascade_rows import happened
from agent.rendering.colours import BLUE, GREY, VERMILION
from agent.rendering.map_picture import Point, Trace, branch_ends, map_layout, middle
from agent.rendering.reading import clean
from agent.rendering.thermal_rows import RowMarks, listed
from grid_models.twin.model import GridModel

Ends = Mapping[str, tuple[Point, Point]]


def cascade_map(model: GridModel, call: Call) -> Picture | None:
    """None where fewer than half of the branches have a place, and where no branch that failed or tripped has one."""
    ends = {name: found for i, name in enumerate(model.branches.name) if (found := branch_ends(model, i))}
    gone = {e.name: e for e in listed(call, "events") if e.text("kind") in ("outage", "trip") and e.name in ends}
    if 2 * len(ends) < len(model.branches) or not gone:
        return None
    first = {n: ends[n] for n, e in gone.items() if e.text("kind") == "outage"}
    tripped = {n: ends[n] for n in gone if n not in first}
    drawn = [
        _lines("in service", {n: e for n, e in ends.items() if n not in gone}, GREY, 1.5, "solid"),
        _lines("fails first", first, BLUE, 5.0, "dot"),
        _lines("trips by itself", tripped, VERMILION, 5.0, "solid"),
        _numbers(ends, list(gone.values())),
    ]
    title = f"{clean(model.name)}: in which order branches are lost"
    return Picture(title=title, alt=_in_words(title, list(gone.values())), figure={"data": [*drawn], "layout": map_layout(title, ends)})


def _lines(name: str, ends: Ends, colour: str, width: float, dash: str) -> Trace:
    """What failed and what tripped differ in dash as well as colour."""
    x: list[JsonValue] = [v for a, b in ends.values() for v in (a[0], b[0], None)]
    y: list[JsonValue] = [v for a, b in ends.values() for v in (a[1], b[1], None)]
    line: JsonValue = {"color": colour, "width": width, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "name": name, "hoverinfo": "skip"}


def _numbers(ends: Ends, gone: Sequence[RowMarks]) -> Trace:
    """The number of each in the order of time, over its middle; parallel circuits lie on each other and share one mark."""
    together: dict[Point, list[int]] = {}
    for i, event in enumerate(gone):
        together.setdefault(middle(ends[event.name]), []).append(i)
    xs: list[JsonValue] = [p[0] for p in together]
    ys: list[JsonValue] = [p[1] for p in together]
    numbers: list[JsonValue] = [", ".join(str(i + 1) for i in found) for found in together.values()]
    told: list[JsonValue] = ["<br>".join(_told(gone[i]) for i in found) for found in together.values()]
    marker: JsonValue = {"symbol": "circle", "size": 22, "color": "#FFFFFF", "line": {"color": "#000000", "width": 2}}
    shown: Trace = {"text": numbers, "customdata": told, "hovertemplate": "%{customdata}<extra></extra>", "showlegend": False}
    black: JsonValue = {"color": "#000000"}
    return {"type": "scatter", "mode": "markers+text", "x": xs, "y": ys, "marker": marker, "textfont": black, **shown}


def _told(event: RowMarks) -> str:
    return f"{happened(event)}, {event.amount('at_s'):.1f} s"


def _in_words(title: str, gone: Sequence[RowMarks]) -> str:
    return f"Map. {title}. {'; '.join(f'{i}: {_told(e)}' for i, e in enumerate(gone, start=1))}."
