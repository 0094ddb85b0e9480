"""A number that belongs to the action alone against the highest a rule allows."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.checks.comparison import NOISE
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def ceiling(rule: Rule, element: str | None, words: str, value: float, otherwise: str = "") -> list[ClauseResult]:
    """Pass up to the limit, included, plus the tolerance. `words`: a sentence without its full stop; `otherwise`: what would work."""
    limit = rule.limit.max or 0.0
    beyond = value - limit > rule.tolerance.value + NOISE
    return finding(
        rule,
        rule.violated if beyond else Outcome.PASS,
        f"{words}; limit {limit:g}.{f'{otherwise}{rule.doubt}' if beyond else ''}",
        element=element,
        value=value,
        limit=limit,
        margin=limit - value,
    )
