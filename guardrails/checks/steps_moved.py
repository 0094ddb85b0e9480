"""By how many steps does one command move a tap changer or a shunt? What lies between would go unchecked."""

from collections.abc import Callable

from grid_models.actions import ActionKind
from grid_models.errors import InvalidAction
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.model import IntArray
from grid_models.twin.state import GridState
from guardrails.change import Change
from guardrails.checks.finding import finding, not_applicable
from guardrails.rule import Rule


def check_tap(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the command move a tap changer by few positions?"""
    if change.action.kind is not ActionKind.SET_TAP:
        return not_applicable(rule, "No tap changer is moved.")
    return _judge(change, rule, lambda state: state.tap, "positions")


def check_shunt(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the command move a shunt by few steps?"""
    if change.action.kind is not ActionKind.SET_SHUNT:
        return not_applicable(rule, "No shunt is set.")
    return _judge(change, rule, lambda state: state.shunt_step, "steps")


def _judge(change: Change, rule: Rule, column: Callable[[GridState], IntArray], unit: str) -> list[ClauseResult]:
    try:
        after = column(change.after.state)
    except InvalidAction:
        return not_applicable(rule, "Another rule says why the step does not fit its element.")
    value, limit = int(abs(after - column(change.previous.state)).max()), rule.limit.max or 0.0
    beyond = value - limit > rule.tolerance.value
    would = f" A list of commands of at most {limit:g} would work." if beyond else ""
    return finding(
        rule,
        rule.violated if beyond else Outcome.PASS,
        f"One command would move {change.action.element} by {value} {unit}, limit {limit:g}.{would}{rule.doubt if beyond else ''}",
        element=change.action.element,
        value=value,
        limit=limit,
        margin=None if not beyond else limit - value,
    )
