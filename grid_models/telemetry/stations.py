"""Which station reports for a bus: one RTU per substation, or per bus where the source names none."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_models.twin.model import GridModel, IntArray, Names


def stations_of(model: GridModel) -> tuple[Names, IntArray]:
    """Names of the stations and (buses,) the number of each bus's.

    A line's terminal without a substation of its own belongs to the busbars that its switches can join it to.
    """
    yard = _yard_of_bus(model)
    name_of_yard = _yard_names(model, yard)
    name_of_bus = [own or name_of_yard[int(y)] for own, y in zip(model.buses.substation, yard, strict=True)]
    number = {name: i for i, name in enumerate(dict.fromkeys(name_of_bus))}
    return tuple(number), np.array([number[name] for name in name_of_bus], dtype=np.int64)


def _yard_of_bus(model: GridModel) -> IntArray:
    """(buses,) Number of the switchyard: buses that switches join, whatever their position."""
    switches = model.switches
    couples = switches.other_bus >= 0
    ends, others, count = switches.bus[couples], switches.other_bus[couples], len(model.buses)
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends, others)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _yard_names(model: GridModel, yard: IntArray) -> dict[int, str]:
    """A yard is called by its substation, else by its first busbar, else by its first bus."""
    buses = model.buses
    names: dict[int, tuple[int, str]] = {}
    for row in range(len(buses)):
        rank = 0 if buses.substation[row] else 1 if buses.is_busbar[row] else 2
        known = names.get(int(yard[row]))
        if known is None or rank < known[0]:
            names[int(yard[row])] = (rank, buses.substation[row] or buses.name[row])
    return {number: name for number, (_, name) in names.items()}
