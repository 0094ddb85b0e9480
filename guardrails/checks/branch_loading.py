"""Loading of every branch in percent of its permanent rating."""

import numpy as np

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.comparison import Index, compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_checkable, ratings_problem, solved, was
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change overload a branch?"""
    solution = solved(change.after)
    model, limit = solution.model, rule.limit.max or 0.0
    if problem := ratings_problem(model):
        return not_checkable(rule, problem)
    after = solution.loading_percent
    before = change.before.solution.loading_percent if change.before.solution else np.full(len(after), np.nan)

    def read(at: Index) -> Reading:
        name, value, earlier = model.branches.name[at[0]], float(after[at]), float(before[at])
        words = f"{name} would be loaded to {value:.1f} % ({was(earlier, '.1f', '%')}), limit {limit:g} %"
        return Reading(name, words, value, limit, earlier)

    return conclude(rule, compare(before - limit, after - limit, rule.tolerance.value), read, nothing="No branch is energised.")
