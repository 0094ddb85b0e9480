"""A bar chart as a Plotly figure, with its content in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, JsonValue

from agent.rendering.colours import loading_class
from agent.rendering.marks import joined

_DECIMALS = {"%": 1, "MW": 1, "pu": 3, "σ": 1, "K": 1, "°C": 1}
_DIFFERENCE = {"°C": "K"}  # what a step between two values is measured in, where that is another unit


class Picture(BaseModel):
    """`figure` is Plotly's JSON (data and layout); `alt` says what is to be seen."""

    model_config = ConfigDict(frozen=True)

    title: str
    alt: str
    figure: dict[str, JsonValue]


@dataclass(frozen=True)
class Bar:
    """Without a colour of its own a bar takes that of its loading class. With a `begin` it is a step from there to `value`."""

    name: str
    value: float
    colour: str | None = None
    pattern: str = ""
    begin: float | None = None


def bar_picture(title: str, bars: Sequence[Bar], unit: str, limits: Mapping[str, float], start: float = 0.0) -> Picture | None:
    """Horizontal bars from `start`, the first one on top, with a dashed line at each limit. None for fewer than two bars."""
    if len(bars) < 2:
        return None
    labels = [_label(b, unit) for b in bars]
    begins = [start if b.begin is None else b.begin for b in bars]
    trace: dict[str, JsonValue] = {
        "type": "bar",
        "orientation": "h",
        "base": list(begins),
        "x": [b.value - begin for b, begin in zip(bars, begins, strict=True)],
        "y": [b.name for b in bars],
        "text": list(labels),
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "marker": {"color": [_colour(b) for b in bars], "pattern": {"shape": [_pattern(b) for b in bars]}},
    }
    return Picture(
        title=title,
        alt=_in_words(title, bars, labels, limits, unit),
        figure={"data": [trace], "layout": _layout(title, bars, unit, limits, start)},
    )


def _label(bar: Bar, unit: str) -> str:
    if bar.begin is None:
        return f"{bar.value:.{_DECIMALS[unit]}f} {unit}"
    return f"{bar.value - bar.begin:+.{_DECIMALS[unit]}f} {_DIFFERENCE.get(unit, unit)}"


def _colour(bar: Bar) -> str:
    return bar.colour or loading_class(bar.value).colour


def _pattern(bar: Bar) -> str:
    return bar.pattern if bar.colour else loading_class(bar.value).pattern


def _layout(title: str, bars: Sequence[Bar], unit: str, limits: Mapping[str, float], start: float) -> dict[str, JsonValue]:
    ends = [start, *(b.value for b in bars), *(b.begin for b in bars if b.begin is not None), *limits.values()]
    room = 0.15 * (max(ends) - min(ends))
    return {
        "title": {"text": title},
        "height": 140 + 28 * len(bars),
        "margin": {"l": 10, "r": 10, "t": 60, "b": 40},
        "showlegend": False,
        "plot_bgcolor": "#FFFFFF",
        "xaxis": {"title": {"text": unit}, "range": [min(ends) - (room if min(ends) < start else 0.0), max(ends) + room]},
        "yaxis": {"automargin": True, "autorange": "reversed", "type": "category"},
        "shapes": [_line(value) for value in limits.values()],
        "annotations": [_name(words, value) for words, value in limits.items()],
    }


def _line(value: float) -> dict[str, JsonValue]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "line": {"dash": "dash", "color": "#000000"},
    }


def _name(words: str, value: float) -> dict[str, JsonValue]:
    return {"xref": "x", "yref": "paper", "x": value, "y": 1.0, "yanchor": "bottom", "text": words, "showarrow": False}


def _in_words(title: str, bars: Sequence[Bar], labels: Sequence[str], limits: Mapping[str, float], unit: str) -> str:
    told = "; ".join(f"{b.name} {label}" for b, label in zip(bars, labels, strict=True))
    lines = joined([f"{words} {value:.{_DECIMALS[unit]}f} {unit}" for words, value in limits.items()])
    return f"Bar chart. {title}. {told}." + (f" Dashed line: {lines}." if lines else "")
