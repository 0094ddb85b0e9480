"""Which single action would have stopped it? Each is tried: the same cascade with it, at the moment operators could act."""

from collections.abc import Callable, Iterator
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
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_TARGETS, _MACHINES, _LOADS, _CLOSINGS, _OPENINGS = 3, 8, 6, 6, 4  # how many of each are tried; engineering judgement
_MOST_WORK = 1_000_000  # buses times power flows, about ten seconds of calculation
_NOTICED_MW = 1e-3
_TRIPS = ("trip", "machine trip")


@dataclass(frozen=True)
class Stop:
    """An action and what would still be lost; trips: those after it."""

    action: Action
    lost_load_mw: float
    trips: int


def stops(scene: Scene, known: Cascade, acted_at_s: float, cancelled: Callable[[], bool] = lambda: False) -> tuple[tuple[Stop, ...], int]:
    """Those that leave less lost, or the same and fewer trips, best first, and how many were tried. Nothing to stop: nothing is tried.

    On a large grid or after a long cascade fewer are tried; none any more once it is cancelled.
    """
    if not any(e.kind in (*_TRIPS, "shed", "island lost") and e.at_s >= acted_at_s for e in known.events):
        return (), 0
    late = _trips_from(known, acted_at_s)
    most = max(_MOST_WORK // (len(scene.state.model.buses) * known.steps), 1)
    tried = list(_candidates(scene, known, acted_at_s))[:most]
    found = [s for action in tried if not cancelled() and (s := _tried(scene, action, acted_at_s)) is not None]
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


def _candidates(scene: Scene, known: Cascade, acted_at_s: float) -> dict[Action, None]:
    """What can be closed again, and what relieves or unloads the branches that would go first; each once, in order."""
    state, branches = state_after(scene.state, scene.outage), scene.state.model.branches
    idle = np.flatnonzero(~topology_of(scene.state).branch_live)[:_CLOSINGS]  # the outages were live, so none of them
    found = [Action(kind=ActionKind.CLOSE, element=branches.name[i]) for i in idle]
    around = _solved(state) or _solved(scene.state)
    if around is not None:
        for target in _targets(scene, state, known, acted_at_s):
            found += [*_relieving(around, target), *_opened(state, target)]
    return dict.fromkeys(found)


def _targets(scene: Scene, state: GridState, known: Cascade, acted_at_s: float) -> list[int]:
    """Rows of the branches that trip first after somebody could act, and of the one that the outages load most."""
    flows = flows_of(state, scene.method)
    worst = [] if flows is None or not (flows.loading_pu > 0).any() else [int(np.nanargmax(flows.loading_pu))]
    trips = [e.branch for e in known.events if e.kind == "trip" and e.at_s >= acted_at_s and topology_of(state).branch_live[e.branch]]
    return list(dict.fromkeys([*worst, *trips]))[:_TARGETS]


def _solved(state: GridState) -> Solution | None:
    """AC flows, to rank by: what is tried is simulated by the method that was asked for."""
    try:
        return solve(state)
    except AeipError:
        return None


def _opened(state: GridState, target: int) -> Iterator[Action]:
    """Branches that end where the target ends: to take one out turns the flow elsewhere."""
    topology = topology_of(state)
    ends = [topology.from_node[target], topology.to_node[target]]
    beside = topology.branch_live & (np.isin(topology.from_node, ends) | np.isin(topology.to_node, ends))
    for i in [i for i in np.flatnonzero(beside) if i != target][:_OPENINGS]:
        yield Action(kind=ActionKind.OPEN, element=state.model.branches.name[i])


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
