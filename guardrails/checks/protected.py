"""Elements that the company takes out of every order's reach."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.finding import LISTED, finding
from guardrails.checks.operated import operated
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the step touch a protected element? A name that the grid does not hold makes it not checkable."""
    if not change.around.protected:
        return finding(rule, Outcome.PASS, "No element is protected.")
    listed = {change.previous.state.model.registry.find(name) for name in change.around.protected}
    names = sorted(element.name for element in listed & operated(change))
    if not names:
        return finding(rule, Outcome.PASS, "It touches no protected element.")
    shown = ", ".join(names[:LISTED])
    said = f"To {change.action.words()} would touch {shown}, which the company keeps out of every order's reach."
    return finding(rule, rule.violated, f"{said}{rule.doubt}", element=names[0])
