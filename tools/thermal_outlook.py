"""Which transformer gets too hot, when, why, and what would help? Over the coming days, for the load that is forecast."""

from datetime import timedelta

import numpy as np

from grid_models.errors import StudyCancelled
from grid_models.heating.loading_verdict import judged
from grid_models.heating.series import ThermalSeries
from grid_models.life.ahead import STEP_MIN
from grid_models.life.assumptions import Assumptions, Case
from grid_models.life.constants import nearer
from grid_models.life.contributors import contributors
from grid_models.life.course import course_of
from grid_models.life.first_limit import FirstLimit, first_limits, interval
from grid_models.life.helps import helps
from grid_models.life.kernel_columns import LIFE, PEAK_HOT, PEAK_OIL
from grid_models.life.outlook import Outlook, Temperatures, outlook_of
from grid_models.life.paths import PATHS, Paths, simulate
from grid_models.life.trial import Help, Trial
from grid_models.life.why import Why, why
from tools.context import StudyContext
from tools.thermal_args import ThermalArgs
from tools.thermal_given import METHODS, regime_row
from tools.thermal_life import life_fields, paper_row
from tools.thermal_result import CauseRow, ContributorRow, HelpRow, MomentRow, ThermalResult, TransformerRow

_SIMULATED = 24  # transformers nearest to a limit get paths; the others the expected course only
_NEAR = 0.01  # share of paths that cross a limit from which on remedies are looked for
_NO_RISE_K = 0.1  # shares of less say nothing


def outlook(args: ThermalArgs, ctx: StudyContext, assume: Assumptions, cases: tuple[Case, ...]) -> ThermalResult:
    """Raises OutsideForecast, PowerFlowDiverged, StudyCancelled."""
    every = outlook_of(assume, cases)
    near = _nearest(every, every.temperatures(every.loads(every.ahead.expected)))
    look = every if len(near) == len(cases) else outlook_of(assume, [cases[u] for u in near])
    expected = look.temperatures(look.loads(look.ahead.expected))
    if ctx.cancelled():
        raise StudyCancelled(0, len(cases))
    paths = simulate(look, PATHS, ctx.seed, ctx.progress)
    firsts = first_limits(paths)
    now = look if assume.is_as_it_is else outlook_of(assume.as_it_is(), look.cases)
    rows = [
        TransformerRow.model_validate({**_row(look, i, expected, paths, first), **life_fields(now, i, ctx.seed)})
        for i, first in enumerate(firsts)
    ]
    order = sorted(range(len(rows)), key=lambda u: _urgency(rows[u]))
    u = order[0]
    course = course_of(look, u, paths)
    reasons = why(look, u, course)
    worrying = firsts[u].probability >= _NEAR
    return ThermalResult(
        mode="outlook",
        method=METHODS["iec"],
        horizon_hours=assume.hours,
        step_min=STEP_MIN,
        paths=PATHS,
        transformers=tuple(rows[i] for i in order[: args.top]),
        total=len(cases),
        explained=rows[u].element,
        limit_regime="normal cyclic",
        series=_moments(look, u, expected, paths),
        regimes=tuple(regime_row(r) for r in judged(_series(expected, u), expected.load_pu[u], STEP_MIN, look.cases[u].thermal.size)),
        baseline_celsius=reasons.baseline_celsius,
        explained_peak_celsius=reasons.peak_celsius,
        causes=_causes(reasons),
        contributors=tuple(ContributorRow(**vars(c)) for c in contributors(look, u, course, reasons.at_step)[: args.top]),
        helps=tuple(_help(h) for h in helps(Trial(look, u, course, reasons.at_step, ctx.limits), args.top)) if worrying else (),
        polymerisation=paper_row(now, u, ctx.seed),
        ambient=_with_doubt(look.ambient.source, look.ambient.unverified),
        load=_load_words(look),
        assumed=look.cases[u].thermal.assumed,
        unverified=tuple(t for t in (look.cases[u].thermal.parameters.unverified,) if t),
        changes=tuple(a.words() for a in args.changes),
    )


def _nearest(look: Outlook, expected: Temperatures) -> list[int]:
    """The transformers whose expected peak is nearest to a limit, in the order of the grid."""
    oil, hot = expected.top_oil_celsius.max(axis=1), expected.hot_spot_celsius.max(axis=1)
    margin = [nearer(limits, float(oil[u]), float(hot[u]))[1] for u, limits in enumerate(look.limits)]
    return sorted(sorted(range(len(margin)), key=lambda u: margin[u])[:_SIMULATED])


def _row(look: Outlook, u: int, expected: Temperatures, paths: Paths, first: FirstLimit) -> dict[str, object]:
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
        "record": record,
    }


def _urgency(row: TransformerRow) -> tuple[float, float, float]:
    """The sooner half of the paths have crossed, then the more paths cross at all, then the less is left."""
    median = np.inf if row.days_to_limit is None else row.days_to_limit
    return median, -(row.probability_percent or 0.0), row.margin_k


def _series(expected: Temperatures, u: int) -> ThermalSeries:
    return ThermalSeries(expected.top_oil_celsius[u], expected.hot_spot_celsius[u], expected.life_min[u])


def _moments(look: Outlook, u: int, expected: Temperatures, paths: Paths) -> tuple[MomentRow, ...]:
    """The watched moments, with the band of the paths, and the expected peak."""
    low, high = np.quantile(paths.hot_spot[u], (0.05, 0.95), axis=1)
    rows = {int(i): (float(low[n]), float(high[n])) for n, i in enumerate(paths.watched)}
    peak = int(expected.hot_spot_celsius[u].argmax())
    return tuple(
        MomentRow(
            hours=(i + 1) * STEP_MIN / 60.0,
            load_percent=float(expected.load_pu[u, i] * 100.0),
            ambient_celsius=float(look.ambient.celsius[i]),
            top_oil_celsius=float(expected.top_oil_celsius[u, i]),
            hot_spot_celsius=float(expected.hot_spot_celsius[u, i]),
            loss_of_life_min=float(expected.life_min[u, i]),
            hot_spot_low_celsius=rows[i][0] if i in rows else None,
            hot_spot_high_celsius=rows[i][1] if i in rows else None,
        )
        for i in sorted({*rows, peak})
    )


def _causes(found: Why) -> tuple[CauseRow, ...]:
    rise = found.peak_celsius - found.baseline_celsius
    percent = 100.0 / rise if abs(rise) >= _NO_RISE_K else None
    return tuple(
        CauseRow(cause=c.cause.value, share_k=c.share_k, share_percent=None if percent is None else c.share_k * percent, words=c.words)
        for c in found.shares
    )


def _help(found: Help) -> HelpRow:
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


def _with_doubt(source: str, unverified: str) -> str:
    return f"{source}; {unverified}" if unverified else source


def _load_words(look: Outlook) -> str:
    ahead = look.ahead
    if not ahead.errors.measured:
        return f"{ahead.forecast.method} Too little history for its errors: the paths are drawn from a first guess of them."
    return (
        "forecast from nothing but data before plant time, beyond a week the same weekdays again; "
        f"the paths repeat the errors of {ahead.courses} earlier forecasts made at this clock time"
    )
