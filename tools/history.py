"""How did a value move: since when, how fast, and when does it reach its limit?"""

from datetime import datetime
from typing import Literal

import numpy as np
from pydantic import Field

from grid_models.history import History, Series, Trend, Trended, trend
from grid_models.limits import OperatingLimits
from grid_models.trends.columns import SUMMED
from grid_models.twin.model import GridModel, IntArray
from grid_models.twin.registry import BRANCH_KINDS, Element, ElementKind
from tools.context import StudyContext
from tools.history_result import HistoryResult, SampleRow, TrendRow
from tools.moments import moment
from tools.result import Args, InvalidArguments

_QUANTITIES = {
    "voltage": Trended.VOLTAGE,
    "loading": Trended.LOADING,
    "flow": Trended.FLOW,
    "load": Trended.LOAD,
    "generation": Trended.GENERATION,
    "infeed": Trended.INFEED,
}
_WORDS = {quantity: words for words, quantity in _QUANTITIES.items()}
_OF_KIND = {
    ElementKind.BUS: (Trended.VOLTAGE,),
    ElementKind.LOAD: (Trended.LOAD,),
    ElementKind.GENERATOR: (Trended.GENERATION,),
    ElementKind.INFEED: (Trended.INFEED,),
    ElementKind.LINE: (Trended.LOADING, Trended.FLOW),
    ElementKind.TRANSFORMER: (Trended.LOADING, Trended.FLOW),
}
_MOST = 200  # samples listed of one trend: as many as a picture can show
_NONE_KEPT = "Nothing is recorded of this grid here: a history is kept while its plant runs, and none does now."


class HistoryArgs(Args):
    element: str | None = Field(default=None, description="bus, branch, load, generator or infeed; none: the totals")
    quantity: Literal["voltage", "loading", "flow", "load", "generation", "infeed"] | None = Field(
        default=None, description="by default what the element's kind has; without an element only totals of powers exist"
    )
    since: str | None = Field(
        default=None, description="ISO plant time, or how far back: '30 min', '2 h', '1 day', '10:00'; none: all that is kept"
    )
    top: int = Field(default=60, ge=1, le=1000, description="how many samples each trend lists; at least 2 and at most 200 are")


def run(args: HistoryArgs, ctx: StudyContext) -> HistoryResult:
    """The trends of an element or of the totals. Raises UnknownElement, AmbiguousElement, InvalidArguments."""
    model = ctx.state.model
    element = model.registry.find(args.element) if args.element else None
    wanted = _wanted(args, element, model)
    since = moment(args.since, ctx.state.plant_time) if args.since else None
    history = ctx.twin.history if ctx.twin is not None else None
    if history is None or not history.samples:
        return HistoryResult(recorded=False, note=_NONE_KEPT if history is None else "The plant was just started; nothing is recorded yet.")
    found = [_trend(history, quantity, element, since, ctx.limits, min(max(args.top, 2), _MOST)) for quantity in wanted]
    rows = tuple(row for row in found if row is not None)
    return HistoryResult(recorded=True, trends=rows, note=_kept(history, args.since))


def _kept(history: History, since: str | None) -> str:
    times = history.series(Trended.LOAD).times
    asked = f"; nothing since {since}" if since else ""
    return f"Recorded are {history.samples} accepted states, from {times[0]:%Y-%m-%d %H:%M} to {times[-1]:%Y-%m-%d %H:%M} UTC{asked}."


def _wanted(args: HistoryArgs, element: Element | None, model: GridModel) -> tuple[Trended, ...]:
    asked = _QUANTITIES[args.quantity] if args.quantity else None
    possible = SUMMED if element is None else _OF_KIND.get(element.kind, ())
    whose = f"'{element.name}', a {element.kind}" if element else "the whole grid"
    if not possible or (asked is not None and asked not in possible):
        what = f"the {args.quantity} of {whose}" if args.quantity else f"anything of {whose}"
        would = ", ".join(_WORDS[q] for q in possible) or "a bus, branch, load, generator or infeed"
        raise InvalidArguments(f"The history does not keep {what}; {would} would work.")
    if asked is not None:
        return (asked,)
    if element is None:
        return possible
    rated = element.kind not in BRANCH_KINDS or bool(model.branches.rated[element.index] and model.ratings_usable)
    return (possible[0] if rated else possible[-1],)


def _trend(
    history: History, quantity: Trended, element: Element | None, since: datetime | None, limits: OperatingLimits, top: int
) -> TrendRow | None:
    series = history.series(quantity, element.index if element else None, since)
    if not len(series):
        return None
    found = trend(series)
    limit, rule, upper = _limit(history.model, quantity, element, limits, found)
    heading = trend(series, limit, upper=upper) if limit is not None else found
    near = heading is not None and heading.hours_to_limit is not None
    known = series.values[~np.isnan(series.values)]
    return TrendRow(
        element=series.element,
        quantity=_WORDS[quantity],
        unit=series.unit,
        begin=series.times[0],
        end=series.times[-1],
        span_hours=max(float(series.time_s[-1] - series.time_s[0]) / 3600.0, 0.0),
        first=found.first if found else _only(known),
        last=found.last if found else _only(known),
        minimum=found.least if found else _only(known),
        maximum=found.greatest if found else _only(known),
        mean=found.mean if found else _only(known),
        change=found.change if found else None,
        hourly=found.rate_per_hour if found else None,
        hourly_sigma=found.rate_error_per_hour if found else None,
        steady=found.steady if found else True,
        limit=limit if near else None,
        limit_rule=rule if near else None,
        crosses_in_hours=heading.hours_to_limit if heading else None,
        gaps=int(series.gap.sum()),
        samples_total=len(series),
        doubtful=sum("left out" in words for words in series.quality),
        samples=_samples(series, top),
    )


def _only(known: np.ndarray) -> float | None:
    return float(known[-1]) if len(known) else None


def _limit(
    model: GridModel, quantity: Trended, element: Element | None, limits: OperatingLimits, found: Trend | None
) -> tuple[float | None, str, bool]:
    """The limit in the direction of the trend: value, rule, is it an upper one."""
    if element is None or found is None:
        return None, "", True
    if quantity is Trended.LOADING:
        return limits.max_loading_percent, limits.loading_rule, True
    if quantity is not Trended.VOLTAGE:
        return None, "", True
    low, high, rule = limits.bus_limits_pu(model.buses)
    upper = found.rate_per_hour >= 0 if low[element.index] <= found.last <= high[element.index] else found.last > high[element.index]
    limit = float((high if upper else low)[element.index])
    return (limit if np.isfinite(limit) else None), str(rule[element.index]), upper


def _samples(series: Series, top: int) -> tuple[SampleRow, ...]:
    """Evenly thinned; a gap between two chosen rows stays a gap."""
    chosen: IntArray = np.unique(np.linspace(0, len(series) - 1, top).astype(np.int64))
    after = np.append(np.cumsum(series.gap)[chosen], 0)
    before = np.append(0, after[:-2]) if len(chosen) > 1 else np.zeros(1)
    return tuple(
        SampleRow(
            time=series.times[i],
            value=None if np.isnan(series.values[i]) else float(series.values[i]),
            gap=bool(after[n] > before[n]),
            quality=series.quality[i],
        )
        for n, i in enumerate(chosen)
    )
