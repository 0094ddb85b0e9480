"""An outage whose simulation finds no solution counts as one that cannot be survived."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.model import BoolArray, FloatArray
from guardrails.change import Change
from guardrails.checks.comparison import Index
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import finding
from guardrails.checks.outages import outages_of
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is there an outage that the grid survives without the change and not with it?"""
    pairs = outages_of(change, rule)
    if pairs.after.solved.all():
        return finding(rule, Outcome.PASS, f"All {len(pairs.after.outages)} outages have a power flow.")
    # an outage that did not exist before left the undisturbed grid, which is solved: -1
    before = pairs.values_before(lambda screening: _unsolved(screening.solved), lambda _: np.array([-1.0]))

    def read(at: Index) -> Reading:
        name, row = pairs.after.outages[at[0]].name, at[0]
        if pairs.after.solved[row]:
            return Reading(name, f"{pairs.losing(row)} leaves a grid with a power flow")
        then = "it had one before" if before[at] < 0 else "nor had it one before"
        return Reading(name, f"{pairs.losing(row)} would leave a grid without a power flow ({then})")

    compared = pairs.compare(before, _unsolved(pairs.after.solved), rule.tolerance.value)
    return conclude(rule, compared, read, nothing="There is no outage to look at.", exceptional=pairs.exceptional)


def _unsolved(solved: BoolArray) -> FloatArray:
    """(outages, 1): 1 beyond, -1 within what can be survived."""
    return np.where(solved, -1.0, 1.0).reshape(-1, 1)
