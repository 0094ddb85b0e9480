"""One outage on its own, from the state it leaves: for what no batch expresses, and once more for what a batch left unsolved."""

from dataclasses import dataclass

import numpy as np

from grid_models.contingency.base import Base
from grid_models.contingency.outages import Outage, state_after
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import MAX_ITERATIONS, solve
from grid_models.steady.supply import lost_supply
from grid_models.twin.model import FloatArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of


@dataclass(frozen=True, eq=False)
class Alone:
    """One row of a screening. reason: "" where solved; then the arrays are (buses,) and (branches,)."""

    reason: str
    vm_pu: FloatArray
    loading_percent: FloatArray
    lost_load_mw: float = 0.0
    lost_generation_mw: float = 0.0
    islands: int = 0


def solve_alone(base: Base, outage: Outage) -> Alone:
    """Solve from DC angles and set-point voltages. Without any infeed everything is dead, and that is the answer, not a failure."""
    after = state_after(base.state, outage)
    dark = np.full(len(base.vm_pu), np.nan), np.full(len(base.state.model.branches), np.nan)
    lost = lost_supply(base.state, after)
    islands = parts_cut_off(base.state, after, outage)
    if not after.infeed_on.any():
        return Alone("", *dark, lost.load_mw, lost.generation_mw, islands)
    try:
        solution = solve(after)
    except PowerFlowDiverged:
        return Alone(_reason(outage), *dark)
    return Alone("", solution.vm_pu, solution.loading_percent, lost.load_mw, lost.generation_mw, islands)


def _reason(outage: Outage) -> str:
    return (
        f"Losing {outage.name} leaves a grid without a power flow: none was found in {MAX_ITERATIONS} Newton steps, from the voltages "
        "before nor from a fresh start; less load or transfer before the outage would help."
    )


def parts_cut_off(before: GridState, after: GridState, outage: Outage) -> int:
    """Connected parts with a busbar that had supply before and has none; busbars that failed themselves are no part."""
    buses, now = before.model.buses, topology_of(after)
    lost = topology_of(before).bus_live & ~now.bus_live & buses.is_busbar & ~buses.is_star
    lost[[e.index for e in outage.elements if e.kind is ElementKind.BUS]] = False
    return len(np.unique(now.island_of_node[now.node_of_bus[lost]]))
