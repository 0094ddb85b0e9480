"""What happens next if nobody acts? From one trip to the next, until it is quiet, dark or the horizon is reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from grid_models.actions import Action
from grid_models.cascade.balance import BalanceSettings, balanced
from grid_models.cascade.course import Cascade, Ends, Event, Loaded
from grid_models.cascade.flows import Flows, flows_of, supplied_mw
from grid_models.cascade.holders import Holders
from grid_models.cascade.relays import Relays, Waits
from grid_models.contingency.outages import Outage, branches_out, state_after
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_MOST_STEPS = 400  # power flows; a cascade that needs more runs in circles
_TOGETHER_S = 1e-6  # relays that would act so close act together
_COLLAPSE = "no AC solution: voltages collapse, DC flows stand in"
_BALANCING = ("no machine holds the island", "frequency")  # causes of what happens before the power flow of a step, not after it
_NOTICED_PU = 0.01  # a branch loaded less than this more was not loaded by a loss


class Hidden(Protocol):
    """Relays that fail unseen."""

    def also(self, exposed: IntArray) -> IntArray:
        """Which of the branches exposed to a trip trip too."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What is simulated. actions: what somebody does at a moment [s], for trying what would have stopped it."""

    state: GridState
    outage: Outage
    holders: Holders
    relays: Relays
    horizon_s: float
    method: str = "ac"
    balance: BalanceSettings = field(default_factory=BalanceSettings)
    hidden: Hidden | None = None
    acted_at_s: float = np.inf
    actions: tuple[Action, ...] = ()


