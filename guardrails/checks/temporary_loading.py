"""Loading of every branch in percent of its temporary rating, where the source of the grid gives one."""

import numpy as np

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.comparison import Index, compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import solved, was
from guardrails.checks.temporary import temporary_percent
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change load a branch beyond what it may carry even for a limited time?"""
    solution, limit = solved(change.after), rule.limit.max or 0.0
    after = temporary_percent(solution)
    before = temporary_percent(change.before.solution) if change.before.solution else np.full(len(after), np.nan)

    def read(at: Index) -> Reading:
        name, value, earlier = solution.model.branches.name[at[0]], float(after[at]), float(before[at])
        words = f"{name} would carry {value:.1f} % of its temporary rating ({was(earlier, '.1f', '%')}), limit {limit:g} %"
        return Reading(name, words, value, limit, earlier)

    nothing = "The source of this grid gives no temporary rating of an energised branch, and none is assumed."
    return conclude(rule, compare(before - limit, after - limit, rule.tolerance.value), read, nothing=nothing)
