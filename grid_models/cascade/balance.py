"""How does an island that lost its infeed find its balance? Reserves, then shedding by frequency, then machines; or it is lost.

Quasi-steady: what is left when the frequency has settled. The order is that of the frequencies at which each acts.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.cascade.holders import Holders
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

_SAME_MW = 1e-6


@dataclass(frozen=True)
class BalanceSettings:
    """reserve_share: of a machine's maximum that it may add at once.  stage_share: of an island's load shed at each stage.

    most_shed_share: what all stages together may shed; an island that lacks more collapses.
    """

    reserve_share: float = 0.05  # engineering judgement: primary reserve of a machine that takes part
    stage_share: float = 0.05  # Commission Regulation (EU) 2017/2196 asks for steps of at most 10 % (unverified)
    most_shed_share: float = 0.50  # the same, half the load in Continental Europe (unverified)


@dataclass(frozen=True)
class Balanced:
    """What happened to one island. kind: 'shed', 'machine trip' or 'island lost'; element: a bus of it, or the machine."""

    kind: str
    element: str
    lost_load_mw: float
    lost_generation_mw: float


def balanced(state: GridState, holders: Holders, settings: BalanceSettings) -> tuple[GridState, tuple[Balanced, ...]]:
    """The state with every island either fed, held by its largest machine and in balance, or dead."""
    told: list[Balanced] = []
    for island in _islands(state, topology_of(state)):
        state, found = _one(state, holders, settings, island)
        told += found
    return state, tuple(told)


def _islands(state: GridState, topology: Topology) -> list[BoolArray]:
    """(buses,) masks of the islands without an infeed of the surrounding grid, that draw or inject anything."""
    model = state.model
    of_bus = topology.island_of_node[topology.node_of_bus]
    feeds = np.flatnonzero(state.infeed_on[: _own_infeeds(state)])
    fed = set(of_bus[model.infeeds.bus[feeds]].tolist())
    users = np.concatenate([model.loads.bus[state.load_drawn_mw != 0], model.generators.bus[state.generator_injected_mw != 0]])
    return [of_bus == island for island in sorted(set(of_bus[users].tolist()) - fed)]


def _own_infeeds(state: GridState) -> int:
    """How many infeeds are the surrounding grid's: the machines that may hold an island come after them."""
    return len(state.model.infeeds) - int(state.model.generators.holds_voltage.sum())


def _one(state: GridState, holders: Holders, settings: BalanceSettings, island: BoolArray) -> tuple[GridState, list[Balanced]]:
    model = state.model
    loads, machines = island[model.loads.bus], island[model.generators.bus] & state.generator_on
    demand = np.where(loads, state.load_drawn_mw, 0.0)
    holder = _holder(state, machines)
    if holder is None:
        return _lost(state, island, demand, machines)
    state = _held(state, holders, holder, machines)
    lack = float(demand.sum() - state.generator_injected_mw[machines].sum())
    if lack < -_SAME_MW:
        return _less(state, machines, holder, -lack)
    if lack <= _SAME_MW:
        return state, []
    state, lack = _more(state, machines, settings, lack)
    if lack <= _SAME_MW:
        return state, []
    shed = _stages(float(demand.sum()), lack, settings)
    if shed is None:
        return _lost(state, island, demand, machines)
    return _shed(state, island, demand, shed)


def _holder(state: GridState, machines: BoolArray) -> int | None:
    """The largest machine that can hold frequency and voltage."""
    able = np.flatnonzero(machines & state.model.generators.holds_voltage & (state.model.generators.p_max_mw > 0))
    return int(able[np.argmax(state.model.generators.p_max_mw[able])]) if len(able) else None


def _held(state: GridState, holders: Holders, holder: int, machines: BoolArray) -> GridState:
    """The holder's infeed on, those of the island's other machines off."""
    on = state.infeed_on.copy()
    for machine in np.flatnonzero(machines & state.model.generators.holds_voltage):
        on[holders.infeed_of(int(machine))] = machine == holder
    return state.with_arrays(infeed_on=on)


