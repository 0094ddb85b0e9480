"""How far does one command move a generator or a park? In percent of the most it can deliver."""

from math import isfinite

from grid_models.actions import ActionKind
from grid_models.findings import ClauseResult
from grid_models.twin.registry import ElementKind
from guardrails.change import Change
from guardrails.checks.ceiling import ceiling
from guardrails.checks.finding import not_applicable
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is the change of power small enough for one command? Releasing a set-point counts like giving one."""
    action, state = change.action, change.previous.state
    if action.kind not in (ActionKind.SET_P, ActionKind.RELEASE):
        return not_applicable(rule, "No active-power set-point changes.")
    element = state.model.registry.find(action.element or "")
    if element.kind is not ElementKind.GENERATOR:
        return not_applicable(rule, f"{element.name} is no generator.")
    machines, at = state.model.generators, element.index
    most = max(abs(float(machines.p_min_mw[at])), abs(float(machines.p_max_mw[at])))  # a storage may charge with more than it discharges
    if not (isfinite(most) and most > 0):
        return not_applicable(rule, f"The grid data give no highest active power of {element.name}, so its change has no percentage.")
    was, then = float(state.generator_injected_mw[at]), float(change.after.state.generator_injected_mw[at])
    percent = abs(then - was) / most * 100.0
    words = f"{element.name} would go from {was:.1f} to {then:.1f} MW at once, {percent:.0f} % of {most:.1f} MW"
    return ceiling(rule, element.name, words, percent, " Several commands with time between them would work.")
