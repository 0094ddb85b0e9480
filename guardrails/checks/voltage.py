"""Voltage of every node of a level, judged on the level's own base."""

import numpy as np

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.bands import band_of
from guardrails.checks.comparison import compare
from guardrails.checks.conclusion import conclude
from guardrails.checks.finding import solved
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change bring a node's voltage past a limit?"""
    solution = solved(change.after)
    after = solution.vm_pu
    before = change.before.solution.vm_pu if change.before.solution else np.full(len(after), np.nan)
    band = band_of(solution.model.buses, rule)
    return conclude(
        rule,
        compare(band.beyond(before), band.beyond(after), rule.tolerance.value),
        lambda at: band.read(at[0], after, before, "It would bring"),
        nothing="No energised node of this grid is at this voltage level.",
    )
