"""The rows of a given load's result: its moments, the standard's regimes, and the transformer."""

from datetime import datetime, timedelta

import numpy as np

from grid_models.findings import Outcome
from grid_models.heating.loading_verdict import Quantity, RegimeVerdict
from grid_models.heating.series import ThermalStart
from grid_models.life.units import Unit
from tools.thermal_result import MomentRow, RegimeRow, TransformerRow
from tools.thermal_temperatures import Heated

_MOST_MOMENTS = 3000
_MODELLED_CELSIUS = 160.0  # the hottest limit of IEC 60076-7; what is beyond it nobody loads on purpose
_BUBBLES_CELSIUS = 140.0  # quoted from memory of the standard, unverified, and said so


def too_hot(peak_celsius: float) -> tuple[str, ...]:
    """A phrase where the calculation leaves what it was made for."""
    if peak_celsius <= _MODELLED_CELSIUS:
        return ()
    return (
        f"that the laws go on as before beyond {_MODELLED_CELSIUS:g} °C, for which neither these temperatures nor the ageing were made; "
        f"above {_BUBBLES_CELSIUS:g} °C gas bubbles may form in the oil (from memory of the standard, unverified)",
    )


def moments(found: Heated) -> tuple[MomentRow, ...]:
    """Thinned evenly where there are very many; both peaks are kept."""
    series, count = found.series, len(found.at_min)
    shown = np.unique(np.linspace(0, count - 1, min(count, _MOST_MOMENTS)).round().astype(np.int64))
    shown = np.union1d(shown, [np.argmax(series.hot_spot_celsius), np.argmax(series.top_oil_celsius)])
    return tuple(
        MomentRow(
            hours=float(found.at_min[i] / 60.0),
            load_percent=float(found.load_pu[i] * 100.0),
            ambient_celsius=float(found.ambient_celsius[i]),
            top_oil_celsius=float(series.top_oil_celsius[i]),
            hot_spot_celsius=float(series.hot_spot_celsius[i]),
            loss_of_life_min=float(series.loss_of_life_min[i]),
        )
        for i in shown
    )


def regime_row(verdict: RegimeVerdict, late_min: float = 0.0) -> RegimeRow:
    """One regime in the words of the result; a current in per cent."""
    binding, limits = verdict.binding, verdict.limits
    percent = binding.unit == "pu"
    return RegimeRow(
        regime=limits.regime.value,
        allowed=None if verdict.outcome is Outcome.NOT_APPLICABLE else verdict.allowed,
        binding=binding.quantity.value,
        peak=binding.peak * 100.0 if percent else binding.peak,
        limit=binding.limit * 100.0 if percent else binding.limit,
        unit="%" if percent else binding.unit,
        limit_current_percent=None if limits.current_pu is None else limits.current_pu * 100.0,
        limit_hot_spot_celsius=limits.hot_spot_celsius,
        limit_top_oil_celsius=limits.top_oil_celsius,
        minutes_to_limit=_crossed_min(verdict, late_min),
        allowed_min=_allowed_min(verdict, late_min),
        unverified=limits.unverified,
    )


def given_row(unit: Unit | None, found: Heated, start: ThermalStart | None, begin: datetime, record: str) -> TransformerRow:
    """The transformer under its given load; limits are those of the first regime."""
    normal, series = found.regimes[0].limits, found.series
    oil, hot = float(series.top_oil_celsius.max()), float(series.hot_spot_celsius.max())
    at_min = float(found.at_min[int(series.hot_spot_celsius.argmax())])
    margins = {"hot-spot": normal.hot_spot_celsius - hot, "top oil": normal.top_oil_celsius - oil}
    binding = min(margins, key=lambda name: margins[name])
    crossed_min, life_h = _crossed_min(found.regimes[0], found.late_min), float(series.loss_of_life_min[-1]) / 60.0
    return TransformerRow(
        element=unit.name if unit else "the transformer described",
        rating_mva=None,
        load_now_percent=None,
        load_peak_percent=float(found.load_pu.max() * 100.0),
        hot_spot_now_celsius=float(series.hot_spot_celsius[0]) if start is None else start.top_oil_celsius + start.hot_spot_gradient_k,
        top_oil_peak_celsius=oil,
        hot_spot_peak_celsius=hot,
        hot_spot_peak_at=begin + timedelta(minutes=at_min),
        top_oil_limit_celsius=normal.top_oil_celsius,
        hot_spot_limit_celsius=normal.hot_spot_celsius,
        margin_k=margins[binding],
        binding=binding,
        expected_days_to_limit=None if crossed_min is None else crossed_min / 1440.0,
        loss_of_life_hours=life_h,
        relative_ageing=life_h / found.hours,
        record=record,
    )


def _allowed_min(verdict: RegimeVerdict, late_min: float) -> float | None:
    """Until the first limit, or as long as an overload of this regime may last, whichever is sooner."""
    longest = verdict.limits.longest_min
    ends = [_crossed_min(verdict, late_min), longest if longest is not None and verdict.overload_min > longest else None]
    return min((end for end in ends if end is not None), default=None)


def _crossed_min(verdict: RegimeVerdict, late_min: float) -> float | None:
    crossed = verdict.first_crossed_min
    if crossed is None or verdict.binding.quantity is Quantity.CURRENT:
        return crossed
    return max(crossed - late_min, 0.0)
