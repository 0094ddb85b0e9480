"""A line chart over plant time as a Plotly figure, with its content in words. Where nothing was recorded, the line is broken."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agent.rendering.bars import Picture
from agent.rendering.colours import BLUE, GREEN, ORANGE

_STYLES = ((BLUE, "solid"), (ORANGE, "dash"), (GREEN, "dot"))
_DECIMALS = {"pu": 4}


@dataclass(frozen=True)
class Line:
    """`points`: time as ISO text, value (None: none known), and whether something is missing before it."""

    name: str
    points: Sequence[tuple[str, float | None, bool]]


def line_picture(title: str, lines: Sequence[Line], unit: str, limit: float | None = None) -> Picture | None:
    """Lines that differ in colour and dash. None where no line has two points."""
    if not any(len(line.points) > 1 for line in lines):
        return None
    traces: list[JsonValue] = [_trace(line, *_STYLES[i % len(_STYLES)], unit) for i, line in enumerate(lines)]
    layout: dict[str, JsonValue] = {
        "title": {"text": title},
        "height": 380,
        "margin": {"l": 10, "r": 10, "t": 60, "b": 40},
        "showlegend": len(lines) > 1,
        "plot_bgcolor": "#FFFFFF",
        "xaxis": {"title": {"text": "plant time, UTC"}, "type": "date"},
        "yaxis": {"title": {"text": unit}, "automargin": True},
        "shapes": [] if limit is None else [_limit(limit)],
    }
    return Picture(title=title, alt=_in_words(title, lines, unit, limit), figure={"data": traces, "layout": layout})


def _trace(line: Line, colour: str, dash: str, unit: str) -> JsonValue:
    """An empty point before each gap breaks the line."""
    x: list[JsonValue] = []
    y: list[JsonValue] = []
    for time, value, gap in line.points:
        if gap and x:
            x.append(time)
            y.append(None)
        x.append(time)
        y.append(value)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": line.name,
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": {"color": colour, "dash": dash, "width": 2},
        "hovertemplate": f"%{{x}}: %{{y:.{_DECIMALS.get(unit, 1)}f}} {unit}<extra>{line.name}</extra>",
    }


def _limit(value: float) -> JsonValue:
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"dash": "dash", "color": "#000000"},
    }


def _in_words(title: str, lines: Sequence[Line], unit: str, limit: float | None) -> str:
    told = "; ".join(_line_in_words(line, unit) for line in lines)
    bound = "" if limit is None else f" Dashed line: limit {limit:.{_DECIMALS.get(unit, 1)}f} {unit}."
    return f"Line chart. {title}. {told}.{bound}"


def _line_in_words(line: Line, unit: str) -> str:
    known = [value for _, value, _ in line.points if value is not None]
    if not known:
        return f"{line.name}: no value"
    first, last, low, high = (f"{v:.{_DECIMALS.get(unit, 1)}f}" for v in (known[0], known[-1], min(known), max(known)))
    gaps = sum(gap for _, _, gap in line.points)
    broken = f", broken {gaps} time{'s' * (gaps != 1)}" if gaps else ""
    return f"{line.name} from {first} to {last} {unit}, between {low} and {high} {unit}{broken}"
