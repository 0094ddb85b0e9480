"""Which changes could keep a transformer cooler? What can be closed, and the set-points that act most, each only as far as is needed."""

from collections.abc import Iterator
from math import floor

import numpy as np

from grid_models.actions import Action, ActionKind
from grid_models.causes.branch_end import loaded_end, most_loaded
from grid_models.causes.injections import injections_of
from grid_models.causes.relief import Relief, Step, reliefs
from grid_models.causes.sensitivity import end_sensitivity
from grid_models.errors import AeipError
from grid_models.life.trial import Trial
from grid_models.twin.apply import breakers_of
from grid_models.twin.registry import ElementKind

_SET_POINTS, _CLOSINGS = 6, 12  # how many are tried; engineering judgement
_HALVINGS = 8


def candidates(trial: Trial) -> Iterator[tuple[Action, ...]]:
    """Closings first, then set-points."""
    for element in _closable(trial)[:_CLOSINGS]:
        yield (Action(kind=ActionKind.CLOSE, element=element),)
    for relief in _reliefs(trial)[:_SET_POINTS]:
        action = _set_point(trial, relief)
        if action is not None:
            yield (action,)


def _closable(trial: Trial) -> list[str]:
    """Branches out of service and open couplers, in the order of the tables."""
    state, live = trial.outlook.assumptions.state, trial.before.topology.branch_live
    branches, switches = state.model.branches, state.model.switches
    breakers = [breakers_of(state.model, i) for i in range(len(branches))]
    out = [i for i, own in enumerate(breakers) if not live[i] and (len(own) or not state.branch_on[i])]
    of_branches = {int(s) for own in breakers for s in own}
    couplers = np.flatnonzero(~state.switch_closed & (switches.other_bus >= 0) & (switches.branch < 0))
    return [branches.name[i] for i in out] + [switches.name[i] for i in couplers if int(i) not in of_branches]


def _reliefs(trial: Trial) -> list[Relief]:
    """Set-points of machines, those that can take most off first."""
    solution = trial.before
    end = loaded_end(solution, most_loaded(solution, trial.outlook.cases[trial.u].unit.branches))
    found = reliefs(solution.state, injections_of(solution.state, solution.topology), end_sensitivity(solution, end), end)
    machines = [r for r in found if r.element.kind is ElementKind.GENERATOR and r.relief_mw is not None]
    return sorted(machines, key=lambda r: -(r.relief_mw or 0.0))


def _set_point(trial: Trial, relief: Relief) -> Action | None:
    """As far as is needed to keep the limits, to whole megawatts; all the way where even that is not enough. None: it cannot be set."""
    machines, i = trial.before.model.generators, relief.element.index
    if relief.step is Step.INJECT_MORE:
        return None if machines.weather[i] else _set(relief, float(machines.p_max_mw[i]))
    least, high = max(float(machines.p_min_mw[i]), 0.0), float(trial.before.state.generator_injected_mw[i])
    low = least
    try:
        if not trial.suffices((_set(relief, low),)):
            return _set(relief, low)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if trial.suffices((_set(relief, middle),)) else (low, middle)
    except AeipError:
        return None
    return _set(relief, max(float(floor(low)), least))


def _set(relief: Relief, p_mw: float) -> Action:
    return Action(kind=ActionKind.SET_P, element=relief.element.name, p_mw=p_mw)
