"""Which place of the grid does a name mean: an element, or a substation with all its buses?"""

from dataclasses import dataclass

from grid_models.structure.graph import GridGraph
from grid_models.twin.model import GridModel
from grid_models.twin.registry import BRANCH_KINDS, Element, normalised


@dataclass(frozen=True)
class Place:
    """`buses` are rows of the bus table; `element` is None for a substation."""

    name: str
    buses: tuple[int, ...]
    element: Element | None = None


def place_of(model: GridModel, name: str) -> Place:
    """An element by its name or alias, else a substation by its name. Raises UnknownElement or AmbiguousElement."""
    if not model.registry.exact(name):
        wanted = normalised(name)
        rows = [i for i, s in enumerate(model.buses.substation) if s and normalised(s) == wanted]
        if rows:
            return Place(model.buses.substation[rows[0]], tuple(rows))
    element = model.registry.find(name)
    return Place(element.name, model.registry.bus_of(element), element)


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
