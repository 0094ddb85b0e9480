"""How much current does a closed switch carry? Asked of a solution whose nodes are fused, by the balance of one of its sides."""

from dataclasses import dataclass

import numpy as np

from grid_models.steady.solution import Solution
from grid_models.twin.model import BoolArray
from grid_models.twin.topology import topology_of


@dataclass(frozen=True)
class SwitchCurrent:
    """ampere: magnitude, 0 without voltage, NaN where sources on both sides hide it.

    bridged: other closed switches join the two sides too; how they share the current is not known, and opening this one breaks none.
    """

    ampere: float
    bridged: bool = False


def switch_current(solution: Solution, switch: int) -> SwitchCurrent:
    """The current through a closed switch (row of the switch table) of the solved state."""
    switches = solution.model.switches
    if switches.branch[switch] >= 0:
        return SwitchCurrent(_at_branch_end(solution, switch))
    opened = solution.state.switch_closed.copy()
    opened[switch] = False
    node = topology_of(solution.state.with_arrays(switch_closed=opened)).node_of_bus
    one, other = int(switches.bus[switch]), int(switches.other_bus[switch])
    if node[one] == node[other]:
        return SwitchCurrent(np.nan, bridged=True)
    if not solution.topology.bus_live[one]:
        return SwitchCurrent(0.0)
    drawn = [_drawn_mva(solution, node == node[bus]) for bus in (one, other)]
    known = next((abs(mva) for mva in drawn if mva is not None), np.nan)
    return SwitchCurrent(float(known) * 1000.0 / (np.sqrt(3.0) * solution.vm_pu[one] * solution.model.buses.nominal_kv[one]))


def _at_branch_end(solution: Solution, switch: int) -> float:
    switches, branches = solution.model.switches, solution.model.branches
    row = switches.branch[switch]
    at_from = switches.bus[switch] == branches.from_bus[row]
    return float(np.nan_to_num((solution.i_from_ka if at_from else solution.i_to_ka)[row]) * 1000.0)


def _drawn_mva(solution: Solution, side: BoolArray) -> complex | None:
    """What the equipment at some buses draws in all; None where a source there holds the voltage, so that its power follows the rest."""
    state, model = solution.state, solution.model
    machines = model.generators
    if np.any(state.infeed_on & side[model.infeeds.bus]) or np.any(state.generator_on & machines.holds_voltage & side[machines.bus]):
        return None
    branches = model.branches
    flows = (
        np.nan_to_num(solution.p_from_mw + 1j * solution.q_from_mvar)[side[branches.from_bus]].sum()
        + np.nan_to_num(solution.p_to_mw + 1j * solution.q_to_mvar)[side[branches.to_bus]].sum()
    )
    loads = (state.load_drawn_mw + 1j * state.load_drawn_mvar)[side[model.loads.bus]].sum()
    injected = (state.generator_injected_mw + 1j * state.generator_injected_mvar)[side[machines.bus]].sum()
    at = side[model.shunts.bus]
    shunts = (((model.shunts.p_mw + 1j * model.shunts.q_mvar) * state.shunt_step) * solution.vm_pu[model.shunts.bus] ** 2)[at].sum()
    return complex(flows + loads - injected + shunts)
