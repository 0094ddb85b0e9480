"""Which transformer gets too hot, when, why, and what would help? Over the coming days, for the load that is forecast."""

from collections.abc import Callable

import numpy as np

from grid_models.errors import PowerFlowDiverged, StudyCancelled
from grid_models.heating.loading_verdict import judged
from grid_models.heating.series import ThermalSeries
from grid_models.life.ahead import STEP_MIN
from grid_models.life.assumptions import Assumptions, Case
from grid_models.life.constants import nearer
from grid_models.life.contributors import contributors
from grid_models.life.course import course_of, on_course
from grid_models.life.first_limit import first_limits
from grid_models.life.heated import Temperatures
from grid_models.life.helps import helps
from grid_models.life.outlook import Outlook, outlook_of
from grid_models.life.paths import PATHS, Paths, simulate
from grid_models.life.trial import Trial
from grid_models.life.why import why
from tools.context import StudyContext
from tools.thermal_args import ThermalArgs
from tools.thermal_given_rows import regime_row, too_hot
from tools.thermal_life import life_fields, paper_row
from tools.thermal_nameplate import NOTHING_TO_LOSE
from tools.thermal_outlook_rows import causes, help_row, moments, transformer_fields
from tools.thermal_result import ContributorRow, HelpRow, RegimeRow, ThermalResult, TransformerRow
from tools.thermal_temperatures import METHODS

_SIMULATED = 24  # transformers nearest to a limit get paths; the others the expected course only
_NEAR_PERCENT = 1.0  # of the paths cross a limit: from there on remedies are looked for


def outlook(args: ThermalArgs, ctx: StudyContext, assume: Assumptions, cases: tuple[Case, ...]) -> ThermalResult:
    """Raises OutsideForecast, PowerFlowDiverged, StudyCancelled."""
    look = _looked_at(assume, cases)
    expected = look.temperatures(look.loads(look.ahead.expected))
    progress = _stoppable(ctx)
    progress(0, len(look.cases))
    paths = simulate(look, PATHS, ctx.seed, progress)
    rows = _rows(look, expected, paths, ctx.seed)
    order = sorted(range(len(rows)), key=lambda u: _urgency(rows[u]))
    u = order[0]
    course = course_of(look, u, paths)
    reasons = why(look, u, course)
    injections = contributors(look, u, course, reasons.at_step)
    worrying = (rows[u].probability_percent or 0.0) >= _NEAR_PERCENT
    found, note = _helps(Trial(look, u, course, reasons.at_step, ctx.limits), args.top) if worrying else ((), "")
    return ThermalResult(
        mode="outlook",
        method=METHODS["iec"],
        horizon_hours=look.ahead.steps * STEP_MIN / 60.0,
        step_min=STEP_MIN,
        paths=PATHS,
        transformers=tuple(rows[i] for i in order[: args.top]),
        total=len(cases),
        explained=rows[u].element,
        limit_regime="normal cyclic",
        series=moments(look, u, expected, paths),
        regimes=_regimes(on_course(course, look.load_map, u), look.cases[u]),
        baseline_hot_spot_celsius=reasons.baseline_celsius,
        explained_hot_spot_celsius=reasons.peak_celsius,
        causes=causes(reasons, look, u, injections),
        contributors=tuple(ContributorRow(**vars(c)) for c in injections[: args.top]),
        helps=found,
        polymerisation=paper_row(_as_it_is(look), u, ctx.seed),
        ambient=_with_doubt(look.ambient.source, look.ambient.unverified),
        load=_load_words(look),
        assumed=(*_assumed(assume, look.cases[u]), *too_hot(reasons.peak_celsius)),
        unverified=_unverified(assume, look.cases[u]),
        changes=tuple(a.words() for a in args.changes),
        note=note,
    )


def _looked_at(assume: Assumptions, cases: tuple[Case, ...]) -> Outlook:
    """Of the transformers nearest to a limit."""
    every = outlook_of(assume, cases)
    near = _nearest(every, every.temperatures(every.loads(every.ahead.expected)))
    return every if len(near) == len(cases) else outlook_of(assume, [cases[u] for u in near])


def _stoppable(ctx: StudyContext) -> Callable[[int, int], None]:
    """Progress that raises StudyCancelled once the person has had enough."""

    def told(done: int, total: int) -> None:
        if done:
            ctx.progress(done, total)
        if ctx.cancelled():
            raise StudyCancelled(done, total, "transformers")

    return told


def _rows(look: Outlook, expected: Temperatures, paths: Paths, seed: int) -> list[TransformerRow]:
    """In the order of the grid; the life that is left is that of the grid as it is."""
    now = _as_it_is(look)
    return [
        TransformerRow.model_validate({**transformer_fields(look, i, expected, paths, first), **life_fields(now, i, seed)})
        for i, first in enumerate(first_limits(paths))
    ]


def _as_it_is(look: Outlook) -> Outlook:
    assume = look.assumptions
    return look if assume.is_as_it_is else outlook_of(assume.as_it_is(), look.cases)


def _helps(trial: Trial, top: int) -> tuple[tuple[HelpRow, ...], str]:
    """What helps, and a sentence where it could not be looked for: then the rest is answered all the same."""
    try:
        return tuple(help_row(h) for h in helps(trial, top)), ""
    except PowerFlowDiverged as error:
        return (), f"What would help was not looked for at the hottest moment: {error}"


def _nearest(look: Outlook, expected: Temperatures) -> list[int]:
    """The transformers whose expected peak is nearest to a limit, in the order of the grid."""
    oil, hot = expected.top_oil_celsius.max(axis=1), expected.hot_spot_celsius.max(axis=1)
    margin = [nearer(limits, float(oil[u]), float(hot[u]))[1] for u, limits in enumerate(look.limits)]
    return sorted(sorted(range(len(margin)), key=lambda u: margin[u])[:_SIMULATED])


def _urgency(row: TransformerRow) -> tuple[float, float, float]:
    """The sooner half of the paths have crossed, then the more paths cross at all, then the less is left."""
    median = np.inf if row.days_to_limit is None else row.days_to_limit
    return median, -(row.probability_percent or 0.0), row.margin_k


def _regimes(found: Temperatures, case: Case) -> tuple[RegimeRow, ...]:
    """Of the explained course."""
    series = ThermalSeries(found.top_oil_celsius[0], found.hot_spot_celsius[0], found.life_min[0])
    return tuple(regime_row(r) for r in judged(series, found.load_pu[0], STEP_MIN, case.thermal.size))


def _assumed(assume: Assumptions, case: Case) -> tuple[str, ...]:
    nothing = assume.cooling_lost and case.thermal.without_cooling is None
    return (*case.assumed, *((NOTHING_TO_LOSE,) if nothing else ()))


def _unverified(assume: Assumptions, case: Case) -> tuple[str, ...]:
    lost = case.thermal.without_cooling if assume.cooling_lost else None
    told = (lost or case.thermal.parameters).unverified
    return (told,) if told else ()


def _with_doubt(source: str, unverified: str) -> str:
    return f"{source}; {unverified}" if unverified else source


def _load_words(look: Outlook) -> str:
    ahead = look.ahead
    if look.assumptions.grid.profiles is None:
        return "this grid has no history, so the present load is held and its paths differ by weather, growth and constants only"
    if not ahead.errors.measured:
        return f"{ahead.forecast.method} Too little history for its errors: the paths are drawn from a first guess of them."
    return (
        "forecast from nothing but data before plant time, beyond a week the same weekdays again; "
        f"the paths repeat the errors of {ahead.courses} earlier forecasts made at this clock time"
    )
