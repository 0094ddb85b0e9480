"""Difference of voltage between the two energised sides of what is closed."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.closing import gaps_of, judge_gaps, no_gap
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Are the two sides close enough in voltage?"""
    gaps = gaps_of(change)
    return judge_gaps(rule, change, gaps, lambda gap: gap.difference_pu, "{:.3f} pu of voltage") if gaps else no_gap(change, rule)
