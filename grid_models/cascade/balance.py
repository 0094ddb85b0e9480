"""How does an island that lost its infeed find its balance? By its frequency: reserves, stages of shedding, machines; or it is lost."""

from dataclasses import dataclass

import numpy as np

from grid_models.cascade.balance_settings import BalanceSettings
from grid_models.cascade.holders import Holders
from grid_models.cascade.island_frequency import FrequencyCourse, Island, able_to_hold, frequency_course
from grid_models.protection.voltage_frequency import StageBank
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

_SAME_MW = 1e-6


@dataclass(frozen=True)
class Balanced:
    """What happened to one island. kind: 'shed', 'machine trip' or 'island lost'; element: a bus of it, or the machine.

    after_s: since the island lost its balance.
    """

    kind: str
    element: str
    lost_load_mw: float
    lost_generation_mw: float
    after_s: float = 0.0


@dataclass(frozen=True, eq=False)
class Balancing:
    """Who may hold an island, what may answer in it, and the frequency relays of all generators."""

    holders: Holders
    settings: BalanceSettings
    relays: StageBank


def balanced(state: GridState, by: Balancing, scheduled_mw: FloatArray) -> tuple[GridState, tuple[Balanced, ...]]:
    """The state with every island either fed, held by its largest machine and in balance, or dead.

    scheduled_mw: (generators,) what each injected before its reserve acted; a reserve is given once, however often the grid splits.
    """
    told: list[Balanced] = []
    state = _without_holders(state)
    for island in _islands(state, topology_of(state)):
        state, found = _one(state, by, scheduled_mw, island)
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


def _one(state: GridState, by: Balancing, scheduled_mw: FloatArray, buses: BoolArray) -> tuple[GridState, list[Balanced]]:
    """As its frequency goes; where nothing is left that could hold it, it is lost."""
    holder = _holder(state, buses)
    if holder is None:
        return _lost(state, buses, 0.0)
    island = _island(state, by.settings, scheduled_mw, buses, holder)
    if abs(island.lack_mw) <= _SAME_MW:
        return _held(state, by.holders, holder), []
    found = frequency_course(island, by.settings, by.relays)
    state, told = _shed(island, found, buses)
    state, tripped = _tripped(state, found)
    told = sorted([*told, *tripped], key=lambda what: what.after_s)
    holder = _holder(state, buses) if np.isinf(found.lost_at_s) else None
    if holder is None:
        state, lost = _lost(state, buses, _gone_s(found))
        return state, [*told, *lost]
    state = _answered(state, found, island)
    left = _island(state, by.settings, scheduled_mw, buses, holder)
    return _held(_evened_out(state, left), by.holders, holder), told


def _holder(state: GridState, buses: BoolArray) -> int | None:
    """The largest machine that can hold frequency and voltage."""
    machines = buses[state.model.generators.bus] & state.generator_on
    able = np.flatnonzero(machines & able_to_hold(state))
    return int(able[np.argmax(state.model.generators.p_max_mw[able])]) if len(able) else None


def _island(state: GridState, settings: BalanceSettings, scheduled_mw: FloatArray, buses: BoolArray, holder: int) -> Island:
    """With what may move in it; parks have no reserve."""
    table, now = state.model.generators, state.generator_injected_mw
    loads, machines = buses[state.model.loads.bus], buses[table.bus] & state.generator_on
    most = np.minimum(table.p_max_mw, scheduled_mw + settings.reserve_share * table.p_max_mw)
    most = np.where(now < 0.0, np.maximum(most, 0.0), most)  # what charges stops before anybody's light goes out
    up = np.where(machines & ~table.weather & np.isfinite(most), np.maximum(most - now, 0.0), 0.0)
    least = np.where(np.isfinite(table.p_min_mw), np.maximum(table.p_min_mw, 0.0), 0.0)
    down = np.where(machines, np.maximum(now - least, 0.0), 0.0)
    shunts = state.model.shunts
    drawn = float((shunts.p_mw * state.shunt_step)[buses[shunts.bus]].sum())
    return Island(state, loads, machines, holder, drawn, _stages_mw(state, settings, loads), up, down)


