"""A fan chart as a Plotly figure: an expected course with the band around it, a second course, and limits, told in words besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agent.rendering.bars import Picture
from agent.rendering.colours import BLUE, VERMILION
from agent.rendering.marks import joined

_BAND = "rgba(213, 94, 0, 0.20)"  # vermilion, light
_LIMIT_DASHES = ("dash", "dot", "longdash")  # limits differ in dash and name; their colour is that of the page's writing
_ROOM_K = 6.0


@dataclass(frozen=True)
class Course:
    """One value for each moment. `low`, `high`: the band around it, None where there is none."""

    name: str
    values: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    band: str = ""


def fan_picture(title: str, times: Sequence[float], axis: str, courses: Sequence[Course], limits: Mapping[str, float]) -> Picture | None:
    """Temperatures [°C] over `times` (`axis` says in what). None for fewer than two moments."""
    if len(times) < 2:
        return None
    traces = [trace for i, course in enumerate(courses) for trace in (*_band(course, times), _line(course, times, i))]
    layout: dict[str, JsonValue] = {
        "title": {"text": title},
        "height": 420,
        "margin": {"l": 10, "r": 10, "t": 60, "b": 90},
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.25},
        "plot_bgcolor": "#FFFFFF",
        "xaxis": {"title": {"text": axis}},
        "yaxis": {"title": {"text": "°C"}, "automargin": True, "range": list(_range(courses, limits))},
        "shapes": [_limit(value, _LIMIT_DASHES[i % len(_LIMIT_DASHES)]) for i, value in enumerate(limits.values())],
        "annotations": [_limit_name(f"{words} {value:.0f} °C", value) for words, value in limits.items()],
    }
    return Picture(title=title, alt=_in_words(title, times, axis, courses, limits), figure={"data": traces, "layout": layout})


def _line(course: Course, times: Sequence[float], i: int) -> JsonValue:
    colour, dash, width = ((VERMILION, "solid", 3), (BLUE, "dash", 2))[i % 2]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": course.name,
        "x": list(times),
        "y": list(course.values),
        "line": {"color": colour, "dash": dash, "width": width},
        "hovertemplate": f"%{{x:.1f}}: %{{y:.1f}} °C<extra>{course.name}</extra>",
    }


def _band(course: Course, times: Sequence[float]) -> list[JsonValue]:
    """Two dotted edges with a light fill between them."""
    if course.low is None or course.high is None:
        return []
    edge: dict[str, JsonValue] = {"type": "scatter", "mode": "lines", "x": list(times), "hoverinfo": "skip"}
    edge["line"] = {"color": VERMILION, "dash": "dot", "width": 1}
    lower: dict[str, JsonValue] = {**edge, "y": list(course.low), "showlegend": False}
    return [lower, {**edge, "y": list(course.high), "fill": "tonexty", "fillcolor": _BAND, "name": course.band}]


def _range(courses: Sequence[Course], limits: Mapping[str, float]) -> tuple[float, float]:
    """Limits are shapes, which Plotly does not count when it chooses a range."""
    drawn = [v for c in courses for values in (c.values, c.low or (), c.high or ()) for v in values]
    return min([*drawn, *limits.values()]) - _ROOM_K, max([*drawn, *limits.values()]) + _ROOM_K


def _limit(value: float, dash: str) -> JsonValue:
    line: JsonValue = {"dash": dash, "color": "#000000"}
    return {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _limit_name(words: str, value: float) -> JsonValue:
    return {"xref": "paper", "yref": "y", "x": 0, "y": value, "xanchor": "left", "yanchor": "bottom", "text": words, "showarrow": False}


def _in_words(title: str, times: Sequence[float], axis: str, courses: Sequence[Course], limits: Mapping[str, float]) -> str:
    told = "; ".join(_course_in_words(c, times) for c in courses)
    lines = joined([f"{words} {value:.0f} °C" for words, value in limits.items()])
    return f"Line chart. {title}, {axis}. {told}." + (f" Limits: {lines}." if lines else "")


def _course_in_words(course: Course, times: Sequence[float]) -> str:
    peak = max(course.values)
    at = times[list(course.values).index(peak)]
    band = f", {course.band} up to {max(course.high):.1f} °C" if course.high else ""
    return f"{course.name} from {course.values[0]:.1f} to {course.values[-1]:.1f} °C, highest {peak:.1f} °C at {at:.1f}{band}"
