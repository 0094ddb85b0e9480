"""The rows of an outlook: the transformer, its watched moments, the causes of its peak and what would help."""

from datetime import timedelta

import numpy as np

from grid_models.life.ahead import STEP_MIN
from grid_models.life.behind import elements_behind
from grid_models.life.constants import nearer
from grid_models.life.contributors import Contributor
from grid_models.life.first_limit import FirstLimit, interval
from grid_models.life.heated import Temperatures
from grid_models.life.kernel_columns import LIFE, PEAK_HOT, PEAK_OIL
from grid_models.life.outlook import Outlook, growth_percent
from grid_models.life.paths import Paths
from grid_models.life.trial import Help
from grid_models.life.why import Why
from tools.thermal_result import CauseRow, HelpRow, MomentRow

_NO_RISE_K = 0.1  # shares of less say nothing


def transformer_fields(look: Outlook, u: int, expected: Temperatures, paths: Paths, first: FirstLimit) -> dict[str, object]:
    """The fields of a `TransformerRow` but those on its life."""
    case, limits, hottest = look.cases[u], look.limits[u], int(expected.hot_spot_celsius[u].argmax())
    oil, hot, life_h = (interval(paths.results[u, :, column]) for column in (PEAK_OIL, PEAK_HOT, LIFE))
    binding, margin = nearer(limits, oil[1], hot[1])
    record = "assumed" if case.record is None else "synthetic record" if case.record.synthetic else "record"
    return {
        "element": case.unit.name,
        "rating_mva": case.rated_mva,
        "load_now_percent": float(expected.load_pu[u, 0] * 100.0),
        "load_peak_percent": float(expected.load_pu[u].max() * 100.0),
        "hot_spot_now_celsius": float(look.start[u, 0] + look.start[u, 1] - look.start[u, 2]),
        "top_oil_peak_celsius": oil[1],
        "hot_spot_peak_low_celsius": hot[0],
        "hot_spot_peak_celsius": hot[1],
        "hot_spot_peak_high_celsius": hot[2],
        "hot_spot_peak_at": look.assumptions.at + timedelta(minutes=STEP_MIN * (hottest + 1)),
        "top_oil_limit_celsius": limits.top_oil_celsius,
        "hot_spot_limit_celsius": limits.hot_spot_celsius,
        "margin_k": margin,
        "binding": binding,
        "probability_percent": first.probability * 100.0,
        "days_to_limit": first.median_days,
        "days_to_limit_low": first.low_days,
        "days_to_limit_high": first.high_days,
        "loss_of_life_hours": life_h[1] / 60.0,
        "loss_of_life_hours_low": life_h[0] / 60.0,
        "loss_of_life_hours_high": life_h[2] / 60.0,
        "relative_ageing": life_h[1] / (look.ahead.steps * STEP_MIN),
        "yearly_growth_percent": growth_percent(look.assumptions, case),
        "record": record,
    }


def moments(look: Outlook, u: int, expected: Temperatures, paths: Paths) -> tuple[MomentRow, ...]:
    """The watched moments, with the band of the paths, and the expected peak."""
    low, high = np.quantile(paths.hot_spot[u], (0.05, 0.95), axis=1)
    shown = np.union1d(paths.watched, expected.hot_spot_celsius[u].argmax())
    low, high = (np.interp(shown, paths.watched, edge) for edge in (low, high))  # at the expected peak between its neighbours
    return tuple(
        MomentRow(
            hours=(i + 1) * STEP_MIN / 60.0,
            load_percent=float(expected.load_pu[u, i] * 100.0),
            ambient_celsius=float(look.ambient.celsius[i]),
            top_oil_celsius=float(expected.top_oil_celsius[u, i]),
            hot_spot_celsius=float(expected.hot_spot_celsius[u, i]),
            loss_of_life_min=float(expected.life_min[u, i]),
            hot_spot_low_celsius=float(low[n]),
            hot_spot_high_celsius=float(high[n]),
        )
        for n, i in enumerate(shown.tolist())
    )


def causes(found: Why, look: Outlook, u: int, injections: tuple[Contributor, ...]) -> tuple[CauseRow, ...]:
    """Shares in K and, where there is a rise to speak of, in per cent of it; with the elements behind each."""
    rise = found.peak_celsius - found.baseline_celsius
    percent = 100.0 / rise if abs(rise) >= _NO_RISE_K else None
    return tuple(
        CauseRow(
            cause=c.cause.value,
            share_k=c.share_k,
            share_percent=None if percent is None else c.share_k * percent,
            words=c.words,
            elements=elements_behind(c.cause, look, u, injections),
        )
        for c in found.shares
    )


def help_row(found: Help) -> HelpRow:
    """A remedy with its effect; loads in per cent."""
    return HelpRow(
        change=found.words,
        element=found.actions[0].element or "",
        load_before_percent=found.load_before_pu * 100.0,
        load_after_percent=found.load_after_pu * 100.0,
        hot_spot_before_celsius=found.peak_before_celsius,
        hot_spot_after_celsius=found.peak_after_celsius,
        within_limits=found.within_limits,
        new_violations=found.new_violations,
    )
