"""How much inertia do a grid's own machines hold? Where the data say it is a system of its own, and not a part of a larger one."""

from dataclasses import dataclass

import numpy as np

from grid_models.dynamics.inertia import INERTIA_S, UnitType
from grid_models.steady.solution import Solution
from grid_models.twin.model import BoolArray, FloatArray, GridModel

_MW_IN_GW = 1000.0


@dataclass(frozen=True, eq=False)
class OwnInertia:
    """generator_gws, infeed_gws: (generators,), (infeeds,) by the tables' rows.  machines: synchronous ones that run."""

    generator_gws: FloatArray
    infeed_gws: FloatArray
    machines: int

    @property
    def gws(self) -> float:
        """Of all together."""
        return float(self.generator_gws.sum() + self.infeed_gws.sum())


def synchronous(model: GridModel) -> BoolArray:
    """(generators,) True for machines that hold a voltage and are no wind, PV or storage: what the data know of being synchronous."""
    other = np.array([technology == "other" for technology in model.generators.technology], dtype=bool)
    return np.asarray(other & model.generators.holds_voltage)


def own_inertia(solution: Solution) -> OwnInertia:
    """Machines of unknown type at their rating (the larger of highest and present power); infeeds, where there are machines, likewise.

    What is cut off from every infeed holds none. A grid without machines is a part of a larger system, whose inertia is not its own: 0.
    """
    state, model = solution.state, solution.model
    generators = model.generators
    injected = np.abs(state.generator_injected_mw)
    rated = np.maximum(np.nan_to_num(generators.p_max_mw, nan=0.0, posinf=0.0), injected)
    runs = synchronous(model) & state.generator_on & (rated > 0.0) & solution.topology.bus_live[generators.bus]
    per_mva = INERTIA_S[UnitType.UNKNOWN] / _MW_IN_GW
    behind = np.where(state.infeed_on, np.abs(np.nan_to_num(solution.infeed_p_mw)), 0.0) if runs.any() else np.zeros(len(model.infeeds))
    return OwnInertia(np.where(runs, rated, 0.0) * per_mva, behind * per_mva, int(runs.sum()))
