"""Which place of the grid does a name mean: an element, or a substation with all its buses?"""

from dataclasses import dataclass

from grid_models.errors import AmbiguousElement
from grid_models.structure.graph import GridGraph
from grid_models.twin.model import GridModel
from grid_models.twin.places import PlaceKind, places_meant
from grid_models.twin.registry import BRANCH_KINDS, Element


@dataclass(frozen=True)
class Place:
    """`buses` are rows of the bus table; `element` is None for a substation."""

    name: str
    buses: tuple[int, ...]
    element: Element | None = None


def place_of(model: GridModel, name: str) -> Place:
    """An element by its name or alias, else a substation ('substation 3' too). Raises UnknownElement or AmbiguousElement."""
    registry = model.registry
    if not registry.exact(name):
        meant = [p for p in places_meant(registry, name) if p.kind is PlaceKind.SUBSTATION]
        if len(meant) > 1:
            raise AmbiguousElement(name, [p.name for p in meant])
        if meant:
            return Place(meant[0].name, tuple(sorted(registry.places[meant[0]])))
    element = registry.find(name)
    return Place(element.name, registry.bus_of(element), element)


def names_of(graph: GridGraph, place: Place) -> dict[int, str]:
    """The fused nodes of a place now, each called by the place's own bus there rather than by the node's first.

    A branch's are those of the busbars at its ends, even when it is switched off.
    """
    buses = place.buses
    if place.element is not None and place.element.kind in BRANCH_KINDS:
        buses = tuple(graph.home_bus(b) for b in buses)
    found: dict[int, str] = {}
    for bus in buses:
        found.setdefault(int(graph.topology.node_of_bus[bus]), graph.model.buses.name[bus])
    return found