@dataclass
class _Run:
    """The only thing here that changes: one simulation on its way."""

    scene: Scene
    state: GridState
    relays: Relays
    scheduled_mw: FloatArray  # (generators,) before reserves act
    at_s: float = 0.0
    steps: int = 0
    dc_steps: int = 0
    acted: bool = False
    events: list[Event] = field(default_factory=list)
    pathway: list[Loaded] = field(default_factory=list)
    supplied: list[tuple[float, float]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # what went before the present flows
    flows: Flows | None = None
    loading: FloatArray | None = None  # before that


def cascade(scene: Scene) -> Cascade:
    """Deterministic for the same scene and the same hidden failures. Raises InvalidAction for actions that cannot be done."""
    before = _supplied_only(scene.holders.lifted(scene.state))
    flows = flows_of(before, scene.method)
    run = _Run(scene, before, scene.relays, before.generator_injected_mw)
    run.supplied.append((0.0, supplied_mw(before, flows.solution if flows else None)))
    run.loading = flows.loading_pu if flows else None
    _lose(run, before)
    return _course(run, _until_it_ends(run))


def _supplied_only(state: GridState) -> GridState:
    """What has no supply before cannot lose it, nor does it start by itself."""
    live, model = topology_of(state).bus_live, state.model
    return state.with_arrays(load_on=state.load_on & live[model.loads.bus], generator_on=state.generator_on & live[model.generators.bus])


def _until_it_ends(run: _Run) -> Ends:
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
        _trip(run, flows, waits)
    return Ends.STEPS


def _lose(run: _Run, before: GridState) -> None:
    """The initial outages, at 0 s."""
    outage = run.scene.outage
    run.state = _without_failed_buses(state_after(before, outage), outage)
    for e in outage.elements:
        run.events.append(Event(0.0, e.name, "outage", "initial outage", 0, lost_generation_mw=_injected_mw(before, e)))
    run.lost = [e.name for e in outage.elements]
    gone = np.array(branches_out(before, outage), dtype=np.int64)
    if run.scene.hidden is not None and len(gone):
        live = topology_of(before).branch_live
        also = run.scene.hidden.also(_exposed(run.state, gone, live))
        loading = np.full(len(live), np.nan) if run.loading is None else run.loading
        _open(run, also, loading, ["hidden failure of a relay"] * len(also))


def _without_failed_buses(state: GridState, outage: Outage) -> GridState:
    """Loads and machines at a failed busbar go with it; otherwise it would live on as an island."""
    buses = [e.index for e in outage.elements if e.kind is ElementKind.BUS]
    loads, machines = state.model.loads.bus, state.model.generators.bus
    return state.with_arrays(load_on=state.load_on & ~np.isin(loads, buses), generator_on=state.generator_on & ~np.isin(machines, buses))


def _injected_mw(state: GridState, element: Element) -> float:
    """What a machine, or all at a bus, injected."""
    if element.kind is ElementKind.BUS:
        return float(state.generator_injected_mw[state.model.generators.bus == element.index].sum())
    return float(state.generator_injected_mw[element.index]) if element.kind is ElementKind.GENERATOR else 0.0


def _settled(run: _Run) -> Flows | None:
    """Islands in balance, then what flows; what that cost is noted."""
    run.steps += 1
    run.state, found = balanced(run.state, run.scene.holders, run.scene.balance, run.scheduled_mw)
    for what in found:
        cause = _BALANCING[what.kind != "island lost"]
        event = Event(run.at_s, what.element, what.kind, cause, run.steps)
        run.events.append(replace(event, lost_load_mw=what.lost_load_mw, lost_generation_mw=what.lost_generation_mw))
    run.flows = flows = flows_of(run.state, run.scene.method)
    run.supplied.append((run.at_s, supplied_mw(run.state, flows.solution if flows else None)))
    if flows is not None:
        _note_pathway(run, flows)
        if flows.dc and not run.dc_steps:
            run.events.append(Event(run.at_s, run.state.model.name, "collapse", _COLLAPSE, run.steps))
        run.dc_steps += flows.dc
    return flows


def _note_pathway(run: _Run, flows: Flows) -> None:
    """Which branches the last losses loaded beyond their rating."""
    if run.loading is not None and run.lost:
        before, after = np.nan_to_num(run.loading), np.nan_to_num(flows.loading_pu)
        for branch in np.flatnonzero((after > 1.0) & (after > before + _NOTICED_PU)):
            loaded = run.state.model.branches.name[branch]
            run.pathway += [Loaded(lost, loaded, float(before[branch]), float(after[branch]), run.at_s) for lost in run.lost]
    run.loading, run.lost = flows.loading_pu, []


def _trip(run: _Run, flows: Flows, waits: Waits) -> None:
    """Time goes on to the next trip, and all that trip together go."""
    wait = waits.soonest
    causes = run.relays
    run.relays = run.relays.watched(flows, wait)
    run.at_s += wait
    gone = np.flatnonzero(waits.branches <= wait + _TOGETHER_S)
    _open(run, gone, flows.loading_pu, [causes.cause(waits, int(b)) for b in gone])
    _switch_off(run, np.flatnonzero(waits.generators <= wait + _TOGETHER_S), np.flatnonzero(waits.loads <= wait + _TOGETHER_S))
    if run.scene.hidden is not None and len(gone):
        also = run.scene.hidden.also(_exposed(run.state, gone, flows.solution.topology.branch_live))
        _open(run, also, flows.loading_pu, ["hidden failure of a relay"] * len(also))


def _switch_off(run: _Run, machines: IntArray, loads: IntArray) -> None:
    """Machines and loads whose voltage relays have waited long enough."""
    model, state = run.state.model, run.state
    for i in machines:
        lost = float(state.generator_injected_mw[i])
        run.events.append(Event(run.at_s, model.generators.name[i], "machine trip", "voltage", run.steps, lost_generation_mw=lost))
    for i in loads:
        lost = float(state.load_drawn_mw[i])
        run.events.append(Event(run.at_s, model.loads.name[i], "shed", "undervoltage", run.steps, lost_load_mw=lost))
    generator_on, load_on = state.generator_on.copy(), state.load_on.copy()
    generator_on[machines], load_on[loads] = False, False
    run.state = state.with_arrays(generator_on=generator_on, load_on=load_on)


def _open(run: _Run, gone: IntArray, loading_pu: FloatArray, causes: Sequence[str]) -> None:
    names, on = run.state.model.branches.name, run.state.branch_on.copy()
    on[gone] = False
    run.state = run.state.with_arrays(branch_on=on)
    for branch, cause in zip(gone, causes, strict=True):
        loading = float(loading_pu[branch])
        run.events.append(Event(run.at_s, names[branch], "trip", cause, run.steps, int(branch), loading if np.isfinite(loading) else None))
        run.lost.append(names[branch])


def _exposed(state: GridState, gone: IntArray, was_live: BoolArray) -> IntArray:
    """Live branches that share a node with one that tripped: their relays saw it."""
    topology = topology_of(state)
    nodes = np.unique(np.concatenate([state.model.branches.from_bus[gone], state.model.branches.to_bus[gone]]))
    fused = np.unique(topology.node_of_bus[nodes])
    ends = topology.node_of_bus[state.model.branches.from_bus], topology.node_of_bus[state.model.branches.to_bus]
    beside = np.isin(ends[0], fused) | np.isin(ends[1], fused)
    beside[gone] = False
    return np.flatnonzero(beside & was_live & state.branch_on)


def _act(run: _Run, flows: Flows) -> None:
    """Somebody acts: time goes on to that moment, and relays keep what they have counted."""
    wait = max(run.scene.acted_at_s - run.at_s, 0.0)
    run.relays = run.relays.watched(flows, wait)
    run.at_s += wait
    before, run.state = run.state, run.state.apply(run.scene.actions)
    moved = before.generator_injected_mw != run.state.generator_injected_mw
    run.scheduled_mw = np.where(moved, run.state.generator_injected_mw, run.scheduled_mw)
    run.acted = True


def _course(run: _Run, ends: Ends) -> Cascade:
    return Cascade(
        events=_with_losses(run),
        pathway=tuple(run.pathway),
        supplied=tuple(run.supplied),
        state=run.state,
        flows=run.flows,
        steps=run.steps,
        dc_steps=run.dc_steps,
        ends=ends,
        ends_at_s=run.at_s,
    )


def _with_losses(run: _Run) -> tuple[Event, ...]:
    """Load that a trip or outage cut off by itself is told with the last of those between the two power flows."""
    told = list(run.events)
    for step, ((_, before), (_, after)) in enumerate(zip(run.supplied, run.supplied[1:], strict=False)):
        known = sum(e.lost_load_mw for e in told if e.step == step + (e.cause in _BALANCING))
        mine = [i for i, e in enumerate(told) if e.step == step and e.kind in ("trip", "outage")]
        rest = before - after - known
        if rest > 1e-6 and mine:
            told[mine[-1]] = replace(told[mine[-1]], lost_load_mw=rest)
    return tuple(told)
