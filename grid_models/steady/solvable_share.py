"""How much of the present load and generation can be transported? Found by bisection over whole percentages."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.scale import scaled
from grid_models.twin.state import GridState


@dataclass(frozen=True, eq=False)
class Share:
    """The largest whole percentage that solves, its solution, and that of a smaller share: between them voltages fall."""

    percent: int
    solution: Solution
    smaller: Solution | None


def at_share(state: GridState, share: float, *, loads: bool = True, generation: bool = True) -> GridState:
    """The state with load, generation or both at a share of what they draw and inject now; infeeds take the difference."""
    model = state.model
    return scaled(state, share, np.full(len(model.loads), loads), np.full(len(model.generators), generation))


def largest_share(state_at: Callable[[float], GridState], guess: int = 0) -> Share | None:
    """The largest solvable share below 100 %, by at most ten power flows; None when not even 0 % was found to solve.

    Takes solvability to end once, as it does on the way to the nose of the PV curve. Where it also begins above zero (generation that
    needs some load), `guess` is a percentage near which it solves: the one that balances load and generation.
    """
    low, high = 0, 100
    found: list[Solution] = []
    if 0 < guess < high and (balanced := solved(state_at(guess / 100))):
        low, found = guess, [balanced]
    while high - low > 1:
        middle = (low + high) // 2
        solution = solved(state_at(middle / 100))
        if solution is None:
            high = middle
        else:
            low = middle
            found.append(solution)
    if not found:
        nothing = solved(state_at(0.0))
        return Share(0, nothing, None) if nothing else None
    smaller = found[-2] if len(found) > 1 else solved(state_at((low - 1) / 100))
    return Share(low, found[-1], smaller)


def solved(state: GridState) -> Solution | None:
    """The solution, or None where there is none or only one without finite voltages."""
    try:
        solution = solve(state)
    except PowerFlowDiverged:
        return None
    return solution if np.isfinite(solution.vm_pu[solution.topology.bus_live]).all() else None
