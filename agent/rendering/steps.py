"""A quantity that changes in steps, with what happened at each, as a Plotly figure told in words besides."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agent.rendering.bars import Picture
from agent.rendering.colours import BLUE

_NAMED = 8  # more names than that would cover each other


@dataclass(frozen=True)
class Moment:
    """Something that happened `at` a time, with the value after it."""

    at: float
    value: float
    what: str


@dataclass(frozen=True)
class Kind:
    """Moments drawn alike."""

    name: str
    colour: str
    symbol: str
    moments: Sequence[Moment]


def step_picture(title: str, axis: str, unit: str, course: Sequence[tuple[float, float]], kinds: Sequence[Kind]) -> Picture:
    """`course`: time and value from there on, the last one its end; moments are marks on it."""
    moments = sorted((m for k in kinds for m in k.moments), key=lambda m: m.at)
    line: JsonValue = {
        **{"type": "scatter", "mode": "lines", "name": f"load supplied [{unit}]", "x": [t for t, _ in course], "y": [v for _, v in course]},
        **{"line": {"shape": "hv", "color": BLUE, "width": 3}, "hovertemplate": f"%{{x:.3g}}: %{{y:.1f}} {unit}<extra></extra>"},
    }
    layout: dict[str, JsonValue] = {
        "title": {"text": title},
        "height": 460,
        "margin": {"l": 10, "r": 10, "t": 60, "b": 90},
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.25},
        "plot_bgcolor": "#FFFFFF",
        "xaxis": {"title": {"text": axis}},
        "yaxis": {"title": {"text": unit}, "automargin": True, "range": [0, 1.35 * max(v for _, v in course)]},
        "annotations": _names(moments),
    }
    data: list[JsonValue] = [line, *(_marks(k, unit) for k in kinds if k.moments)]
    return Picture(title=title, alt=_in_words(title, axis, unit, course, moments), figure={"data": data, "layout": layout})


def _marks(kind: Kind, unit: str) -> JsonValue:
    """Kinds differ in shape as well as colour."""
    marker: JsonValue = {"symbol": kind.symbol, "color": kind.colour, "size": 11, "line": {"color": "#000000", "width": 1}}
    where: dict[str, JsonValue] = {"x": [m.at for m in kind.moments], "y": [m.value for m in kind.moments]}
    told: dict[str, JsonValue] = {
        "text": [m.what for m in kind.moments],
        "hovertemplate": f"%{{x:.3g}}: %{{text}}, %{{y:.1f}} {unit}<extra></extra>",
    }
    return {"type": "scatter", "mode": "markers", "name": kind.name, "marker": marker, **where, **told}


def _names(moments: Sequence[Moment]) -> list[JsonValue]:
    """What happens at one time is one name, slanted above its mark; only the first few."""
    together: dict[float, list[Moment]] = {}
    for moment in moments:
        together.setdefault(moment.at, []).append(moment)
    return [_name(found) for found in list(together.values())[:_NAMED]]


def _name(found: Sequence[Moment]) -> JsonValue:
    words = found[0].what + (f" and {len(found) - 1} more" if len(found) > 1 else "")
    place: dict[str, JsonValue] = {"x": found[0].at, "y": max(m.value for m in found), "xanchor": "left", "yanchor": "bottom"}
    return {**place, "text": words, "textangle": -30, "showarrow": False, "yshift": 8}


def _in_words(title: str, axis: str, unit: str, course: Sequence[tuple[float, float]], moments: Sequence[Moment]) -> str:
    told = "; ".join(f"{m.at:.3g}: {m.what}, {m.value:.1f} {unit}" for m in moments)
    return f"Step chart. {title}, {axis}. From {course[0][1]:.1f} to {course[-1][1]:.1f} {unit}. {told}."
