"""Shunts have the steps from zero to the highest of the grid data."""

from grid_models.actions import ActionKind
from grid_models.findings import ClauseResult
from grid_models.twin.registry import ElementKind
from guardrails.change import Change
from guardrails.checks.finding import not_applicable
from guardrails.checks.within import within
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is the step one of the shunt's?"""
    action, state = change.action, change.previous.state
    if action.kind is not ActionKind.SET_SHUNT or action.step is None:
        return not_applicable(rule, "No shunt is set.")
    element = state.model.registry.find(action.element or "")
    if element.kind is not ElementKind.SHUNT:
        return not_applicable(rule, f"{element.name} is no shunt.")
    high = int(state.model.shunts.max_step[element.index])
    words = f"{element.name} has the steps 0 to {high}; {action.step}"
    return within(rule, element.name, words, action.step, 0, high, float(state.shunt_step[element.index]))
