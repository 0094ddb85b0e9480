"""The load map of a state: around the power flow of the horizon's mean injections, at the end of each transformer that is loaded most."""

from collections.abc import Sequence

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.forecasting.followers import Followers
from grid_models.life.assumptions import Case
from grid_models.life.current_map import current_map
from grid_models.life.load_map import Bases, LoadMap, load_map
from grid_models.steady.boundary import solve
from grid_models.steady.divergence import explain_divergence
from grid_models.steady.solution import Solution
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import GridState


def mapped_loads(state: GridState, bases: Bases, rows: Followers, mean: FloatArray, cases: Sequence[Case]) -> LoadMap:
    """mean: (rows,) relative values around which the map is linear. Raises PowerFlowDiverged with what would restore a solution."""
    solution = _solved(state_with(state, bases, rows, mean))
    branch, at_from, rating_ka = _ends(solution, cases)
    currents = current_map(solution, branch, at_from, rating_ka)
    return load_map(state, solution.topology, bases, rows, len(mean), currents)


def state_with(state: GridState, bases: Bases, rows: Followers, values: FloatArray) -> GridState:
    """The state with every profile at these relative values, (rows,)."""
    return state.with_arrays(
        load_p_mw=bases.load_p_mw * values[rows.load_p],
        load_q_mvar=bases.load_q_mvar * values[rows.load_q],
        generator_p_mw=bases.generator_p_mw * values[rows.generator_p],
    )


def _solved(state: GridState) -> Solution:
    try:
        return solve(state)
    except PowerFlowDiverged as error:
        raise PowerFlowDiverged(explain_divergence(state).sentence) from error


def _ends(solution: Solution, cases: Sequence[Case]) -> tuple[IntArray, BoolArray, FloatArray]:
    """The end of each transformer where its load is taken: the winding and side with the largest part of its rating now."""
    model, found = solution.model, []
    for case in cases:
        each = [(branch, at_from, _rating_ka(model, branch, at_from, case)) for branch in case.unit.branches for at_from in (True, False)]
        current = {True: solution.i_from_ka, False: solution.i_to_ka}
        found.append(max(each, key=lambda e: float(np.nan_to_num(current[e[1]][e[0]] / e[2], nan=-1.0))))
    return np.array([f[0] for f in found]), np.array([f[1] for f in found]), np.array([f[2] for f in found])


def _rating_ka(model: GridModel, branch: int, at_from: bool, case: Case) -> float:
    """The grid's own; from the record's power where the grid has none; NaN at the star point of three windings."""
    branches = model.branches
    own = float((branches.rating_from_ka if at_from else branches.rating_to_ka)[branch])
    star = not at_from and len(case.unit.branches) > 1
    if case.unit.rated_mva is not None or star:
        return own
    bus = (branches.from_bus if at_from else branches.to_bus)[branch]
    return case.rated_mva / float(np.sqrt(3) * model.buses.nominal_kv[bus])
