"""What flows after each step: AC, or DC where AC has no solution."""

from dataclasses import dataclass

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.dc import solve_dc
from grid_models.steady.solution import Solution
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState


@dataclass(frozen=True, eq=False)
class Flows:
    """loading_pu: (branches,) of the permanent rating, 0 where dead, NaN where unrated.  dc: AC was asked for and has no solution."""

    solution: Solution
    loading_pu: FloatArray
    dc: bool


def flows_of(state: GridState, method: str) -> Flows | None:
    """None where no infeed is left: nothing flows any more."""
    if not state.infeed_on.any():
        return None
    try:
        return _flows(solve(state) if method == "ac" else solve_dc(state), dc=False)
    except PowerFlowDiverged:
        return _flows(solve_dc(state), dc=True)


def _flows(solution: Solution, dc: bool) -> Flows:
    dead = ~solution.topology.branch_live
    return Flows(solution, np.where(dead & solution.model.branches.rated, 0.0, solution.loading_percent / 100.0), dc)


def supplied_mw(state: GridState, solution: Solution | None) -> float:
    """Load that has supply [MW]."""
    if solution is None:
        return 0.0
    return float(state.load_drawn_mw[solution.topology.bus_live[state.model.loads.bus]].sum())
