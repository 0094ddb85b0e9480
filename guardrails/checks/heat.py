"""Transformers over the next hours: hot-spot, top oil and the life their insulation loses, without and with the change.

The study's own constants, records and assumptions, on the expected course alone. Importing the study takes 0.2 s, so it is imported
when the first transformer is looked at.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from grid_models.assets.book import AssetBook
from grid_models.findings import ClauseResult
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.weather.climatology import climatology_of
from guardrails.change import Change, Situation
from guardrails.checks.comparison import compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_applicable, solved, was
from guardrails.circumstances import Circumstances
from guardrails.rule import Rule

if TYPE_CHECKING:
    from grid_models.life.assumptions import Case
    from grid_models.life.next_hours import NextHours, Warmth

LOOKED_AT = 24  # transformers whose load the change raises most, then the most loaded ones; as many as the study follows


def hot_spot(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change make a winding too hot?"""
    return _judge(change, rule, lambda warmth: warmth.hot_spot_celsius, "The hot-spot of {} would reach {:.1f} °C", "°C")


def top_oil(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change make the oil too hot?"""
    return _judge(change, rule, lambda warmth: warmth.top_oil_celsius, "The top oil of {} would reach {:.1f} °C", "°C")


def ageing(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change use more life of an insulation than time goes by?"""
    return _judge(change, rule, lambda warmth: warmth.life_used_h, "The insulation of {} would age by {:.2f} h", "h")


def _judge(change: Change, rule: Rule, pick: "Callable[[Warmth], FloatArray]", words: str, unit: str) -> list[ClauseResult]:
    if change.around.weather is None:
        return not_applicable(rule, "No ambient temperature is known here, so that nothing is said of the heat of transformers.")
    cases = _cases(change)
    if not cases:
        return not_applicable(rule, "No transformer of this grid has a rating that its heat could be calculated from.")
    solved(change.after)
    hours, limit = rule.parameters["hours"], rule.limit.max or 0.0
    found = _ahead(change.before.state, change.after.state, change.around, cases, hours)
    before, after = pick(found.before), pick(found.after)

    def read(at: tuple[int, ...]) -> Reading:
        case, value, earlier = cases[at[0]], float(after[at]), float(before[at])
        told = f"{words.format(case.unit.name, value)} within {hours:g} h ({was(earlier, '.2f' if unit == 'h' else '.1f', unit)}), "
        return Reading(case.unit.name, f"{told}limit {limit:g} {unit}{_basis(found, case)}", value, limit, earlier)

    return conclude(rule, compare(before - limit, after - limit, rule.tolerance.value), read, nothing="No transformer is in service.")


def _basis(found: "NextHours", case: "Case") -> str:
    """What the number rests on, where that is not what was measured or recorded."""
    told = [f"no record says {len(case.assumed)} of its data" if case.record else "without an asset record"] if case.assumed else []
    told += ["invented record"] if case.record and case.record.synthetic else []
    told += ["present load held"] if found.held else []
    return f" ({', '.join(told)})" if told else ""


def _cases(change: Change) -> "tuple[Case, ...]":
    """Transformers to look at, in the order of the grid; all of them in most grids."""
    from grid_models.life.assumptions import case_of
    from grid_models.life.units import units_of

    assets = change.around.assets or AssetBook()
    every = [case for unit in units_of(change.before.state.model) if (case := case_of(unit, assets)) is not None]
    if len(every) <= LOOKED_AT:
        return tuple(every)
    after, before = (_loadings(situation, every) for situation in (change.after, change.before))
    raised = np.where(after - before > 1.0, after - before, 0.0)  # percentage points of the rating, engineering judgement
    order = np.lexsort((-after, -raised))[:LOOKED_AT]
    return tuple(every[i] for i in np.sort(order))


def _loadings(situation: Situation, cases: "list[Case]") -> FloatArray:
    """(cases,) percent of the rating, by the most loaded winding; 0 where there is no value."""
    if situation.solution is None:
        return np.zeros(len(cases))
    percent = np.nan_to_num(situation.solution.loading_percent)
    return np.array([percent[list(case.unit.branches)].max() for case in cases])


@lru_cache(maxsize=2)
def _ahead(before: GridState, after: GridState, around: Circumstances, cases: "tuple[Case, ...]", hours: float) -> "NextHours":
    """Once for all rules on heat of a verdict: `around` is its own."""
    from grid_models.life.assumptions import Assumptions
    from grid_models.life.next_hours import next_hours

    assert around.weather is not None  # asked before
    usual = climatology_of(before.model.name)
    grid = around.grid or Grid(before.model)
    return next_hours(Assumptions(grid, before, after, around.assets or AssetBook(), around.weather, usual, hours), cases)
