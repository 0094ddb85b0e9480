"""Where in the grid is it? A schematic map from the buses' coordinates, with loadings by colour and width."""

import math
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agent.rendering.bars import Picture
from agent.rendering.colours import CLASSES, UNKNOWN, LoadingClass, loading_class
from agent.rendering.reading import clean
from grid_models.twin.model import GridModel

Point = tuple[float, float]
Trace = dict[str, JsonValue]


def grid_map(model: GridModel, loading_percent: Mapping[str, float], highlight: Sequence[str] = ()) -> Picture | None:
    """Branches by loading (name → percent), `highlight` ringed. None where fewer than half of the branches have a place."""
    ends = {name: found for i, name in enumerate(model.branches.name) if (found := branch_ends(model, i))}
    if 2 * len(ends) < len(model.branches) or not ends:
        return None
    classes = {name: loading_class(loading_percent.get(name)) for name in ends}
    drawn = [trace for c in (*CLASSES[::-1], UNKNOWN) if (trace := _lines(c, {n: ends[n] for n in ends if classes[n] == c}))]
    places = _places(ends, loading_percent)
    title = f"{clean(model.name)}: loading of the branches"
    figure: dict[str, JsonValue] = {"data": [*drawn, places, *_rings(ends, highlight)], "layout": map_layout(title, ends)}
    return Picture(title=title, alt=_in_words(title, classes, loading_percent, highlight), figure=figure)


def branch_ends(model: GridModel, i: int) -> tuple[Point, Point] | None:
    """Both ends of a branch, where both have a position."""
    buses, branches = model.buses, model.branches
    a, b = ((float(buses.longitude_degree[bus]), float(buses.latitude_degree[bus])) for bus in (branches.from_bus[i], branches.to_bus[i]))
    return None if any(math.isnan(v) for v in (*a, *b)) else (a, b)


def _lines(drawn_as: LoadingClass, ends: Mapping[str, tuple[Point, Point]]) -> Trace | None:
    """One trace for each class: it makes the legend, and large grids stay quick."""
    if not ends:
        return None
    x: list[JsonValue] = [v for a, b in ends.values() for v in (a[0], b[0], None)]
    y: list[JsonValue] = [v for a, b in ends.values() for v in (a[1], b[1], None)]
    line: JsonValue = {"color": drawn_as.colour, "width": drawn_as.width}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "name": drawn_as.name, "hoverinfo": "skip"}


def middle(ends: tuple[Point, Point]) -> Point:
    return (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2


def _places(ends: Mapping[str, tuple[Point, Point]], loading: Mapping[str, float]) -> Trace:
    """Names appear over the middle of a branch; a transformer, whose ends lie together, is a square there."""
    middles = [middle(e) for e in ends.values()]
    colours: list[JsonValue] = [loading_class(loading.get(name)).colour for name in ends]
    sizes: list[JsonValue] = [9 if e[0] == e[1] else 5 for e in ends.values()]
    told: list[JsonValue] = [f"{clean(n)}: {loading[n]:.1f} %" if n in loading and not math.isnan(loading[n]) else clean(n) for n in ends]
    marker: JsonValue = {"symbol": "square", "size": sizes, "color": colours}
    xs: list[JsonValue] = [m[0] for m in middles]
    ys: list[JsonValue] = [m[1] for m in middles]
    shown: Trace = {"text": told, "hovertemplate": "%{text}<extra></extra>", "showlegend": False}
    return {"type": "scatter", "mode": "markers", "x": xs, "y": ys, "marker": marker, **shown}


def _rings(ends: Mapping[str, tuple[Point, Point]], highlight: Sequence[str]) -> list[Trace]:
    together: dict[Point, list[str]] = {}  # parallel circuits lie on each other: one ring, both names
    for name in highlight:
        if name in ends:
            together.setdefault(middle(ends[name]), []).append(clean(name))
    if not together:
        return []
    xs: list[JsonValue] = [m[0] for m in together]
    ys: list[JsonValue] = [m[1] for m in together]
    names: list[JsonValue] = [", ".join(n) for n in together.values()]
    marker: JsonValue = {"symbol": "circle-open", "size": 22, "color": "#000000", "line": {"width": 3}}
    label: Trace = {"text": names, "textposition": "top center", "name": "asked about"}
    return [{"type": "scatter", "mode": "markers+text", "x": xs, "y": ys, "marker": marker, **label}]


def map_layout(title: str, ends: Mapping[str, tuple[Point, Point]]) -> Trace:
    """A degree of longitude is shorter than one of latitude by the cosine of the latitude."""
    latitude = sum(e[0][1] for e in ends.values()) / len(ends)
    hidden: dict[str, JsonValue] = {"visible": False}
    along: JsonValue = {**hidden, "scaleanchor": "x", "scaleratio": 1 / max(math.cos(math.radians(latitude)), 0.1)}
    size: Trace = {"height": 560, "margin": {"l": 10, "r": 10, "t": 60, "b": 10}, "plot_bgcolor": "#FFFFFF"}
    return {"title": {"text": title}, "xaxis": hidden, "yaxis": along, **size}


def _in_words(title: str, classes: Mapping[str, LoadingClass], loading: Mapping[str, float], highlight: Sequence[str]) -> str:
    counted = [f"{sum(c == k for k in classes.values())} branches {c.name}" for c in (*CLASSES, UNKNOWN) if c in classes.values()]
    known = sorted((n for n in classes if classes[n] is not UNKNOWN), key=lambda n: -loading[n])[:3]
    heaviest = "; ".join(f"{clean(n)} {loading[n]:.1f} %" for n in known)
    ringed = f" Ringed: {', '.join(map(clean, highlight))}." if highlight else ""
    return f"Map. {title}. {', '.join(counted)}." + (f" Heaviest: {heaviest}." if heaviest else "") + ringed
