"""Loading of every branch in percent of the pickup of its overcurrent relay."""

import numpy as np

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.comparison import Index, compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_applicable, not_checkable, ratings_problem, solved, was
from guardrails.checks.relays import UNKNOWN, assumed, pickup_percent, settings_of
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change load a branch beyond what its relay lets pass?"""
    relays = settings_of(change)
    if relays is None:
        return not_applicable(rule, UNKNOWN)
    solution, limit = solved(change.after), rule.limit.max or 0.0
    if problem := ratings_problem(solution.model):
        return not_checkable(rule, problem)
    after = pickup_percent(solution.loading_percent, relays)
    before = pickup_percent(change.before.solution.loading_percent, relays) if change.before.solution else np.full(len(after), np.nan)

    def read(at: Index) -> Reading:
        name, value, earlier = solution.model.branches.name[at[0]], float(after[at]), float(before[at])
        words = f"{name} would be at {value:.1f} % of its relay's pickup of {relays.pickup_pu[at]:g} times the rating"
        words += f" ({was(earlier, '.1f', '%')}), limit {limit:g} %" + assumed(bool(relays.pickup_given[at]), value, limit)
        return Reading(name, words, value, limit, earlier)

    compared = compare(before - limit, after - limit, rule.tolerance.value)
    return conclude(rule, compared, read, nothing="No energised branch has an overcurrent relay.", lenient=~relays.pickup_given)
