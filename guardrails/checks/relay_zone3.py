"""Does load look like a fault? The impedance that every distance relay sees, against the reach of its third zone."""

import numpy as np

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.comparison import Index, compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_applicable, solved, was
from guardrails.checks.relays import UNKNOWN, assumed, set_too_far, settings_of, zone3_percent
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change bring a line's apparent impedance into zone 3?"""
    relays = settings_of(change)
    if relays is None:
        return not_applicable(rule, UNKNOWN)
    solution, limit = solved(change.after), rule.limit.max or 0.0
    after = zone3_percent(solution, relays)
    before = zone3_percent(change.before.solution, relays) if change.before.solution else np.full(len(after), np.nan)

    def read(at: Index) -> Reading:
        name, value, earlier = solution.model.branches.name[at[0]], float(after[at]), float(before[at])
        words = (
            f"{name} would look to its distance relay {value:.1f} % of the way to zone 3 ({was(earlier, '.1f', '%')}), limit {limit:g} %"
        )
        words += set_too_far(relays, solution.model, at[0]) + assumed(bool(relays.zone3_given[at]), value, limit)
        return Reading(name, words, value, limit, earlier)

    compared = compare(before - limit, after - limit, rule.tolerance.value)
    return conclude(rule, compared, read, nothing="No energised line has a distance relay.", lenient=~relays.zone3_given)
