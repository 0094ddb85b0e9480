"""By how many steps does one command move a tap changer or a shunt? What lies between would go unchecked."""

from collections.abc import Callable

from grid_models.actions import ActionKind
from grid_models.errors import InvalidAction
from grid_models.findings import ClauseResult
from grid_models.twin.model import IntArray
from grid_models.twin.state import GridState
from guardrails.change import Change
from guardrails.checks.ceiling import ceiling
from guardrails.checks.finding import not_applicable
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
    moved = int(abs(after - column(change.previous.state)).max())
    words = f"One command would move {change.action.element} by {moved} {unit}"
    return ceiling(rule, change.action.element, words, moved, " A list of shorter commands would work.")
