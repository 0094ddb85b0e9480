"""A commanded value against the range of its element."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def within(rule: Rule, element: str, words: str, value: float, low: float, high: float, before: float) -> list[ClauseResult]:
    """Pass from `low` to `high`, both included, plus the rule's tolerance. `words` say what the range is and what was asked.

    A command inside has no margin: it does not move, and how far inside it lies tells nothing about safety.
    """
    limit = high if value - high >= low - value else low
    inside = low - rule.tolerance.value <= value <= high + rule.tolerance.value
    return finding(
        rule,
        Outcome.PASS if inside else rule.violated,
        f"{words} lies {'inside.' if inside else 'outside.' + rule.doubt}",
        element=element,
        value=value,
        limit=limit,
        margin=None if inside else min(high - value, value - low),
        before=before,
    )
