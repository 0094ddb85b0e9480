"""The power flow must have a solution after every step."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the grid after the step have a power flow?"""
    after = change.after
    if after.solution is None:
        return finding(rule, rule.violated, f"{after.problem}{rule.doubt}")
    return finding(rule, Outcome.PASS, f"The power flow has a solution; losses would be {after.solution.losses_mw:.1f} MW.")
