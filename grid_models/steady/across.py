"""What stands across the gap that a switching would close: difference of voltage and angle between its two energised sides.

The voltage behind a branch that is not yet connected at its far end is that of the energised branch with its end open (pi model without
load, so tap and phase shift of a transformer count); that energising it moves the voltages is neglected.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grid_models.steady.solution import Solution, branch_admittances
from grid_models.twin.model import BoolArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

_NO_ISLAND = -1  # of an infeed that is not yet connected: in no part of the grid


@dataclass(frozen=True)
class Gap:
    """Two energised sides by name.  difference_pu: of their magnitudes.  angle_degree: between them, 0 to 180.

    synchronous: both hang on one energised part; otherwise the angle is between two supplies that need have nothing in common.
    """

    sides: tuple[str, str]
    difference_pu: float
    angle_degree: float
    synchronous: bool


@dataclass(frozen=True)
class _Side:
    name: str
    voltage_pu: complex
    island: int


def gaps_closed(before: Solution, after: GridState) -> tuple[Gap, ...]:
    """Every gap between two energised sides that leads from the solved grid to `after`; empty where a dead part is energised."""
    pairs = (*_at_nodes(before, after), *_across_branches(before, after), *_at_infeeds(before, after))
    return tuple(_gap(one, other) for one, other in pairs)


def _at_nodes(before: Solution, after: GridState) -> Iterator[tuple[_Side, _Side]]:
    """Nodes with voltage that become one node, as a breaker between two busbars makes them."""
    old, new = before.topology.node_of_bus, topology_of(after).node_of_bus
    live = np.flatnonzero(before.topology.bus_live)
    first_of_old = live[np.unique(old[live], return_index=True)[1]]  # one bus of each node that had voltage
    order = first_of_old[np.argsort(new[first_of_old], kind="stable")]
    yield from ((_side(before, a), _side(before, b)) for a, b in pairwise(order.tolist()) if new[a] == new[b])


def _across_branches(before: Solution, after: GridState) -> Iterator[tuple[_Side, _Side]]:
    """Branches that get connected at both ends; the legs of a three-winding transformer meet in its star."""
    topology = topology_of(after)
    joined = _connected(after, topology) & ~_connected(before.state, before.topology)
    _, _, ytf, ytt = branch_admittances(after)
    stars: dict[int, list[_Side]] = {}
    for row in np.flatnonzero(joined).tolist():
        near = _energised(before, topology, int(after.model.branches.from_bus[row]))
        far = _energised(before, topology, int(after.model.branches.to_bus[row]))
        if near is None:
            continue
        behind = _Side(near.name, complex(-ytf[row] / ytt[row]) * near.voltage_pu, near.island)
        if far is not None:
            yield behind, far
        elif after.model.buses.is_star[end := int(after.model.branches.to_bus[row])]:
            stars.setdefault(end, []).append(behind)
    for legs in stars.values():
        yield from pairwise(legs)


def _at_infeeds(before: Solution, after: GridState) -> Iterator[tuple[_Side, _Side]]:
    """Infeeds that are put on a bus with voltage: a neighbouring network of its own, in no part of this grid."""
    infeeds = after.model.infeeds
    for row in np.flatnonzero(after.infeed_on & ~before.state.infeed_on & before.topology.bus_live[infeeds.bus]).tolist():
        own = after.infeed_vm_pu[row] * np.exp(1j * np.deg2rad(infeeds.angle_degree[row]))
        yield _Side(infeeds.name[row], complex(own), _NO_ISLAND), _side(before, int(infeeds.bus[row]))


def _connected(state: GridState, topology: Topology) -> BoolArray:
    """(branches,) with voltage and with both ends on the nodes of their buses: an end with an open switch hangs on a node of its own."""
    branches, node = state.model.branches, topology.node_of_bus
    at_both = (topology.from_node == node[branches.from_bus]) & (topology.to_node == node[branches.to_bus])
    return np.asarray(topology.branch_live & at_both)


def _energised(before: Solution, after: Topology, bus: int) -> _Side | None:
    """Voltage that the node of a bus brings along: of any of its buses that had one."""
    same = np.flatnonzero((after.node_of_bus == after.node_of_bus[bus]) & before.topology.bus_live)
    return _side(before, int(same[0])) if len(same) else None


def _side(solution: Solution, bus: int) -> _Side:
    voltage = solution.vm_pu[bus] * np.exp(1j * np.deg2rad(solution.va_degree[bus]))
    topology = solution.topology
    return _Side(solution.model.buses.name[bus], complex(voltage), int(topology.island_of_node[topology.node_of_bus[bus]]))


def _gap(one: _Side, other: _Side) -> Gap:
    angle = abs(float(np.degrees(np.angle(one.voltage_pu / other.voltage_pu))))
    return Gap((one.name, other.name), abs(abs(one.voltage_pu) - abs(other.voltage_pu)), angle, one.island == other.island)
