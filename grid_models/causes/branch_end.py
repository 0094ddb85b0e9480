"""Which end of a branch is loaded more, and what flows there in which direction?"""

from dataclasses import dataclass

import numpy as np

from grid_models.steady.solution import Solution


@dataclass(frozen=True)
class BranchEnd:
    """One end of a branch (row of the branch table), and the direction counted as positive there.

    `sign` is 1 where power flows into the branch at this end, -1 where it comes out.
    """

    branch: int
    at_from: bool
    sign: float

    def flow_mw(self, solution: Solution) -> float:
        """Active power in the positive direction [MW]; 0 where the branch has no voltage."""
        power = solution.p_from_mw if self.at_from else solution.p_to_mw
        return self.sign * float(np.nan_to_num(power[self.branch]))

    def flow_mvar(self, solution: Solution) -> float:
        """Reactive power in the positive direction [Mvar]; 0 where the branch has no voltage."""
        power = solution.q_from_mvar if self.at_from else solution.q_to_mvar
        return self.sign * float(np.nan_to_num(power[self.branch]))

    def current_ka(self, solution: Solution) -> float:
        """Current at this end [kA]; 0 where the branch has no voltage."""
        current = solution.i_from_ka if self.at_from else solution.i_to_ka
        return float(np.nan_to_num(current[self.branch]))


def loaded_end(solution: Solution, branch: int) -> BranchEnd:
    """The end whose current is the larger part of its rating, as the flow is now; the rated one where only one has a rating.

    Without ratings the end with the larger current in per unit.
    """
    branches, buses = solution.model.branches, solution.model.buses
    current = np.array([solution.i_from_ka[branch], solution.i_to_ka[branch]])
    rating = np.array([branches.rating_from_ka[branch], branches.rating_to_ka[branch]])
    nominal = buses.nominal_kv[[branches.from_bus[branch], branches.to_bus[branch]]]
    load = current * nominal if np.isnan(rating).all() else np.nan_to_num(current / rating, nan=-1.0)
    at_from = bool(load[0] >= load[1])
    power = solution.p_from_mw[branch] if at_from else solution.p_to_mw[branch]
    return BranchEnd(branch, at_from, 1.0 if power >= 0 else -1.0)


def loading_percent(solution: Solution, branch: int) -> float | None:
    """Larger end's current over its permanent rating; 0 where the branch has no voltage, None where it has no rating."""
    branches = solution.model.branches
    if np.isnan(branches.rating_from_ka[branch]) and np.isnan(branches.rating_to_ka[branch]):
        return None
    return float(np.nan_to_num(solution.loading_percent[branch]))


def most_loaded(solution: Solution, branches: tuple[int, ...]) -> int:
    """The branch among these (legs of one transformer) with the largest power; the first of equals."""
    power = np.hypot(np.nan_to_num(solution.p_from_mw[list(branches)]), np.nan_to_num(solution.q_from_mvar[list(branches)]))
    return branches[int(np.argmax(power))]
