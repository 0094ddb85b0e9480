"""A list that nobody can think through is not approved but waved through."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.counted import counted
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """How many actions does the proposal hold?"""
    return counted(rule, len(change.actions), 0, "The proposal holds {0}", "Split it into several that make sense one by one.")
