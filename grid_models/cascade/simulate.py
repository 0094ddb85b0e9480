"""What happens next if nobody acts? From one trip to the next, until it is quiet, dark or the horizon is reached."""

from dataclasses import replace

import numpy as np

from grid_models.cascade.balance import balanced
from grid_models.cascade.course import Cascade, Ends, Event, Loaded
from grid_models.cascade.flows import Flows, flows_of, supplied_mw
from grid_models.cascade.losing import lose, trip
from grid_models.cascade.running import FREQUENCY, ISLAND_LOST, Run, Scene, course_of
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_MOST_STEPS = 400  # power flows; a cascade that needs more runs in circles
_COLLAPSE = "no AC solution: voltages collapse, DC flows stand in"
_NOTICED_PU = 0.01  # a branch loaded less than this more was not loaded by a loss


def cascade(scene: Scene) -> Cascade:
    """Deterministic for the same scene and the same hidden failures. Raises InvalidAction for actions that cannot be done."""
    before = _supplied_only(scene.holders.lifted(scene.state))
    flows = flows_of(before, scene.method)
    run = Run(scene, before, scene.relays, before.generator_injected_mw)
    run.supplied.append((0.0, supplied_mw(before, flows.solution if flows else None)))
    run.loading = flows.loading_pu if flows else None
    lose(run, before, flows)
    return course_of(run, _until_it_ends(run))


def _supplied_only(state: GridState) -> GridState:
    """What has no supply before cannot lose it, nor does it start by itself."""
    live, model = topology_of(state).bus_live, state.model
    return state.with_arrays(load_on=state.load_on & live[model.loads.bus], generator_on=state.generator_on & live[model.generators.bus])


def _until_it_ends(run: Run) -> Ends:
    while run.steps < _MOST_STEPS:
        flows = _settled(run)
        if flows is None or run.supplied[-1][1] <= 0.0 < run.supplied[0][1]:
            return Ends.BLACKOUT
        waits = run.relays.waits(flows)
        wait, left = waits.soonest, run.scene.horizon_s - run.at_s
        if not run.acted and run.scene.acted_at_s <= run.at_s + min(wait, left):
            _act(run, flows)
            continue
        if not np.isfinite(wait):
            return Ends.QUIET
        if wait > left:
            run.at_s = run.scene.horizon_s
            return Ends.HORIZON
        trip(run, flows, waits)
    return Ends.STEPS


def _settled(run: Run) -> Flows | None:
    """Islands in balance, then what flows; what that cost is noted."""
    run.steps += 1
    run.state, found = balanced(run.state, run.scene.balancing, run.scheduled_mw)
    for what in found:
        cause = ISLAND_LOST if what.kind == "island lost" else FREQUENCY
        event = Event(run.at_s + what.after_s, what.element, what.kind, cause, run.steps)
        run.events.append(replace(event, lost_load_mw=what.lost_load_mw, lost_generation_mw=what.lost_generation_mw))
    run.flows = flows = flows_of(run.state, run.scene.method)
    run.supplied.append((run.at_s, supplied_mw(run.state, flows.solution if flows else None)))
    if flows is not None:
        _note_pathway(run, flows)
        if flows.dc and not run.dc_steps:
            run.events.append(Event(run.at_s, run.state.model.name, "collapse", _COLLAPSE, run.steps))
        run.dc_steps += flows.dc
    return flows


def _note_pathway(run: Run, flows: Flows) -> None:
    """Which branches the last losses loaded beyond their rating."""
    if run.loading is not None and run.lost:
        factor = run.relays.rating_factor
        before, after = np.nan_to_num(run.loading) / factor, np.nan_to_num(flows.loading_pu) / factor
        for branch in np.flatnonzero((after > 1.0) & (after > before + _NOTICED_PU)):
            loaded = run.state.model.branches.name[branch]
            run.pathway += [Loaded(lost, loaded, float(before[branch]), float(after[branch]), run.at_s) for lost in run.lost]
    run.loading, run.lost = flows.loading_pu, []


def _act(run: Run, flows: Flows) -> None:
    """Somebody acts: time goes on to that moment, and relays keep what they have counted."""
    wait = max(run.scene.acted_at_s - run.at_s, 0.0)
    run.relays = run.relays.watched(flows, wait)
    run.at_s += wait
    before, run.state = run.state, run.state.apply(run.scene.actions)
    moved = before.generator_injected_mw != run.state.generator_injected_mw
    run.scheduled_mw = np.where(moved, run.state.generator_injected_mw, run.scheduled_mw)
    run.acted = True
