"""How does frequency move, against which limits, and what answers it? As a picture: frequency above, powers below."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.rendering.bars import Picture
from agent.rendering.colours import BLUE, ORANGE, VERMILION
from agent.rendering.frequency_rows import rises
from agent.rendering.reading import Row, amount, number, rows, text

_ROOM = 1.6  # limits farther away than so many times the largest deviation would flatten the course; engineering judgement
_DASHES = ("dash", "dot", "longdash", "dashdot", "longdashdot")


def frequency_pictures(call: Call) -> list[Picture | None]:
    """The course with its limits, losses and sheddings; none of fewer than two moments."""
    series = rows(call.result, "series")
    if len(series) < 2:
        return [None]
    limits = _limits(call)
    title = f"Frequency after losing {text(call.result, 'element') or _first(call)}"
    layout: dict[str, JsonValue] = {
        "title": {"text": title},
        "height": 560,
        "margin": {"l": 10, "r": 10, "t": 60, "b": 90},
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.15},
        "plot_bgcolor": "#FFFFFF",
        "xaxis": {"title": {"text": "seconds after the first loss"}, "anchor": "y2"},
        "yaxis": {"title": {"text": "Hz"}, "domain": [0.36, 1.0], "automargin": True, "range": _range(call, limits)},
        "yaxis2": {"title": {"text": "MW"}, "domain": [0.0, 0.28], "automargin": True},
        "shapes": [_line(value, _DASHES[i % len(_DASHES)]) for i, value in enumerate(limits.values())],
        "annotations": [_name(f"{words}, {value:.4g} Hz", value) for words, value in limits.items()],
    }
    powers = [_power(series, "response_mw", "response", ORANGE, "dot", "linear")]
    if text(call.result, "scheme") != "none":
        powers.append(_power(series, "shed_mw", "load shed", VERMILION, "solid", "hv"))
    data: list[JsonValue] = [_course(series), *_marks(call, series), *powers]
    return [Picture(title=title, alt=_in_words(title, call, limits), figure={"data": data, "layout": layout})]


def _first(call: Call) -> str:
    """'450.0 MW' or '400.0 MW of load'."""
    lost = next((amount(r, "mw") for r in rows(call.result, "losses")), 0.0)
    return f"{abs(lost):.1f} MW{' of load' * rises(call)}"


def _limits(call: Call) -> dict[str, float]:
    """Those of frequency, on the side to which it moves; a deviation is one from nominal. At least the nearest one is drawn."""
    nominal, side = amount(call.result, "nominal_hz"), 1.0 if rises(call) else -1.0
    found: dict[str, float] = {}
    for row in (r for r in rows(call.result, "limits") if text(r, "unit") == "Hz"):
        allowed = amount(row, "allowed")
        at = allowed if allowed > nominal / 2 else nominal + side * allowed
        if (at - nominal) * side > 0:
            found[text(row, "limit")] = at
    near = sorted(found, key=lambda name: abs(found[name] - nominal))
    reach = _ROOM * max(_farthest(call), 1e-3)
    return {name: found[name] for i, name in enumerate(near) if i == 0 or abs(found[name] - nominal) <= reach}


def _farthest(call: Call) -> float:
    nominal = amount(call.result, "nominal_hz")
    return max(abs(amount(call.result, key) - nominal) for key in ("nadir_hz", "zenith_hz"))


def _range(call: Call, limits: Mapping[str, float]) -> list[JsonValue]:
    """Limits are shapes, which Plotly does not count when it chooses a range."""
    drawn = [amount(call.result, "nadir_hz"), amount(call.result, "zenith_hz"), *limits.values()]
    room = 0.08 * max(max(drawn) - min(drawn), 1e-3)
    return [min(drawn) - room, max(drawn) + 2 * room]


def _course(series: Sequence[Row]) -> JsonValue:
    line: JsonValue = {"color": BLUE, "width": 3}
    where: dict[str, JsonValue] = {"x": [amount(m, "time_s") for m in series], "y": [amount(m, "frequency_hz") for m in series]}
    hover = "%{x:.2f} s: %{y:.3f} Hz<extra>frequency</extra>"
    return {"type": "scatter", "mode": "lines", "name": "frequency", "line": line, "hovertemplate": hover, **where}


def _power(series: Sequence[Row], key: str, name: str, colour: str, dash: str, shape: str) -> JsonValue:
    line: JsonValue = {"color": colour, "width": 2, "dash": dash, "shape": shape}
    where: dict[str, JsonValue] = {"x": [amount(m, "time_s") for m in series], "y": [amount(m, key) for m in series], "yaxis": "y2"}
    hover = f"%{{x:.2f}} s: %{{y:.1f}} MW<extra>{name}</extra>"
    return {"type": "scatter", "mode": "lines", "name": f"{name} [MW]", "line": line, "hovertemplate": hover, **where}


def _marks(call: Call, series: Sequence[Row]) -> list[JsonValue]:
    """Losses, the farthest point and stages of shedding on the course; they differ in shape as well as colour."""
    side = "zenith" if rises(call) else "nadir"
    farthest = [(amount(call.result, f"{side}_s"), f"{'highest' if rises(call) else 'lowest'} {amount(call.result, f'{side}_hz'):.3f} Hz")]
    losses = [(amount(r, "at_s"), f"loss of {abs(amount(r, 'mw')):.1f} MW") for r in rows(call.result, "losses")]
    shed = [(at, f"{amount(r, 'mw'):.1f} MW shed") for r in rows(call.result, "shed_stages") if (at := number(r, "at_s")) is not None]
    kinds = [("losses", "x", ORANGE, losses), ("farthest", "circle", BLUE, farthest), ("stages shed", "triangle-down", VERMILION, shed)]
    return [_kind(name, symbol, colour, found, series) for name, symbol, colour, found in kinds if found]


def _kind(name: str, symbol: str, colour: str, found: Sequence[tuple[float, str]], series: Sequence[Row]) -> JsonValue:
    marker: JsonValue = {"symbol": symbol, "color": colour, "size": 11, "line": {"color": "#000000", "width": 1}}
    where: dict[str, JsonValue] = {"x": [at for at, _ in found], "y": [_frequency(series, at) for at, _ in found]}
    told: dict[str, JsonValue] = {"text": [words for _, words in found], "hovertemplate": "%{x:.2f} s: %{text}<extra></extra>"}
    return {"type": "scatter", "mode": "markers", "name": name, "marker": marker, **where, **told}


def _frequency(series: Sequence[Row], at_s: float) -> float:
    """Of the nearest moment."""
    return amount(min(series, key=lambda m: abs(amount(m, "time_s") - at_s)), "frequency_hz")


def _line(value: float, dash: str) -> JsonValue:
    line: JsonValue = {"dash": dash, "color": "#000000"}
    return {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _name(words: str, value: float) -> JsonValue:
    return {"xref": "paper", "yref": "y", "x": 1, "y": value, "xanchor": "right", "yanchor": "bottom", "text": words, "showarrow": False}


def _in_words(title: str, call: Call, limits: Mapping[str, float]) -> str:
    result, side = call.result, "zenith" if rises(call) else "nadir"
    farthest = f"{'highest' if rises(call) else 'lowest'} {amount(result, f'{side}_hz'):.3f} Hz at {amount(result, f'{side}_s'):.1f} s"
    settles = number(result, "settles_hz")
    end = "it does not settle" if settles is None else f"it settles at {settles:.3f} Hz"
    shed = f", {amount(result, 'shed_mw'):.1f} MW of load shed" if amount(result, "shed_mw") else ""
    drawn = "; ".join(f"{words} {value:.4g} Hz" for words, value in limits.items())
    return f"Line chart. {title}: from {amount(result, 'nominal_hz'):.0f} Hz, {farthest}{shed}, {end}." + (
        f" Limits: {drawn}." if drawn else ""
    )
