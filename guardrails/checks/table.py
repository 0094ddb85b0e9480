"""The literal table of checks: what a rule file may name, and what each needs from the file."""

from collections.abc import Callable
from dataclasses import dataclass

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks import (
    action_valid,
    actions_per_hour,
    actions_per_proposal,
    branch_loading,
    disconnector_load,
    element_hypothetical,
    generator_range,
    lost_generation,
    lost_load,
    n1_loading,
    n1_lost_load,
    n1_solution,
    n1_voltage,
    nil_effect,
    power_flow,
    protected,
    ratings_usable,
    shunt_range,
    tagged,
    tap_range,
    voltage,
)
from guardrails.rule import Rule


@dataclass(frozen=True)
class Check:
    """`needs`: the limits a rule must give.  `ranged`: it needs a voltage range.  `final_only`: judged on the last step of a list.

    `parameters`: names of the further numbers a rule must give.
    """

    run: Callable[[Change, Rule], list[ClauseResult]]
    unit: str = "none"
    needs: frozenset[str] = frozenset()
    ranged: bool = False
    final_only: bool = False
    parameters: frozenset[str] = frozenset()


_BAND = frozenset({"min", "max"})
_CEILING = frozenset({"max"})

CHECKS: dict[str, Check] = {
    "action_valid": Check(action_valid.check),
    "actions_per_hour": Check(actions_per_hour.check, "actions", _CEILING, final_only=True),
    "actions_per_proposal": Check(actions_per_proposal.check, "actions", _CEILING, final_only=True),
    "element_hypothetical": Check(element_hypothetical.check),
    "generator_range": Check(generator_range.check, "MW"),
    "protected": Check(protected.check),
    "ratings_usable": Check(ratings_usable.check),
    "shunt_range": Check(shunt_range.check, "step"),
    "tagged": Check(tagged.check),
    "tap_range": Check(tap_range.check, "position"),
    "nil_effect": Check(nil_effect.check),
    "power_flow": Check(power_flow.check),
    "disconnector_load": Check(disconnector_load.check, "A", _CEILING),
    "branch_loading": Check(branch_loading.check, "percent", _CEILING),
    "lost_generation": Check(lost_generation.check, "MW", _CEILING),
    "lost_load": Check(lost_load.check, "MW", _CEILING),
    "voltage": Check(voltage.check, "pu", _BAND, ranged=True),
    "voltage_planning": Check(voltage.check, "pu", ranged=True),
    # SO GL Article 35(4) exempts the course of a switching sequence from N-1: only the final state is screened.
    "n1_loading": Check(n1_loading.check, "percent", _CEILING, final_only=True),
    "n1_lost_load": Check(n1_lost_load.check, "MW", _CEILING, final_only=True),
    "n1_solution": Check(n1_solution.check, final_only=True),
    "n1_voltage": Check(n1_voltage.check, "pu", _BAND, ranged=True, final_only=True),
}