def _stages_mw(state: GridState, settings: BalanceSettings, loads: BoolArray) -> FloatArray:
    """(stages, loads) what each can still shed: a stage whose feeders are off sheds nothing more."""
    whole = np.where(loads & state.load_on, np.maximum(state.load_p_mw, 0.0), 0.0)
    gone = np.divide(state.load_shed_mw, whole, out=np.ones_like(whole), where=whole > 0.0)
    shares = np.array([stage.share for stage in settings.scheme_at(state.model.frequency_hz)])[:, None]
    return np.asarray(np.clip(np.cumsum(shares, axis=0) - gone, 0.0, shares) * whole)


def _shed(island: Island, found: FrequencyCourse, buses: BoolArray) -> tuple[GridState, list[Balanced]]:
    """Until nothing is left to be shed from."""
    state, told = island.state, []
    if found.course is None:
        return state, []
    for at_s, mw in zip(found.course.shed_s, island.stage_mw, strict=True):
        if at_s <= found.lost_at_s and mw.sum() > 0.0:
            state = state.with_arrays(load_shed_mw=state.load_shed_mw + mw)
            told.append(Balanced("shed", _name(state, buses), float(mw.sum()), 0.0, float(at_s)))
    return state, told


def _tripped(state: GridState, found: FrequencyCourse) -> tuple[GridState, list[Balanced]]:
    """By their frequency relays."""
    names, injected, on = state.model.generators.name, state.generator_injected_mw, state.generator_on.copy()
    on[[m for m, _ in found.trips]] = False
    told = [Balanced("machine trip", names[m], 0.0, max(float(injected[m]), 0.0), at_s) for m, at_s in found.trips]
    return state.with_arrays(generator_on=on), told


def _gone_s(found: FrequencyCourse) -> float:
    """When it was lost: of its frequency, or with the last machine that held it."""
    return found.lost_at_s if np.isfinite(found.lost_at_s) else found.trips[-1][1]


def _answered(state: GridState, found: FrequencyCourse, island: Island) -> GridState:
    """What governors gave and took stays."""
    assert found.course is not None, "who holds an island was followed"
    moved = np.zeros(len(island.machines))
    moved[island.machines] = found.course.power_mw[-1]
    return _injecting(state, state.generator_on & island.machines, state.generator_injected_mw + moved)


def _evened_out(state: GridState, left: Island) -> GridState:
    """Frequency is brought back with what room there is; what the load's damping had borne is the holder's."""
    lack, now = left.lack_mw, state.generator_injected_mw
    room = left.up_mw if lack > 0.0 else left.down_mw
    moved = np.sign(lack) * room * (min(1.0, abs(lack) / room.sum()) if room.sum() > 0.0 else 0.0)
    moved[left.holder] += lack - moved.sum()
    return _injecting(state, left.machines, now + moved)


def _injecting(state: GridState, which: BoolArray, p_mw: FloatArray) -> GridState:
    return state.with_arrays(generator_p_setpoint_mw=np.where(which, p_mw, state.generator_p_setpoint_mw))


def _held(state: GridState, holders: Holders, holder: int) -> GridState:
    """The holder's infeed on."""
    on = state.infeed_on.copy()
    on[holders.infeed_of(holder)] = True
    return state.with_arrays(infeed_on=on)


def _lost(state: GridState, buses: BoolArray, at_s: float) -> tuple[GridState, list[Balanced]]:
    """Nothing holds it: dark. What it drew and injected is gone."""
    loads, machines = buses[state.model.loads.bus], buses[state.model.generators.bus]
    drawn = float(state.load_drawn_mw[loads].sum())
    gone = float(np.maximum(state.generator_injected_mw[machines], 0.0).sum())  # what charged brought nothing
    after = state.with_arrays(load_on=state.load_on & ~loads, generator_on=state.generator_on & ~machines)
    return (after, [Balanced("island lost", _name(state, buses), drawn, gone, at_s)]) if drawn or gone else (after, [])


def _name(state: GridState, buses: BoolArray) -> str:
    """The first bus of an island that carries load, else its first."""
    carrying = state.model.loads.bus[buses[state.model.loads.bus]]
    return state.model.buses.name[int(carrying[0]) if len(carrying) else int(np.flatnonzero(buses)[0])]
