"""Which changes could keep a transformer cooler? What can be closed, and the set-points that act most, each only as far as is needed."""

from bisect import bisect_left
from collections.abc import Iterator
from math import ceil, floor

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
from grid_models.twin.topology import topology_of

_SET_POINTS, _CLOSINGS = 6, 12  # how many are tried; engineering judgement


def candidates(trial: Trial) -> Iterator[tuple[Action, ...]]:
    """Closings first, then set-points."""
    for element in _closable(trial)[:_CLOSINGS]:
        yield (Action(kind=ActionKind.CLOSE, element=element),)
    for relief in _reliefs(trial)[:_SET_POINTS]:
        action = _set_point(trial, relief)
        if action is not None:
            yield (action,)


def _closable(trial: Trial) -> list[str]:
    """Branches out of service and open couplers, in the order of the tables; not what is only imagined to be out."""
    state, live = trial.outlook.assumptions.state, trial.before.topology.branch_live
    known = trial.outlook.assumptions.before
    really = ~topology_of(known).branch_live
    branches, switches = state.model.branches, state.model.switches
    breakers = [breakers_of(state.model, i) for i in range(len(branches))]
    out = [i for i, own in enumerate(breakers) if not live[i] and really[i] and (len(own) or not state.branch_on[i])]
    of_branches = {int(s) for own in breakers for s in own}
    couplers = np.flatnonzero(~state.switch_closed & ~known.switch_closed & (switches.other_bus >= 0) & (switches.branch < 0))
    return [branches.name[i] for i in out] + [switches.name[i] for i in couplers if int(i) not in of_branches]


def _reliefs(trial: Trial) -> list[Relief]:
    """Set-points of machines, those that can take most off first."""
    solution = trial.before
    end = loaded_end(solution, most_loaded(solution, trial.outlook.cases[trial.u].unit.branches))
    found = reliefs(solution.state, injections_of(solution.state, solution.topology), end_sensitivity(solution, end), end)
    machines = [r for r in found if r.element.kind is ElementKind.GENERATOR and r.relief_mw is not None]
    return sorted(machines, key=lambda r: -(r.relief_mw or 0.0))


def _set_point(trial: Trial, relief: Relief) -> Action | None:
    """The gentlest whole megawatts that keep the limits; all the way where even that is not enough. None: it cannot be set."""
    machines, i = trial.before.model.generators, relief.element.index
    less = relief.step is Step.INJECT_LESS
    if machines.weather[i] and not less:
        return None
    furthest = max(float(machines.p_min_mw[i]), 0.0) if less else float(machines.p_max_mw[i])
    gentlest = floor(_most_injected(trial, i)) if less else ceil(trial.before.state.generator_injected_mw[i])

    def at(step: int) -> Action:
        return _set(relief, max(gentlest - step, furthest) if less else min(gentlest + step, furthest))

    steps = max(ceil(abs(furthest - gentlest)), 0)
    try:
        enough = trial.suffices((at(steps),))
        return at(bisect_left(range(steps), True, key=lambda step: trial.suffices((at(step),)))) if enough else at(steps)
    except AeipError:
        return None


def _most_injected(trial: Trial, i: int) -> float:
    """Of a machine, anywhere on the course: a park may blow hardest hours before the transformer is hottest."""
    outlook, now = trial.outlook, float(trial.before.state.generator_injected_mw[i])
    if not np.isnan(outlook.assumptions.state.generator_p_setpoint_mw[i]):
        return now
    return max(now, float(outlook.bases.generator_p_mw[i] * trial.course.values[outlook.ahead.rows.generator_p[i]].max()))


def _set(relief: Relief, p_mw: float) -> Action:
    return Action(kind=ActionKind.SET_P, element=relief.element.name, p_mw=float(p_mw))
