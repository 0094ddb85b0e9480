"""A set-point lies within what the machine or park can deliver; for wind and sun the upper end is what is available now."""

from math import isfinite

from grid_models.actions import ActionKind
from grid_models.findings import ClauseResult
from grid_models.twin.registry import ElementKind
from guardrails.change import Change
from guardrails.checks.finding import not_applicable, not_checkable
from guardrails.checks.within import within
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is the set-point deliverable?"""
    action, state = change.action, change.previous.state
    if action.kind is not ActionKind.SET_P or action.p_mw is None:
        return not_applicable(rule, "No active-power set-point is given.")
    element = state.model.registry.find(action.element or "")
    if element.kind is not ElementKind.GENERATOR:
        return not_applicable(rule, f"{element.name} is no generator.")
    machines, at = state.model.generators, element.index
    weather = machines.technology[at] in ("wind", "pv")
    low, high = float(machines.p_min_mw[at]), float(state.generator_p_mw[at] if weather else machines.p_max_mw[at])
    if not (isfinite(low) and isfinite(high)):
        return not_checkable(rule, f"The grid data give no active-power range for {element.name}.")
    basis = " now" if weather else " (range derived from its rated power)" if machines.range_derived[at] else ""
    words = f"{element.name} can deliver {low:.1f} to {high:.1f} MW{basis}; {action.p_mw:.1f} MW"
    return within(rule, element.name, words, action.p_mw, low, high, float(state.generator_injected_mw[at]))
