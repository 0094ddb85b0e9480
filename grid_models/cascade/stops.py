"""Which single action would have stopped it? Each is tried: the same cascade with it, at the moment operators could act."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from grid_models.actions import Action, ActionKind
from grid_models.cascade.course import Cascade
from grid_models.cascade.flows import flows_of
from grid_models.cascade.running import Scene
from grid_models.cascade.simulate import cascade
from grid_models.causes.branch_end import loaded_end
from grid_models.causes.injections import injections_of
from grid_models.causes.relief import Relief, Step, reliefs
from grid_models.causes.sensitivity import end_sensitivity
from grid_models.contingency.outages import state_after
from grid_models.errors import AeipError
from grid_models.steady.solution import Solution
from grid_models.twin.registry import ElementKind
from grid_models.twin.topology import topology_of

_MACHINES, _LOADS, _CLOSINGS = 8, 6, 6  # how many of each are tried; engineering judgement
_NOTICED_MW = 1e-3
_TRIPS = ("trip", "machine trip")


@dataclass(frozen=True)
class Stop:
    """An action and what would still be lost; trips: those after it."""

    action: Action
    lost_load_mw: float
    trips: int


def stops(scene: Scene, known: Cascade, acted_at_s: float) -> tuple[tuple[Stop, ...], int]:
    """Those that leave less lost, or the same and fewer trips, best first, and how many were tried. Nothing to stop: nothing is tried."""
    if not any(e.kind in (*_TRIPS, "island lost") and e.at_s >= acted_at_s for e in known.events):
        return (), 0
    late = _trips_from(known, acted_at_s)
    tried = list(_candidates(scene))
    found = [s for action in tried if (s := _tried(scene, action, acted_at_s)) is not None]
    own = {e.element for e in known.events if e.kind in _TRIPS and e.at_s >= acted_at_s}
    better = [s for s in found if _better(s, known.lost_load_mw, late - (s.action.element in own))]
    return tuple(sorted(better, key=lambda s: (s.lost_load_mw, s.trips))), len(tried)


def _tried(scene: Scene, action: Action, acted_at_s: float) -> Stop | None:
    try:
        found = cascade(replace(scene, acted_at_s=acted_at_s, actions=(action,), hidden=None))
    except AeipError:
        return None
    return Stop(action, found.lost_load_mw, _trips_from(found, acted_at_s))


def _better(stop: Stop, lost_load_mw: float, trips: int) -> bool:
    """Less lost, or the same for fewer trips (beside that of what is acted on): fewer trips that darken more stop nothing."""
    less = stop.lost_load_mw < lost_load_mw - _NOTICED_MW
    return less or (stop.trips < trips and stop.lost_load_mw <= lost_load_mw + _NOTICED_MW)


def _trips_from(found: Cascade, at_s: float) -> int:
    """Trips at and after a moment."""
    return sum(e.kind in _TRIPS and e.at_s >= at_s for e in found.events)


def _candidates(scene: Scene) -> Iterator[Action]:
    """What relieves the branch that the outages load most, and what can be closed again."""
    state = state_after(scene.state, scene.outage)
    for i in np.flatnonzero(~topology_of(scene.state).branch_live)[:_CLOSINGS]:  # the outages were live, so none of them
        yield Action(kind=ActionKind.CLOSE, element=state.model.branches.name[i])
    flows = flows_of(state, scene.method)
    if flows is None or not np.isfinite(flows.loading_pu).any():
        return
    worst = int(np.nanargmax(flows.loading_pu))
    if flows.loading_pu[worst] <= 0 or flows.dc or scene.method == "dc":
        return
    yield from _relieving(flows.solution, worst)


def _relieving(solution: Solution, branch: int) -> Iterator[Action]:
    """The set-points that can take most off it, then the loads."""
    end, state = loaded_end(solution, branch), solution.state
    found = reliefs(state, injections_of(state, solution.topology), end_sensitivity(solution, end), end)
    ranked = sorted((r for r in found if r.relief_mw), key=lambda r: -(r.relief_mw or 0.0))
    for relief in [r for r in ranked if r.element.kind is ElementKind.GENERATOR][:_MACHINES]:
        yield _set_point(solution, relief)
    for relief in [r for r in ranked if r.element.kind is ElementKind.LOAD][:_LOADS]:
        yield Action(kind=ActionKind.SHED_LOAD, element=relief.element.name, p_mw=float(relief.available_mw or 0.0))


def _set_point(solution: Solution, relief: Relief) -> Action:
    """All the way; a park that is to inject more is released."""
    machines, i = solution.model.generators, relief.element.index
    if relief.step is Step.INJECT_MORE and machines.weather[i]:
        return Action(kind=ActionKind.RELEASE, element=relief.element.name)
    p_mw = float(machines.p_max_mw[i]) if relief.step is Step.INJECT_MORE else max(float(machines.p_min_mw[i]), 0.0)
    return Action(kind=ActionKind.SET_P, element=relief.element.name, p_mw=p_mw)
