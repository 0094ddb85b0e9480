"""Angle between the two energised sides of what is closed. Sides supplied apart from each other have no angle that a model knows."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.closing import gaps_of, judge_gaps, no_gap
from guardrails.checks.finding import not_checkable
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Are the two sides close enough in angle?"""
    gaps = gaps_of(change)
    if not gaps:
        return no_gap(change, rule)
    if apart := [gap for gap in gaps if not gap.synchronous]:
        one, other = apart[0].sides
        known = "whether they run in step cannot be read from the grid data"
        return not_checkable(rule, f"{one} and {other} are supplied apart from each other; {known}. They are synchronised at the plant.")
    return judge_gaps(rule, change, gaps, lambda gap: gap.angle_degree, "{:.1f} degrees")
