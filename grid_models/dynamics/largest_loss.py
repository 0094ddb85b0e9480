"""How would frequency move if the largest source of a grid were lost now? For grids whose own machines make a system."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.dynamics.grid_inertia import OwnInertia, own_inertia
from grid_models.dynamics.measures import nadir, rocof_over
from grid_models.dynamics.own_system import own_system, plausible_load, usual_load_mw
from grid_models.dynamics.system import Loss
from grid_models.dynamics.trajectory import COLLAPSED, Trajectory, trajectory_of
from grid_models.steady.solution import Solution
from grid_models.twin.model import FloatArray

HORIZON_S = 60.0  # the nadir and all shedding lie within; engineering judgement, as in the study
_LARGEST_INFEED_SHARE = 1.0 / 3.0  # of the inertia; engineering judgement: infeeds that count for more stand for a larger system


@dataclass(frozen=True, eq=False)
class LargestLoss:
    """element: a generator or an infeed, lost_mw: what it injects.  course: None where nothing is left to turn, so that all is lost."""

    element: str
    lost_mw: float
    frequency_hz: float
    load_mw: float
    course: Trajectory | None

    @cached_property
    def nadir_hz(self) -> float:
        """The lowest frequency; that of a collapse where nothing turns."""
        return (1.0 - COLLAPSED) * self.frequency_hz if self.course is None else nadir(self.course).frequency_hz

    @property
    def shed_mw(self) -> float:
        """Load that under-frequency relays take off; all of it in a collapse."""
        return self.load_mw if self.collapsed or self.course is None else float(self.course.shed_mw[-1])

    @property
    def shed_percent(self) -> float:
        """Of the load before the loss."""
        return 100.0 * self.shed_mw / self.load_mw if self.load_mw > 0.0 else 0.0

    @property
    def collapsed(self) -> bool:
        return self.course is None or self.course.collapsed

    def rocof_hz_per_s(self, window_s: float) -> float:
        """Steepest mean rate over a window; of a collapse within it where nothing turns."""
        return COLLAPSED * self.frequency_hz / window_s if self.course is None else rocof_over(self.course, window_s)


def holds_own_frequency(solution: Solution) -> bool:
    """Whether a grid is a system of its own: machines that run, beside which its infeeds hold only a small part of the inertia."""
    own = own_inertia(solution)
    return own.machines > 0 and float(own.infeed_gws.sum()) <= _LARGEST_INFEED_SHARE * own.gws


def largest_loss(solution: Solution) -> LargestLoss | None:
    """The loss of the source that injects most; None where no machine runs or nothing injects. Raises NotCalculable."""
    own, state, topology = own_inertia(solution), solution.state, solution.topology
    power, turning = _sources(solution, own)
    if own.machines == 0 or not power.max(initial=0.0) > 0.0:
        return None
    at = int(np.argmax(power))
    left, lost_mw = own.gws - float(turning[at]), float(power[at])
    load = float(state.load_drawn_mw[topology.bus_live[state.model.loads.bus]].sum())
    name = (*state.model.generators.name, *state.model.infeeds.name)[at]
    load = load if plausible_load(load, left, lost_mw) or not left > 0.0 else usual_load_mw(left)
    course = None
    if left > 0.0:
        course = trajectory_of(own_system(state.model.frequency_hz, left, load), [Loss(0.0, lost_mw)], HORIZON_S)
    return LargestLoss(name, lost_mw, state.model.frequency_hz, load, course)


def _sources(solution: Solution, own: OwnInertia) -> tuple[FloatArray, FloatArray]:
    """(generators + infeeds,) power injected [MW] and energy turning in each [GW·s]; what is cut off injects nothing."""
    state, topology = solution.state, solution.topology
    machines = np.where(topology.bus_live[state.model.generators.bus], state.generator_injected_mw, 0.0)
    infeeds = np.where(state.infeed_on, np.nan_to_num(solution.infeed_p_mw), 0.0)
    return np.concatenate([machines, infeeds]), np.concatenate([own.generator_gws, own.infeed_gws])
