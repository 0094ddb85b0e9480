"""Load that loses its supply after a single outage."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.supply import unsupplied
from guardrails.change import Change
from guardrails.checks.comparison import Index
from guardrails.checks.conclusion import Reading, conclude, existing_of
from guardrails.checks.finding import finding, was
from guardrails.checks.outages import outages_of
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does an outage take more load off supply than it did without the change?"""
    pairs, limit = outages_of(change, rule), rule.limit.max or 0.0
    after = pairs.after.lost_load_mw.reshape(-1, 1)
    # what only a line of this change supplies was without supply before: its loss brings nothing new
    without = unsupplied(change.before.state).load_mw
    before = pairs.values_before(lambda screening: screening.lost_load_mw.reshape(-1, 1), lambda _: np.array([without]))

    def read(at: Index) -> Reading:
        name, value, earlier = pairs.after.outages[at[0]].name, float(after[at]), float(before[at])
        words = f"{pairs.losing(at[0])} would take {value:.1f} MW of load off supply ({was(earlier, '.1f', 'MW')})"
        return Reading(name, words, value, limit, earlier)

    compared = pairs.compare(before - limit, after - limit, rule.tolerance.value)
    if not compared.caused.any():
        said = "No single outage takes more load off supply than without the action."
        return finding(rule, Outcome.PASS, said, existing=existing_of(compared, read))
    return conclude(rule, compared, read, nothing="There is no outage to look at.", exceptional=pairs.exceptional)
