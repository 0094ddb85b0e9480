"""An action that moves nothing in the simulation cannot be checked by it: never a pass."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.solution import Solution
from guardrails.change import Change
from guardrails.checks.finding import finding, not_applicable, not_checkable
from guardrails.rule import Rule

# A hundred times what the solver leaves open (1e-7 pu on 100 MVA is 10 W), a hundredth of what a control room would command.
_MOVED = {"vm_pu": 1e-6, "p_from_mw": 1e-3, "q_from_mvar": 1e-3, "infeed_p_mw": 1e-3, "infeed_q_mvar": 1e-3}


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does anything in the solution move?"""
    previous, after = change.previous.solution, change.after.solution
    if after is None:
        return not_applicable(rule, "Without a power flow there is no effect to look for.")
    if previous is None or any(_differs(previous, after, name, by) for name, by in _MOVED.items()):
        return finding(rule, Outcome.PASS, "Every step moves the solution.", element=change.action.element)
    words = change.action.words()
    if _moves_a_disconnector(change):
        return finding(rule, Outcome.PASS, f"To {words} moves no current, as it has to.", element=change.action.element)
    return not_checkable(rule, f"To {words} changes nothing in the simulation now, so its real effect cannot be checked.")


def _moves_a_disconnector(change: Change) -> bool:
    """The one device that must have no effect on any flow; its own rule judges it."""
    before, after = change.previous.state, change.after.state
    return bool(np.any((before.switch_closed != after.switch_closed) & ~before.model.switches.can_break_load))


def _differs(previous: Solution, after: Solution, quantity: str, by: float) -> bool:
    """True where a value moved by more than `by`, or something gained or lost its voltage."""
    one, other = getattr(previous, quantity), getattr(after, quantity)
    return bool(np.any(np.isnan(one) != np.isnan(other)) or np.any(np.abs(np.nan_to_num(one) - np.nan_to_num(other)) > by))
