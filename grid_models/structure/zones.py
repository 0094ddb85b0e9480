"""Which switches stand around an element: the smallest part of the grid that breakers can cut out with it inside?

The zone grows from the element's own buses through closed disconnectors, which must not break load, up to closed breakers. A branch
that reaches into the zone without a switch of its own is opened itself, as the action `open` does.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.errors import InvalidAction
from grid_models.structure.places import Place
from grid_models.twin.model import GridModel
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_AT_A_BUS = (ElementKind.LOAD, ElementKind.GENERATOR, ElementKind.INFEED, ElementKind.SHUNT)


@dataclass(frozen=True)
class Zone:
    """Rows of the model's tables.

    own: the element's own buses (a branch's terminals, a busbar; none for what is switched off by its own breaker).
    branches: the element's own rows in the branch table.  buses: own and all that closed disconnectors join to them.
    breakers, disconnectors, open_switches: switches around it, closed ones to open first, then, and those that are open already.
    direct: {row of a branch without a switch at the zone: the buses where it reaches in}.
    infeeds, generators: in service inside the zone.
    """

    own: frozenset[int]
    branches: tuple[int, ...]
    buses: frozenset[int]
    breakers: tuple[int, ...]
    disconnectors: tuple[int, ...]
    open_switches: tuple[int, ...]
    direct: dict[int, tuple[int, ...]]
    infeeds: tuple[int, ...]
    generators: tuple[int, ...]


def zone_of(state: GridState, place: Place) -> Zone:
    """The zone around a branch, a busbar, a substation, or a load, generator, infeed or shunt. Raises InvalidAction for a switch."""
    if place.element is not None and place.element.kind is ElementKind.SWITCH:
        raise InvalidAction(f"'{place.name}' is a switch; a branch, busbar, load, generator, infeed or shunt can be isolated.")
    branches = _branches(state.model, place)
    own, direct, breakers = _starts(state, place, branches)
    buses = _through_disconnectors(state, own)
    breakers |= _breakers_around(state, buses)
    for row, bus in _reaching_in(state.model, buses, branches):
        ends = _end_switches(state.model, row, bus)
        if any(state.model.switches.can_break_load[ends]):
            breakers |= {i for i in ends if state.switch_closed[i]}
        else:
            direct[row] = (*direct.get(row, ()), bus)
    disconnectors = _disconnectors(state, own, breakers)
    return Zone(
        own=own,
        branches=branches,
        buses=buses,
        breakers=tuple(sorted(breakers)),
        disconnectors=tuple(sorted(disconnectors)),
        open_switches=_open_around(state, own, branches),
        direct=direct,
        infeeds=_on_at(state.model.infeeds.bus, state.infeed_on, buses),
        generators=_on_at(state.model.generators.bus, state.generator_on, buses),
    )


def _branches(model: GridModel, place: Place) -> tuple[int, ...]:
    if place.element is None:
        return ()
    if place.element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
        return (place.element.index,)
    if place.element.kind is ElementKind.THREE_WINDING:
        return tuple(model.three_winding.legs[place.element.index].tolist())
    return ()


def _starts(state: GridState, place: Place, branches: tuple[int, ...]) -> tuple[frozenset[int], dict[int, tuple[int, ...]], set[int]]:
    """The element's own buses, the ends at which its branch has no switch, and the breakers that sit at its branch's ends."""
    if not branches:
        hangs = place.element is not None and place.element.kind in _AT_A_BUS and not _has_own_bay(state.model, place.buses[0])
        return frozenset(() if hangs else place.buses), {}, set()
    model = state.model
    own: set[int] = set()
    direct: dict[int, tuple[int, ...]] = {}
    breakers: set[int] = set()
    for row in branches:
        for bus in (int(model.branches.from_bus[row]), int(model.branches.to_bus[row])):
            ends = _end_switches(model, row, bus)
            if any(model.switches.can_break_load[ends]):
                breakers |= {i for i in ends if state.switch_closed[i]}
            elif model.buses.is_star[bus] or (not model.buses.is_busbar[bus] and len(_bay_switches(model, bus))):
                own.add(bus)
            else:
                direct[row] = (*direct.get(row, ()), bus)
    return frozenset(own), direct, breakers


def _has_own_bay(model: GridModel, bus: int) -> bool:
    """A terminal with switches where nothing else stands: what hangs there has breakers of its own."""
    tables = (model.loads.bus, model.generators.bus, model.infeeds.bus, model.shunts.bus, model.branches.from_bus, model.branches.to_bus)
    alone = sum(int(np.sum(column == bus)) for column in tables) == 1
    return alone and not model.buses.is_busbar[bus] and len(_bay_switches(model, bus)) > 0


def _bay_switches(model: GridModel, bus: int) -> list[int]:
    """Bus-bus switches at a bus."""
    switches = model.switches
    return np.flatnonzero((switches.other_bus >= 0) & ((switches.bus == bus) | (switches.other_bus == bus))).tolist()


def _end_switches(model: GridModel, row: int, bus: int) -> list[int]:
    """Switches between a bus and the end of a branch there."""
    return np.flatnonzero((model.switches.branch == row) & (model.switches.bus == bus)).tolist()


def _through_disconnectors(state: GridState, own: frozenset[int]) -> frozenset[int]:
    switches, found, fresh = state.model.switches, set(own), list(own)
    while fresh:
        for i in _bay_switches(state.model, fresh.pop()):
            if state.switch_closed[i] and not switches.can_break_load[i]:
                new = {int(switches.bus[i]), int(switches.other_bus[i])} - found
                found |= new
                fresh += new
    return frozenset(found)


def _breakers_around(state: GridState, buses: frozenset[int]) -> set[int]:
    """Closed breakers with exactly one end in the zone."""
    switches = state.model.switches
    inside = np.isin(switches.bus, list(buses)).astype(int) + np.isin(switches.other_bus, list(buses))
    chosen = state.switch_closed & switches.can_break_load & (switches.other_bus >= 0) & (inside == 1)
    return set(np.flatnonzero(chosen).tolist())


def _reaching_in(model: GridModel, buses: frozenset[int], own_branches: tuple[int, ...]) -> list[tuple[int, int]]:
    """Other branches with one end in the zone, and that end."""
    ends = np.stack([model.branches.from_bus, model.branches.to_bus], axis=1)
    inside = np.isin(ends, list(buses))
    rows = np.flatnonzero(inside.sum(axis=1) == 1)
    return [(int(row), int(ends[row][inside[row]][0])) for row in rows if row not in own_branches]


def _disconnectors(state: GridState, own: frozenset[int], breakers: set[int]) -> set[int]:
    """Closed disconnectors at the element's own buses, or next behind a breaker that stands there."""
    switches, places = state.model.switches, set(own)
    for i in breakers:
        ends = {int(switches.bus[i]), int(switches.other_bus[i])} - {-1}
        if ends & own:
            places |= {bus for bus in ends if not state.model.buses.is_busbar[bus]}
    found = {i for bus in places for i in _bay_switches(state.model, bus) if state.switch_closed[i] and not switches.can_break_load[i]}
    return {i for i in found if not {int(switches.bus[i]), int(switches.other_bus[i])} <= own}


def _open_around(state: GridState, own: frozenset[int], branches: tuple[int, ...]) -> tuple[int, ...]:
    switches = state.model.switches
    at_own = np.isin(switches.bus, list(own)) | np.isin(switches.other_bus, list(own)) | np.isin(switches.branch, branches)
    return tuple(np.flatnonzero(at_own & ~state.switch_closed).tolist())


def _on_at(bus: np.ndarray, on: np.ndarray, buses: frozenset[int]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(np.isin(bus, list(buses)) & on).tolist())
