"""What fails together? One element, a busbar with everything on it, a double circuit, a pair, or the caller's own group."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from grid_models.twin.model import BoolArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of


class OutageKind(StrEnum):
    """The values of single elements equal those of `ElementKind`."""

    LINE = "line"
    TRANSFORMER = "transformer"
    THREE_WINDING = "three-winding transformer"
    INFEED = "infeed"
    GENERATOR = "generator"
    BUSBAR = "busbar"
    DOUBLE_CIRCUIT = "double circuit"
    GROUP = "group"


@dataclass(frozen=True)
class Outage:
    """Elements that fail at the same moment; `name` is how it is listed: the element's own, or the names joined by ' + '."""

    kind: OutageKind
    elements: tuple[Element, ...]

    @property
    def name(self) -> str:
        return " + ".join(e.name for e in self.elements)


_KIND_OF = {
    ElementKind.LINE: OutageKind.LINE,
    ElementKind.TRANSFORMER: OutageKind.TRANSFORMER,
    ElementKind.THREE_WINDING: OutageKind.THREE_WINDING,
    ElementKind.INFEED: OutageKind.INFEED,
    ElementKind.GENERATOR: OutageKind.GENERATOR,
    ElementKind.BUS: OutageKind.BUSBAR,
}
_BRANCH = (ElementKind.LINE, ElementKind.TRANSFORMER)
_SINGLE = (OutageKind.LINE, OutageKind.TRANSFORMER, OutageKind.THREE_WINDING, OutageKind.INFEED)


def outage_of(element: Element) -> Outage:
    """The outage of one element. Raises KeyError for a kind that cannot fail on its own (load, shunt, switch)."""
    return Outage(_KIND_OF[element.kind], (element,))


def single_outages(state: GridState) -> tuple[Outage, ...]:
    """Every line, transformer (three-winding ones as a whole) and infeed that carries now."""
    return outages_of_kinds(state, _SINGLE)


def outages_of_kinds(state: GridState, kinds: Collection[OutageKind]) -> tuple[Outage, ...]:
    """Every outage of these kinds that would change something now: kinds in the order of `OutageKind`, elements in that of the grid.

    A generator counts where it injects or holds a voltage, a busbar where it is energised, a double circuit is any two live branches
    between the same two nodes (three parallel circuits are three pairs). `GROUP` is the caller's own and lists nothing.
    """
    found: list[Outage] = []
    for kind in OutageKind:
        if kind in kinds and kind in _AFFECTED:
            rows = set(np.flatnonzero(_AFFECTED[kind](state)).tolist())
            element_kind = ElementKind.BUS if kind is OutageKind.BUSBAR else ElementKind(kind.value)
            found += [Outage(kind, (e,)) for e in state.model.registry.of_kind(element_kind) if e.index in rows]
        elif kind in kinds and kind is OutageKind.DOUBLE_CIRCUIT:
            found += _double_circuits(state)
    return tuple(found)


def _branches_affected(state: GridState) -> BoolArray:
    """A leg fails with its transformer, and what lies inside an equivalent is nothing that could fail."""
    star, branches = state.model.buses.is_star, state.model.branches
    return np.asarray(topology_of(state).branch_live & ~star[branches.from_bus] & ~star[branches.to_bus])


def _generators_affected(state: GridState) -> BoolArray:
    machines = state.model.generators
    does = (state.generator_injected_mw != 0) | (state.generator_injected_mvar != 0) | machines.holds_voltage
    return np.asarray(state.generator_on & does & topology_of(state).bus_live[machines.bus])


_AFFECTED: dict[OutageKind, Callable[[GridState], BoolArray]] = {
    OutageKind.LINE: _branches_affected,
    OutageKind.TRANSFORMER: _branches_affected,
    OutageKind.THREE_WINDING: lambda state: np.asarray(topology_of(state).branch_live[state.model.three_winding.legs].any(axis=1)),
    OutageKind.INFEED: lambda state: state.infeed_on,
    OutageKind.GENERATOR: _generators_affected,
    OutageKind.BUSBAR: lambda state: state.model.buses.is_busbar & ~state.model.buses.is_star & topology_of(state).bus_live,
}


def _double_circuits(state: GridState) -> list[Outage]:
    """Pairs of live branches between the same two fused nodes, in the order of the branch table."""
    topology, live = topology_of(state), _branches_affected(state)
    parallel: dict[tuple[int, int], list[Element]] = {}
    for element in state.model.registry.of_kind(*_BRANCH):
        if live[element.index]:
            one, other = int(topology.from_node[element.index]), int(topology.to_node[element.index])
            parallel.setdefault((min(one, other), max(one, other)), []).append(element)
    pairs = [pair for circuits in parallel.values() for pair in combinations(circuits, 2)]
    return [Outage(OutageKind.DOUBLE_CIRCUIT, pair) for pair in sorted(pairs, key=lambda pair: (pair[0].index, pair[1].index))]


def branches_out(state: GridState, outage: Outage) -> tuple[int, ...]:
    """Rows of the branch table that are out of service with the outage (lines, transformers, legs)."""
    rows: list[int] = []
    for element in outage.elements:
        if element.kind in _BRANCH:
            rows.append(element.index)
        elif element.kind is ElementKind.THREE_WINDING:
            rows += state.model.three_winding.legs[element.index].tolist()
        elif element.kind is ElementKind.BUS:
            branches = state.model.branches
            rows += np.flatnonzero((branches.from_bus == element.index) | (branches.to_bus == element.index)).tolist()
    return tuple(dict.fromkeys(rows))


def ends_supply(state: GridState, outages: Sequence[Outage]) -> BoolArray:
    """(outages,) whether no infeed is left: a total loss of supply, by any method."""
    fed, bus = set(np.flatnonzero(state.infeed_on).tolist()), state.model.infeeds.bus
    ends = np.zeros(len(outages), dtype=bool)
    for i, outage in enumerate(outages):
        sources = [e for e in outage.elements if e.kind is ElementKind.INFEED or e.kind is ElementKind.BUS]
        if sources:
            lost = {e.index for e in sources if e.kind is ElementKind.INFEED}
            ends[i] = fed <= lost.union(np.flatnonzero(np.isin(bus, [e.index for e in sources if e.kind is ElementKind.BUS])).tolist())
    return ends


def state_after(state: GridState, outage: Outage) -> GridState:
    """The state with the elements out of service. Injections elsewhere are unchanged: the infeeds take the difference.

    A busbar goes with every branch, switch and infeed on it; what hangs on it alone loses supply, a section behind a coupler does not.
    """
    changed = {name: getattr(state, name).copy() for name in ("branch_on", "infeed_on", "generator_on", "switch_closed")}
    changed["branch_on"][np.array(branches_out(state, outage), dtype=np.int64)] = False
    switches = state.model.switches
    for element in outage.elements:
        if element.kind is ElementKind.INFEED:
            changed["infeed_on"][element.index] = False
        elif element.kind is ElementKind.GENERATOR:
            changed["generator_on"][element.index] = False
        elif element.kind is ElementKind.BUS:
            changed["infeed_on"][state.model.infeeds.bus == element.index] = False
            changed["switch_closed"][(switches.bus == element.index) | (switches.other_bus == element.index)] = False
    return state.with_arrays(**changed)
