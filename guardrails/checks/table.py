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
    closing_angle,
    closing_voltage,
    disconnector_load,
    element_hypothetical,
    frequency,
    generator_range,
    heat,
    islands,
    lost_generation,
    lost_load,
    n1_loading,
    n1_lost_load,
    n1_relay_pickup,
    n1_solution,
    n1_voltage,
    nil_effect,
    power_flow,
    protected,
    ramp,
    ratings_usable,
    reactive_range,
    relay_pickup,
    relay_zone3,
    shunt_range,
    steps_moved,
    tagged,
    tap_range,
    temporary_loading,
    voltage,
)
from guardrails.rule import Rule


@dataclass(frozen=True)
class Check:
    """`needs`: the limits a rule must give.  `ranged`: it needs a voltage range.  `final_only`: judged on the last step of a list.

    `parameters`: names of the further numbers a rule must give.  `optional`: of those it may give.
    """

    run: Callable[[Change, Rule], list[ClauseResult]]
    unit: str = "none"
    needs: frozenset[str] = frozenset()
    ranged: bool = False
    final_only: bool = False
    parameters: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


_BAND = frozenset({"min", "max"})
_CEILING = frozenset({"max"})

CHECKS: dict[str, Check] = {
    "action_valid": Check(action_valid.check),
    "actions_per_hour": Check(actions_per_hour.check, "actions", _CEILING, final_only=True),
    "actions_per_proposal": Check(actions_per_proposal.check, "actions", _CEILING, final_only=True),
    "element_hypothetical": Check(element_hypothetical.check),
    "generator_range": Check(generator_range.check, "MW"),
    "ramp": Check(ramp.check, "percent", _CEILING),
    "protected": Check(protected.check),
    "ratings_usable": Check(ratings_usable.check),
    "reactive_range": Check(reactive_range.check, "Mvar"),
    "shunt_range": Check(shunt_range.check, "step"),
    "shunt_steps": Check(steps_moved.check_shunt, "step", _CEILING),
    "tagged": Check(tagged.check),
    "tap_range": Check(tap_range.check, "position"),
    "tap_steps": Check(steps_moved.check_tap, "position", _CEILING),
    "nil_effect": Check(nil_effect.check),
    "power_flow": Check(power_flow.check),
    "disconnector_load": Check(disconnector_load.check, "A", _CEILING),
    "branch_loading": Check(branch_loading.check, "percent", _CEILING),
    "closing_angle": Check(closing_angle.check, "degree", _CEILING),
    "closing_voltage": Check(closing_voltage.check, "pu", _CEILING),
    "islands": Check(islands.check, "parts", _CEILING),
    "lost_generation": Check(lost_generation.check, "MW", _CEILING),
    "lost_load": Check(lost_load.check, "MW", _CEILING),
    "relay_pickup": Check(relay_pickup.check, "percent", _CEILING),
    "relay_zone3": Check(relay_zone3.check, "percent", _CEILING),
    "temporary_loading": Check(temporary_loading.check, "percent", _CEILING),
    "voltage": Check(voltage.check, "pu", _BAND, ranged=True),
    "voltage_planning": Check(voltage.check, "pu", ranged=True),
    # SO GL Article 35(4) exempts the course of a switching sequence from N-1: only the final state is screened.
    "n1_loading": Check(n1_loading.check, "percent", _CEILING, final_only=True, optional=frozenset({"temporary_minutes"})),
    "n1_lost_load": Check(n1_lost_load.check, "MW", _CEILING, final_only=True),
    "n1_relay_pickup": Check(n1_relay_pickup.check, "percent", _CEILING, final_only=True),
    "n1_solution": Check(n1_solution.check, final_only=True),
    "n1_voltage": Check(n1_voltage.check, "pu", _BAND, ranged=True, final_only=True),
    # Studies of what follows in seconds and hours: of the final state alone, since a switching sequence takes minutes.
    "frequency_nadir": Check(frequency.nadir, "Hz", _CEILING, final_only=True, parameters=frozenset({"frequency_hz"})),
    "frequency_rate": Check(frequency.rate, "Hz/s", _CEILING, final_only=True, parameters=frozenset({"frequency_hz", "window_s"})),
    "frequency_shedding": Check(frequency.shedding, "percent", _CEILING, final_only=True, parameters=frozenset({"frequency_hz"})),
    "transformer_hot_spot": Check(heat.hot_spot, "celsius", _CEILING, final_only=True, parameters=frozenset({"hours"})),
    "transformer_top_oil": Check(heat.top_oil, "celsius", _CEILING, final_only=True, parameters=frozenset({"hours"})),
    "transformer_ageing": Check(heat.ageing, "h", _CEILING, final_only=True, parameters=frozenset({"hours"})),
}
