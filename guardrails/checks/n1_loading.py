"""Loading of every branch after every single outage: beyond its permanent rating, and for how long it may be."""

import numpy as np

from grid_models.findings import ClauseResult
from grid_models.twin.model import BoolArray, FloatArray
from guardrails.change import Change
from guardrails.checks.comparison import NOISE, Index
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_checkable, ratings_problem, was
from guardrails.checks.outages import outages_of
from guardrails.checks.temporary import allowed_percent
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change overload a branch after an outage, or overload it more? Within a temporary rating it warns with the time allowed."""
    model, limit = change.after.state.model, rule.limit.max or 0.0
    if problem := ratings_problem(model):
        return not_checkable(rule, problem)
    pairs = outages_of(change, rule)
    after = pairs.after.loading_percent
    before = pairs.values_before(lambda screening: screening.loading_percent, lambda solution: solution.loading_percent)
    minutes = rule.parameters.get("temporary_minutes", 0.0)
    temporary = allowed_percent(model.branches) if minutes > 0 else np.full(len(model.branches), 100.0)

    def read(at: Index) -> Reading:
        name, value, earlier = model.branches.name[at[1]], float(after[at]), float(before[at])
        words = f"{pairs.losing(at[0])} would load {name} to {value:.1f} % ({was(earlier, '.1f', '%')}), limit {limit:g} %"
        return Reading(name, words + _for_how_long(value, limit, float(temporary[at[1]]), minutes), value, limit, earlier)

    return conclude(
        rule,
        pairs.compare(before - limit, after - limit, rule.tolerance.value),
        read,
        nothing="There is no outage to look at.",
        exceptional=pairs.exceptional,
        lenient=_within(after, temporary),
    )


def _within(loading: FloatArray, temporary: FloatArray) -> BoolArray:
    """(outages, branches) within a temporary rating; without one nothing is."""
    return (temporary > 100.0) & (loading <= temporary + NOISE)


def _for_how_long(value: float, limit: float, temporary: float, minutes: float) -> str:
    if value <= limit + NOISE or not temporary > 100.0:
        return ""
    if value <= temporary + NOISE:
        return f", within its temporary rating of {temporary:g} % that it may carry for {minutes:g} minutes"
    return f", beyond its temporary rating of {temporary:g} %"
