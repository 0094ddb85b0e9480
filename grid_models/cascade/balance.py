"""How does an island that lost its infeed find its balance? Reserves, then shedding by frequency, then machines; or it is lost.

Quasi-steady: what is left when the frequency has settled. The order is that of the frequencies at which each acts.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.cascade.balance_settings import BalanceSettings
from grid_models.cascade.holders import Holders
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

_SAME_MW = 1e-6


@dataclass(frozen=True)
class Balanced:
    """What happened to one island. kind: 'shed', 'machine trip' or 'island lost'; element: a bus of it, or the machine."""

    kind: str
    element: str
    lost_load_mw: float
    lost_generation_mw: float


def balanced(
    state: GridState, holders: Holders, settings: BalanceSettings, scheduled_mw: FloatArray
) -> tuple[GridState, tuple[Balanced, ...]]:
    """The state with every island either fed, held by its largest machine and in balance, or dead.

    scheduled_mw: (generators,) what each injected before its reserve acted; a reserve is given once, however often the grid splits.
    """
    told: list[Balanced] = []
    state = _without_holders(state)
    for island in _islands(state, topology_of(state)):
        state, found = _one(state, holders, settings, scheduled_mw, island)
        told += found
    return state, tuple(told)


def _without_holders(state: GridState) -> GridState:
    """Who holds an island is asked anew at every step: its machine may have tripped, or the grid may have come back."""
    return state.with_arrays(infeed_on=state.infeed_on & (np.arange(len(state.infeed_on)) < _own_infeeds(state)))


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


def _one(
    state: GridState, holders: Holders, settings: BalanceSettings, scheduled_mw: FloatArray, island: BoolArray
) -> tuple[GridState, list[Balanced]]:
    """Reserves, then stages of shedding, then less generation; where that is not enough a machine goes, and all of it again."""
    told: list[Balanced] = []
    while (holder := _holder(state, machines := island[state.model.generators.bus] & state.generator_on)) is not None:
        lack = float(state.load_drawn_mw[island[state.model.loads.bus]].sum() - state.generator_injected_mw[machines].sum())
        if lack > _SAME_MW:
            state, lack = _more(state, machines, settings, scheduled_mw, lack)
        if lack > _SAME_MW:
            shed = _stages(state, island, lack, settings)
            if shed is None:
                break
            state, lack = state.with_arrays(load_shed_mw=state.load_shed_mw + shed), lack - float(shed.sum())
            told.append(Balanced("shed", _name(state, island), float(shed.sum()), 0.0))
        state, over = _less(state, machines, -lack)
        if over <= _SAME_MW:
            return _held(state, holders, holder), told
        victim = _largest(state, machines, holder)
        if victim is None:
            break
        state, gone = _tripped(state, victim)
        told.append(gone)
    state, lost = _lost(state, island)
    return state, told + lost


def _holder(state: GridState, machines: BoolArray) -> int | None:
    """The largest machine that can hold frequency and voltage."""
    able = np.flatnonzero(machines & state.model.generators.holds_voltage & (state.model.generators.p_max_mw > 0))
    return int(able[np.argmax(state.model.generators.p_max_mw[able])]) if len(able) else None


def _held(state: GridState, holders: Holders, holder: int) -> GridState:
    """The holder's infeed on."""
    on = state.infeed_on.copy()
    on[holders.infeed_of(holder)] = True
    return state.with_arrays(infeed_on=on)


def _more(
    state: GridState, machines: BoolArray, settings: BalanceSettings, scheduled_mw: FloatArray, lack: float
) -> tuple[GridState, float]:
    """Reserves in proportion, as droop shares them, and what still lacks; parks have none."""
    table, now = state.model.generators, state.generator_injected_mw
    most = np.minimum(table.p_max_mw, scheduled_mw + settings.reserve_share * table.p_max_mw)
    room = np.where(machines & ~table.weather & np.isfinite(most), np.maximum(most - now, 0.0), 0.0)
    added = room * min(1.0, lack / room.sum()) if room.sum() > 0 else room
    return _injecting(state, added > 0, now + added), lack - float(added.sum())


def _stages(state: GridState, island: BoolArray, lack: float, settings: BalanceSettings) -> FloatArray | None:
    """(loads,) MW shed by as many stages as are needed, of the load before any; None where all that are left are not enough."""
    whole = np.where(island[state.model.loads.bus] & state.load_on, np.maximum(state.load_p_mw, 0.0), 0.0)
    left = np.maximum(settings.most_shed_share * whole - state.load_shed_mw, 0.0)
    for stage in range(1, round(settings.most_shed_share / settings.stage_share) + 1):
        shed = np.minimum(stage * settings.stage_share * whole, left)
        if shed.sum() >= lack - _SAME_MW:
            return np.asarray(shed)
    return None


def _less(state: GridState, machines: BoolArray, over: float) -> tuple[GridState, float]:
    """Every machine comes down in proportion to what it can; and what is still too much."""
    if over <= _SAME_MW:
        return state, over
    now, low = state.generator_injected_mw, state.model.generators.p_min_mw
    room = np.where(machines, np.maximum(now - np.where(np.isfinite(low), np.maximum(low, 0.0), 0.0), 0.0), 0.0)
    taken = room * min(1.0, over / room.sum()) if room.sum() > 0 else room
    return _injecting(state, taken > 0, now - taken), over - float(taken.sum())


def _largest(state: GridState, machines: BoolArray, holder: int) -> int | None:
    """The machine that injects most, the holder aside."""
    others = np.where(machines & (np.arange(len(machines)) != holder), state.generator_injected_mw, 0.0)
    return int(np.argmax(others)) if others.max(initial=0.0) > 0 else None


def _tripped(state: GridState, machine: int) -> tuple[GridState, Balanced]:
    """One machine less: overfrequency."""
    on = state.generator_on.copy()
    on[machine] = False
    gone = float(state.generator_injected_mw[machine])
    return state.with_arrays(generator_on=on), Balanced("machine trip", state.model.generators.name[machine], 0.0, gone)


def _injecting(state: GridState, which: BoolArray, p_mw: FloatArray) -> GridState:
    return state.with_arrays(generator_p_setpoint_mw=np.where(which, p_mw, state.generator_p_setpoint_mw))


def _lost(state: GridState, island: BoolArray) -> tuple[GridState, list[Balanced]]:
    """Nothing holds it: dark. What it drew and injected is gone."""
    loads, machines = island[state.model.loads.bus], island[state.model.generators.bus]
    drawn, gone = float(state.load_drawn_mw[loads].sum()), float(state.generator_injected_mw[machines].sum())
    after = state.with_arrays(load_on=state.load_on & ~loads, generator_on=state.generator_on & ~machines)
    return (after, [Balanced("island lost", _name(state, island), drawn, gone)]) if drawn or gone else (after, [])


def _name(state: GridState, island: BoolArray) -> str:
    """The first bus of an island that carries load, else its first."""
    buses = state.model.loads.bus[island[state.model.loads.bus]]
    return state.model.buses.name[int(buses[0]) if len(buses) else int(np.flatnonzero(island)[0])]
