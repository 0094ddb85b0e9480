"""What fails together? One element, a busbar with everything on it, a double circuit, a pair, or the caller's own group."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

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


def outage_of(element: Element) -> Outage:
    """The outage of one element. Raises KeyError for a kind that cannot fail on its own (load, shunt, switch)."""
    return Outage(_KIND_OF[element.kind], (element,))


def single_outages(state: GridState) -> tuple[Outage, ...]:
    """Every line, transformer (three-winding ones as a whole) and infeed that carries now."""
    model, carrying = state.model, topology_of(state).branch_live
    legs = set(model.three_winding.legs.ravel().tolist())

    def in_service(element: Element) -> bool:
        if element.kind is ElementKind.INFEED:
            return bool(state.infeed_on[element.index])
        if element.kind is ElementKind.THREE_WINDING:
            return bool(carrying[model.three_winding.legs[element.index]].any())
        return bool(carrying[element.index]) and element.index not in legs

    kinds = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING, ElementKind.INFEED)
    return tuple(outage_of(e) for e in model.registry.of_kind(*kinds) if in_service(e))


def branches_out(state: GridState, outage: Outage) -> tuple[int, ...]:
    """Rows of the branch table that are out of service with the outage (lines, transformers, legs)."""
    rows: list[int] = []
    for element in outage.elements:
        if element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
            rows.append(element.index)
        elif element.kind is ElementKind.THREE_WINDING:
            rows += state.model.three_winding.legs[element.index].tolist()
        elif element.kind is ElementKind.BUS:
            branches = state.model.branches
            rows += np.flatnonzero((branches.from_bus == element.index) | (branches.to_bus == element.index)).tolist()
    return tuple(dict.fromkeys(rows))


def state_after(state: GridState, outage: Outage) -> GridState:
    """The state with the elements out of service. Injections elsewhere are unchanged: the infeeds take the difference.

    A busbar goes with every branch, switch and infeed on it; what hangs on it alone loses supply.
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
