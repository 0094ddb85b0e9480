"""A number of actions against its limit."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def counted(rule: Rule, count: int, before: int, words: str, otherwise: str) -> list[ClauseResult]:
    """Pass up to the limit. `words` holds the place of '3 actions'; `otherwise` says what would work."""
    limit = rule.limit.max or 0.0
    beyond = count - limit > rule.tolerance.value
    said = f"{words.format('1 action' if count == 1 else f'{count} actions')}, at most {limit:g} may."
    return finding(
        rule,
        rule.violated if beyond else Outcome.PASS,
        f"{said} {otherwise}{rule.doubt}" if beyond else said,
        value=count,
        limit=limit,
        margin=limit - count,
        before=before,
    )
