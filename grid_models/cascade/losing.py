"""What goes: the initial outages, what relays trip, and what their hidden failures take along."""

from collections.abc import Sequence

import numpy as np

from grid_models.cascade.course import Event
from grid_models.cascade.flows import Flows
from grid_models.cascade.relays import Waits
from grid_models.cascade.running import Run
from grid_models.contingency.outages import Outage, branches_out, state_after
from grid_models.protection.hidden_failures import exposed
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_TOGETHER_S = 1e-6  # relays that would act so close act together


def lose(run: Run, before: GridState, flows: Flows | None) -> None:
    """The initial outages, at 0 s.  flows: before them."""
    outage = run.scene.outage
    run.state = _without_failed_buses(state_after(before, outage), outage)
    for e in outage.elements:
        run.events.append(Event(0.0, e.name, "outage", "initial outage", 0, lost_generation_mw=_injected_mw(before, flows, e)))
    run.lost = [e.name for e in outage.elements]
    gone = np.array(branches_out(before, outage), dtype=np.int64)
    live = topology_of(before).branch_live
    _also(run, gone, live, np.full(len(live), np.nan) if run.loading is None else run.loading)


def _without_failed_buses(state: GridState, outage: Outage) -> GridState:
    """Loads and machines at a failed busbar go with it; otherwise it would live on as an island."""
    buses = [e.index for e in outage.elements if e.kind is ElementKind.BUS]
    loads, machines = state.model.loads.bus, state.model.generators.bus
    return state.with_arrays(load_on=state.load_on & ~np.isin(loads, buses), generator_on=state.generator_on & ~np.isin(machines, buses))


def _injected_mw(state: GridState, flows: Flows | None, element: Element) -> float:
    """What a machine or an infeed, or all at a bus, brought; an infeed that took power brought none."""
    fed_mw = np.zeros(len(state.infeed_on)) if flows is None else np.maximum(np.nan_to_num(flows.solution.infeed_p_mw), 0.0)
    if element.kind is ElementKind.BUS:
        machines, infeeds = state.model.generators.bus == element.index, state.model.infeeds.bus == element.index
        return float(np.maximum(state.generator_injected_mw[machines], 0.0).sum() + fed_mw[infeeds].sum())
    if element.kind is ElementKind.INFEED:
        return float(fed_mw[element.index])
    return max(float(state.generator_injected_mw[element.index]), 0.0) if element.kind is ElementKind.GENERATOR else 0.0


def trip(run: Run, flows: Flows, waits: Waits) -> None:
    """Time goes on to the next trip, and all that trip together go."""
    wait = waits.soonest
    causes = run.relays
    run.relays = run.relays.watched(flows, wait)
    run.at_s += wait
    gone = np.flatnonzero(waits.branches <= wait + _TOGETHER_S)
    _open(run, gone, flows.loading_pu, [causes.cause(waits, int(b)) for b in gone])
    _switch_off(run, np.flatnonzero(waits.generators <= wait + _TOGETHER_S), np.flatnonzero(waits.loads <= wait + _TOGETHER_S))
    _also(run, gone, flows.solution.topology.branch_live, flows.loading_pu)


def _switch_off(run: Run, machines: IntArray, loads: IntArray) -> None:
    """Machines and loads whose voltage relays have waited long enough."""
    model, state = run.state.model, run.state
    for i in machines:
        lost = max(float(state.generator_injected_mw[i]), 0.0)
        run.events.append(Event(run.at_s, model.generators.name[i], "machine trip", "voltage", run.steps, lost_generation_mw=lost))
    for i in loads:
        lost = float(state.load_drawn_mw[i])
        run.events.append(Event(run.at_s, model.loads.name[i], "shed", "undervoltage", run.steps, lost_load_mw=lost))
    generator_on, load_on = state.generator_on.copy(), state.load_on.copy()
    generator_on[machines], load_on[loads] = False, False
    run.state = state.with_arrays(generator_on=generator_on, load_on=load_on)


def _open(run: Run, gone: IntArray, loading_pu: FloatArray, causes: Sequence[str]) -> None:
    names, on = run.state.model.branches.name, run.state.branch_on.copy()
    on[gone] = False
    run.state = run.state.with_arrays(branch_on=on)
    for branch, cause in zip(gone, causes, strict=True):
        loading = float(loading_pu[branch]) / run.relays.rating_factor
        run.events.append(Event(run.at_s, names[branch], "trip", cause, run.steps, int(branch), loading if np.isfinite(loading) else None))
        run.lost.append(names[branch])


def _also(run: Run, gone: IntArray, was_live: BoolArray, loading_pu: FloatArray) -> None:
    """Hidden failures that trips expose: relays of branches that end where one of those ended."""
    if run.scene.hidden is None or not len(gone):
        return
    branches, node = run.state.model.branches, topology_of(run.state).node_of_bus
    tripped = np.zeros(len(branches), dtype=bool)
    tripped[gone] = True
    seen = exposed(node[branches.from_bus], node[branches.to_bus], tripped, was_live & run.state.branch_on)
    also = run.scene.hidden.also(seen)
    _open(run, also, loading_pu, ["hidden failure of a relay"] * len(also))
