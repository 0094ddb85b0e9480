"""Tap changers have the positions of the grid data, both ends included."""

from grid_models.actions import ActionKind
from grid_models.findings import ClauseResult
from grid_models.twin.registry import ElementKind
from guardrails.change import Change
from guardrails.checks.finding import not_applicable
from guardrails.checks.within import within
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is the position one of the tap changer's?"""
    action, state = change.action, change.previous.state
    if action.kind is not ActionKind.SET_TAP or action.position is None:
        return not_applicable(rule, "No tap changer is moved.")
    element = state.model.registry.find(action.element or "")
    if element.kind is not ElementKind.TRANSFORMER:
        return not_applicable(rule, f"{element.name} is no transformer.")
    low, high = int(state.model.branches.tap_min[element.index]), int(state.model.branches.tap_max[element.index])
    if low == high:
        return not_applicable(rule, f"{element.name} has no tap changer.")
    words = f"{element.name} has the positions {low} to {high}; {action.position}"
    return within(rule, element.name, words, action.position, low, high, float(state.tap[element.index]))
