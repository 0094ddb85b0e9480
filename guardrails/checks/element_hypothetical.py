"""Scaling a group is a question for studies; no plant can carry it out."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is this step a real command?"""
    if not change.action.is_hypothetical:
        return finding(rule, Outcome.PASS, f"A plant can {change.action.words()}.")
    words = change.action.words()
    return finding(rule, rule.violated, f"No plant can {words}: that is for studies; name elements and values instead.{rule.doubt}")
