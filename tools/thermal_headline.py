"""The point of a transformer's outlook in one sentence: which, when, why, and what would help."""

from typing import TYPE_CHECKING

from grid_models.heating.ageing import NORMAL_LIFE_H

if TYPE_CHECKING:
    from tools.thermal_result import RegimeRow, ThermalResult, TransformerRow

_WORTH_SAYING_K = 0.5  # smaller causes are not in the sentence; engineering judgement
_SHORT_DAYS = 2.0  # below it a span is told in hours
_LIKELY, _POSSIBLE = 50.0, 5.0  # per cent of the paths; engineering judgement


def sentence(found: "ThermalResult") -> str:
    """One sentence (two where something helps)."""
    if not found.transformers:
        return found.note or "No transformer could be assessed."
    return _given(found) if found.mode == "given load" else _outlook(found)


def _given(found: "ThermalResult") -> str:
    row = found.transformers[0]
    allowed = next((r for r in found.regimes if r.allowed), None)
    peak = f"hot-spot {row.hot_spot_peak_celsius:.1f} °C, top oil {row.top_oil_peak_celsius:.1f} °C"
    cost = f"it costs {_cost(row.loss_of_life_hours)} in {_number(found.horizon_hours)} h"
    if allowed is None:
        return f"{row.element} cannot carry this within the standard's limits ({peak}; {_broken(found.regimes)}); {cost}."
    return f"{row.element} can carry this as {allowed.regime} loading ({peak}); {cost}."


def _cost(life_hours: float) -> str:
    """Beyond the whole of it a number would only pretend."""
    if life_hours > NORMAL_LIFE_H:
        return f"more than the whole normal insulation life of {NORMAL_LIFE_H:.0f} h"
    return f"{life_hours:.1f} h of normal insulation life"


def _number(value: float) -> str:
    """Three digits, and never an exponent."""
    return f"{value:.0f}" if value >= 1000.0 else f"{value:.3g}"


def _broken(regimes: "tuple[RegimeRow, ...]") -> str:
    """By which quantity, and when, the widest regime that applies is broken."""
    widest = next((r for r in reversed(regimes) if r.allowed is False), None)
    if widest is None:
        return "no regime applies"
    after = "" if widest.minutes_to_limit is None else f" after {widest.minutes_to_limit:.0f} min"
    return f"the {widest.binding} limit of {widest.regime} loading, {widest.limit:g} {widest.unit}, is crossed{after}"


def _outlook(found: "ThermalResult") -> str:
    row, span = found.transformers[0], _span(found.horizon_hours)
    chance = row.probability_percent
    if chance is None or chance < _POSSIBLE:
        nearest = f"the nearest, {row.element}, peaks at {_peak(row)}"
        return f"No transformer is expected to reach a temperature limit within {span}; {nearest}."
    if row.days_to_limit == 0.0:
        return f"{row.element} passes its limit at once, and peaks at {_peak(row)}{_because(found)}{_helped(found)}."
    word = "is likely to" if chance >= _LIKELY else "may"
    return f"{row.element} {word} overheat within {_when(row, span)}{_because(found)}{_helped(found)}."


def _peak(row: "TransformerRow") -> str:
    top = row.binding == "top oil"
    peak, limit = (row.top_oil_peak_celsius, row.top_oil_limit_celsius) if top else (row.hot_spot_peak_celsius, row.hot_spot_limit_celsius)
    return f"{peak:.1f} °C {row.binding} of {limit:g} °C"


def _when(row: "TransformerRow", span: str) -> str:
    first = row.days_to_limit
    if first is None:
        return f"{span} ({row.probability_percent:.0f} % of the paths cross its limit)"
    low, high = row.days_to_limit_low, row.days_to_limit_high
    until = _time(high) if high is not None else f"more than {span}"
    return f"{_time(first)}{f' (90 %: {_time(low)} to {until})' if low is not None else ''}"


def _span(hours: float) -> str:
    return f"{hours / 24.0:.3g} days" if hours >= 24.0 * _SHORT_DAYS else f"{hours:.3g} h"


def _time(days: float) -> str:
    """'9.2 days', '5.5 h' or '15 min'."""
    if days >= _SHORT_DAYS:
        return f"{days:.1f} days"
    return f"{days * 24.0:.1f} h" if days >= 1.0 / 24.0 else f"{days * 1440.0:.0f} min"


def _because(found: "ThermalResult") -> str:
    """The causes that raise the peak most, with the elements behind the first."""
    told = [c for c in found.causes if c.share_k >= _WORTH_SAYING_K][:2]
    if not told:
        return ""
    by = f" ({', '.join(told[0].elements[:2])})" if told[0].elements else ""
    first = f"{told[0].cause}{by}, {told[0].share_k:+.1f} K"
    return f" because of {first}" + (f" and {told[1].cause}, {told[1].share_k:+.1f} K" if len(told) > 1 else "")


def _helped(found: "ThermalResult") -> str:
    best = next((h for h in found.helps if h.within_limits), found.helps[0] if found.helps else None)
    if best is None or best.hot_spot_after_celsius >= best.hot_spot_before_celsius:
        return ""
    return f"; to {best.change} would bring its peak from {best.hot_spot_before_celsius:.1f} °C to {best.hot_spot_after_celsius:.1f} °C"
