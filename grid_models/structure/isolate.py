"""What must be opened to isolate an element, and what loses supply with it? The openings are tried on a copy of the state."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from grid_models.steady.supply import lost_supply
from grid_models.structure.graph import graph_of
from grid_models.structure.places import Place
from grid_models.structure.zones import Zone, zone_of
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_OWN_STATUS = {ElementKind.LOAD: "load_on", ElementKind.GENERATOR: "generator_on", ElementKind.INFEED: "infeed_on"}


@dataclass(frozen=True)
class Opening:
    """One switch, branch or injection. closed: its present position; stays_open: False if it may close again behind open disconnectors."""

    order: int
    element: str
    kind: str
    at: str
    closed: bool
    to_open: bool
    stays_open: bool


@dataclass(frozen=True)
class IsolationFound:
    """isolated: checked on `after`, the state with every opening made. lost_*: supplied before and not after, the element included.

    lost_buses: other busbars that lose voltage. radial: something beyond the element hangs on it alone.
    """

    openings: tuple[Opening, ...]
    after: GridState
    isolated: bool
    lost_load_mw: float
    lost_generation_mw: float
    lost_elements: tuple[str, ...]
    lost_buses: tuple[str, ...]
    radial: bool


def isolation_of(state: GridState, place: Place) -> IsolationFound:
    """How to isolate a branch, busbar, substation, load, generator, infeed or shunt. Raises InvalidAction for a switch."""
    zone = zone_of(state, place)
    after = _opened(state, place, zone)
    core = {int(n) for n in topology_of(after).node_of_bus[list(zone.own)]}
    openings = [*_own_device(state, place, zone), *_sources(state, after, zone, core), *_breakers(state, after, zone, core)]
    openings += [_switch(state, i, stays_open=True) for i in zone.disconnectors]
    to_open = [replace(o, order=i) for i, o in enumerate((o for o in openings if o.to_open), start=1)]
    lost = lost_supply(state, after)
    own_names = {state.model.buses.name[b] for b in zone.buses}
    lost_buses = tuple(b for b in lost.dead_buses if b not in own_names)
    return IsolationFound(
        openings=(*to_open, *(o for o in openings if not o.to_open), *(_switch(state, i, stays_open=True) for i in zone.open_switches)),
        after=after,
        isolated=_is_isolated(after, place, zone),
        lost_load_mw=lost.load_mw,
        lost_generation_mw=lost.generation_mw,
        lost_elements=_lost_elements(state, after),
        lost_buses=lost_buses,
        radial=bool(lost_buses),
    )


def _opened(state: GridState, place: Place, zone: Zone) -> GridState:
    """The state with every opening made."""
    changed = {name: getattr(state, name).copy() for name in ("switch_closed", "branch_on", "load_on", "generator_on", "infeed_on")}
    changed["switch_closed"][[*zone.breakers, *zone.disconnectors]] = False
    changed["branch_on"][list(zone.direct)] = False
    changed["infeed_on"][list(zone.infeeds)] = False
    changed["generator_on"][list(zone.generators)] = False
    steps = state.shunt_step.copy()
    if place.element is not None and _by_its_own_breaker(zone):
        if place.element.kind is ElementKind.SHUNT:
            steps[place.element.index] = 0
        else:
            changed[_OWN_STATUS[place.element.kind]][place.element.index] = False
    return state.with_arrays(shunt_step=steps, **changed)


def _by_its_own_breaker(zone: Zone) -> bool:
    """A load, generator, infeed or shunt straight on a busbar: its own breaker is not drawn in the source, its status stands for it."""
    return not zone.own and not zone.branches


def _own_device(state: GridState, place: Place, zone: Zone) -> list[Opening]:
    if place.element is None or not _by_its_own_breaker(zone):
        return []
    kind, index = place.element.kind, place.element.index
    on = bool(state.shunt_step[index] > 0) if kind is ElementKind.SHUNT else bool(getattr(state, _OWN_STATUS[kind])[index])
    return [Opening(0, place.name, kind.value, state.model.buses.name[place.buses[0]], on, to_open=on, stays_open=True)]


def _sources(state: GridState, after: GridState, zone: Zone, core: set[int]) -> list[Opening]:
    """Infeeds and generators inside the zone: they could keep it alive."""
    model, node = state.model, topology_of(after).node_of_bus
    tables = (
        (ElementKind.INFEED, model.infeeds.name, model.infeeds.bus, zone.infeeds),
        (ElementKind.GENERATOR, model.generators.name, model.generators.bus, zone.generators),
    )
    return [
        Opening(0, names[i], kind.value, model.buses.name[buses[i]], True, to_open=True, stays_open=int(node[buses[i]]) in core)
        for kind, names, buses, rows in tables
        for i in rows
    ]


def _breakers(state: GridState, after: GridState, zone: Zone, core: set[int]) -> list[Opening]:
    """Breakers around the zone, and branches without one."""
    model, graph, node = state.model, graph_of(state), topology_of(after).node_of_bus
    switches = model.switches

    def at_core(buses: Iterable[int]) -> bool:
        return any(int(node[b]) in core for b in buses if b >= 0)

    found = [
        _switch(state, i, stays_open=switches.branch[i] in zone.branches or at_core((switches.bus[i], switches.other_bus[i])))
        for i in zone.breakers
    ]
    by_name: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for row, buses in zone.direct.items():
        # of a three-winding transformer at a bus only the winding there is opened, and called so
        name = graph.branch_name(row) if row in zone.branches else model.branches.name[row]
        by_name.setdefault(name, []).append((row, buses))
    for name, ends in by_name.items():
        buses = tuple(dict.fromkeys(b for _, reached in ends for b in reached))
        on, row = any(bool(state.branch_on[r]) for r, _ in ends), ends[0][0]
        at = " and ".join(model.buses.name[b] for b in buses)
        found.append(Opening(0, name, graph.branch_kind(row).value, at, on, to_open=on, stays_open=row in zone.branches or at_core(buses)))
    return found


def _switch(state: GridState, i: int, *, stays_open: bool) -> Opening:
    switches, name = state.model.switches, state.model.buses.name
    other = switches.other_bus[i]
    at = f"{name[switches.bus[i]]} and {name[other]}" if other >= 0 else name[switches.bus[i]]
    kind = "breaker" if switches.can_break_load[i] else "disconnector"
    closed = bool(state.switch_closed[i])
    return Opening(0, switches.name[i], kind, at, closed, to_open=closed, stays_open=stays_open)


def _is_isolated(after: GridState, place: Place, zone: Zone) -> bool:
    """Nothing in service reaches the element's own buses or branches any more."""
    topology, element = topology_of(after), place.element
    if element is not None and _by_its_own_breaker(zone):
        status = after.shunt_step if element.kind is ElementKind.SHUNT else getattr(after, _OWN_STATUS[element.kind])
        return not status[element.index]
    island = topology.island_of_node[topology.node_of_bus]
    joined = np.flatnonzero(np.isin(island, island[list(zone.own)]))
    dead = not topology.bus_live[list(zone.own)].any() and not topology.branch_live[list(zone.branches)].any()
    return bool(dead and set(joined.tolist()) <= zone.buses)


def _lost_elements(before: GridState, after: GridState) -> tuple[str, ...]:
    """Loads, then generators, that are on and supplied before and not after."""
    model = before.model
    tables = (
        (model.loads.name, model.loads.bus, before.load_on, after.load_on),
        (model.generators.name, model.generators.bus, before.generator_on, after.generator_on),
    )
    was, now = topology_of(before).bus_live, topology_of(after).bus_live
    return tuple(names[i] for names, bus, on, still_on in tables for i in np.flatnonzero(on & was[bus] & ~(still_on & now[bus])))