def _more(state: GridState, machines: BoolArray, settings: BalanceSettings, lack: float) -> tuple[GridState, float]:
    """Reserves in proportion, as droop shares them; parks have none."""
    table = state.model.generators
    now = state.generator_injected_mw
    room = np.where(machines & ~table.weather, np.minimum(table.p_max_mw - now, settings.reserve_share * table.p_max_mw), 0.0)
    room = np.where(np.isfinite(room), np.maximum(room, 0.0), 0.0)
    added = room * min(1.0, lack / room.sum()) if room.sum() > 0 else room
    return _injecting(state, added > 0, now + added), lack - float(added.sum())


def _stages(demand: float, lack: float, settings: BalanceSettings) -> float | None:
    """The share shed by as many stages as are needed; None where all of them are not enough."""
    stage = settings.stage_share * demand
    count = int(np.ceil(lack / stage - 1e-9)) if stage > 0 else 0
    share = count * settings.stage_share
    return None if not count or share > settings.most_shed_share + 1e-9 else share


def _shed(state: GridState, island: BoolArray, demand: FloatArray, share: float) -> tuple[GridState, list[Balanced]]:
    more = demand * share
    state = state.with_arrays(load_shed_mw=state.load_shed_mw + np.maximum(more, 0.0))
    return _trimmed(state, island, Balanced("shed", _name(state, island), float(more.sum()), 0.0))


def _trimmed(state: GridState, island: BoolArray, told: Balanced) -> tuple[GridState, list[Balanced]]:
    """Stages shed more than is lacking: the machines come down by the rest."""
    machines = island[state.model.generators.bus] & state.generator_on
    demand = float(state.load_drawn_mw[island[state.model.loads.bus]].sum())
    over = float(state.generator_injected_mw[machines].sum()) - demand
    if over <= _SAME_MW:
        return state, [told]
    after, more = _less(state, machines, -1, over)
    return after, [told, *more]


def _less(state: GridState, machines: BoolArray, holder: int, over: float) -> tuple[GridState, list[Balanced]]:
    """Every machine comes down in proportion to what it can; then the largest go, the holder last."""
    table, told = state.model.generators, list[Balanced]()
    while True:
        now = state.generator_injected_mw
        low = np.where(np.isfinite(table.p_min_mw), np.maximum(table.p_min_mw, 0.0), 0.0)
        room = np.where(machines & state.generator_on, np.maximum(now - low, 0.0), 0.0)
        if room.sum() >= over - _SAME_MW:
            taken = room * (over / room.sum()) if room.sum() > 0 else room
            return _injecting(state, taken > 0, now - taken), told
        state = _injecting(state, room > 0, now - room)
        over -= float(room.sum())
        left = np.flatnonzero(machines & state.generator_on & (np.arange(len(now)) != holder))
        if not len(left):
            return state, told
        victim = int(left[np.argmax(state.generator_injected_mw[left])])
        gone = float(state.generator_injected_mw[victim])
        on = state.generator_on.copy()
        on[victim] = False
        state, over = state.with_arrays(generator_on=on), over - gone
        told.append(Balanced("machine trip", table.name[victim], 0.0, gone))
        if over <= 0:
            return state, told


def _injecting(state: GridState, which: BoolArray, p_mw: FloatArray) -> GridState:
    return state.with_arrays(generator_p_setpoint_mw=np.where(which, p_mw, state.generator_p_setpoint_mw))


def _lost(state: GridState, island: BoolArray, demand: FloatArray, machines: BoolArray) -> tuple[GridState, list[Balanced]]:
    """Nothing holds it: dark. What it drew and injected is gone."""
    gone = float(state.generator_injected_mw[machines].sum())
    infeed_on = state.infeed_on.copy()
    infeed_on[_own_infeeds(state) :] &= ~island[state.model.infeeds.bus[_own_infeeds(state) :]]
    after = state.with_arrays(
        load_on=state.load_on & ~island[state.model.loads.bus],
        generator_on=state.generator_on & ~machines,
        infeed_on=infeed_on,
    )
    drawn = float(demand.sum())
    return (after, [Balanced("island lost", _name(state, island), drawn, gone)]) if drawn or gone else (after, [])


def _name(state: GridState, island: BoolArray) -> str:
    """The first bus of an island that carries load, else its first."""
    buses = state.model.loads.bus[island[state.model.loads.bus]]
    return state.model.buses.name[int(buses[0]) if len(buses) else int(np.flatnonzero(island)[0])]
