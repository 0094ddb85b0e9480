"""Does the step fit its element and the state it meets?"""

from grid_models.errors import InvalidAction
from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Apply the step to the model."""
    try:
        change.after  # noqa: B018  # made here; an InvalidAction is the finding
    except InvalidAction as error:
        return finding(rule, rule.violated, f"{error}{rule.doubt}", element=change.action.element)
    return finding(rule, Outcome.PASS, "Every step fits its element.", element=change.action.element)
