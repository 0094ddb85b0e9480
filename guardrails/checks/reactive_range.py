"""A reactive set-point within what the machine is known to bear. No grid data of ours has a reactive range."""

from math import isfinite, sqrt

from grid_models.actions import ActionKind
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.registry import ElementKind
from guardrails.change import Change
from guardrails.checks.comparison import NOISE
from guardrails.checks.finding import finding, not_applicable, not_checkable
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is the set-point within the apparent power that the active-power range proves? Beyond it nothing is known, so nothing passes."""
    action, state = change.action, change.previous.state
    if action.kind is not ActionKind.SET_Q or action.q_mvar is None:
        return not_applicable(rule, "No reactive-power set-point is given.")
    element = state.model.registry.find(action.element or "")
    if element.kind is not ElementKind.GENERATOR:
        return not_applicable(rule, f"{element.name} is no generator.")
    machines, at = state.model.generators, element.index
    most = max(abs(float(machines.p_min_mw[at])), abs(float(machines.p_max_mw[at])))
    if not isfinite(most):
        return not_checkable(rule, f"The grid data give neither a reactive nor an active-power range for {element.name}.")
    p_mw, value = float(state.generator_injected_mw[at]), abs(action.q_mvar)
    limit = sqrt(max(most**2 - p_mw**2, 0.0))
    inside = value - limit <= rule.tolerance.value + NOISE
    basis = f"{element.name} has no reactive range in the grid data; beside {p_mw:.1f} MW its {most:.1f} MW prove {limit:.1f} Mvar"
    return finding(
        rule,
        Outcome.PASS if inside else Outcome.NOT_CHECKABLE,
        f"{basis}: {action.q_mvar:.1f} Mvar {'lies inside.' if inside else 'is more than can be checked.'}",
        element=element.name,
        value=value,
        limit=limit,
        margin=limit - value,
        before=abs(float(state.generator_injected_mvar[at])),
    )
