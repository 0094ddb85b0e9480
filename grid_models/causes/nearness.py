"""Which departures stand electrically nearest to a branch? By reactance along the shortest path in the normal switching."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from grid_models.causes.departures import Departure
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_SMALLEST_X_PU = 1e-9  # a sparse graph takes a zero for no edge


def nearest_first(state: GridState, branch: int, found: tuple[Departure, ...]) -> tuple[Departure, ...]:
    """Sorted by distance, ties in the order given; what has no path to the branch comes last."""
    registry = state.model.registry
    distance = _distance_pu(state, branch)
    return tuple(sorted(found, key=lambda d: min(distance[bus] for bus in registry.bus_of(d.element))))


def _distance_pu(state: GridState, branch: int) -> FloatArray:
    """(buses,) sum of reactances [pu] to the nearer end of the branch. Open branches count as well: their place is what matters."""
    model, normal = state.model, topology_of(GridState.at_start(state.model))
    b, node = model.branches, normal.node_of_bus
    at = state.tap_entry
    f, t = node[b.from_bus], node[b.to_bus]
    size = int(node.max()) + 1
    order = np.argsort(-np.abs(b.x_pu[at]), kind="stable")  # of parallel branches the last written, the nearest, counts
    graph = csr_array((size, size)).tolil()
    graph[f[order], t[order]] = np.maximum(np.abs(b.x_pu[at][order]), _SMALLEST_X_PU)
    reached = dijkstra(graph.tocsr(), directed=False, indices=[f[branch], t[branch]])
    return np.asarray(reached.min(axis=0)[node])
