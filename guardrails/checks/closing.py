"""Which two energised sides does a step join, and what stands between them just before?"""

from collections.abc import Callable

from grid_models.actions import ActionKind
from grid_models.findings import ClauseResult
from grid_models.steady.across import Gap, gaps_closed
from grid_models.twin.topology import topology_of
from guardrails.change import Change
from guardrails.checks.ceiling import ceiling
from guardrails.checks.finding import not_applicable, solved
from guardrails.rule import Rule


def gaps_of(change: Change) -> tuple[Gap, ...]:
    """The gaps this step closes; none where it closes nothing and where nothing has voltage, as in restoration.

    Raises PowerFlowDiverged where the grid before the step has voltage and no solution.
    """
    previous = change.previous
    if change.action.kind is not ActionKind.CLOSE or not topology_of(previous.state).node_live.any():
        return ()
    return gaps_closed(solved(previous), change.after.state)


def no_gap(change: Change, rule: Rule) -> list[ClauseResult]:
    """Why there is nothing to compare."""
    if change.action.kind is not ActionKind.CLOSE:
        return not_applicable(rule, "Nothing is closed.")
    return not_applicable(rule, f"Closing {change.action.element} joins no two energised sides: at most one of them has voltage.")


def judge_gaps(rule: Rule, change: Change, gaps: tuple[Gap, ...], value_of: Callable[[Gap], float], words: str) -> list[ClauseResult]:
    """The widest of some gaps against the rule's limit.  words: '{value} of what', for the explanation."""
    widest = max(gaps, key=value_of)
    between = f"Between {widest.sides[0]} and {widest.sides[1]} stand {words.format(value_of(widest))} before closing"
    return ceiling(rule, change.action.element, between, value_of(widest))
