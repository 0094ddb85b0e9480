"""Where does a grid give way on the way to its largest solvable share?"""

import numpy as np

from grid_models.steady.boundary import infeeds_in_service
from grid_models.steady.solution import Solution, node_injection_mva
from grid_models.steady.solvable_share import Share
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_NAMED = 5  # buses listed
_NO_FALL_PU = 1e-6


def worst_mismatch(state: GridState, last: Solution) -> tuple[str | None, float | None]:
    """Bus and MVA of the largest injection that the last solution does not meet. Held voltages take any Mvar, infeeds any power."""
    topology = last.topology
    missing = node_injection_mva(state, topology) - node_injection_mva(last.state, topology)
    machines = state.model.generators
    missing = _without_reactive(missing, topology.node_of_bus[machines.bus[machines.holds_voltage & state.generator_on]])
    missing[topology.node_of_bus[state.model.infeeds.bus[infeeds_in_service(state)]]] = 0.0
    size = np.where(topology.node_live, np.abs(missing), 0.0)
    worst = int(np.argmax(size))
    if size[worst] <= 0.0:
        return None, None
    return state.model.buses.name[_first_bus(state)[worst]], float(size[worst])


def _without_reactive(power: ComplexArray, nodes: IntArray) -> ComplexArray:
    active = power.copy()
    active[nodes] = active[nodes].real
    return active


def stressed_buses(share: Share) -> IntArray:
    """Rows of buses, one a node: where the voltage falls most from the smaller share to the last, else where it is lowest."""
    last = share.solution
    first = _first_bus(last.state)
    rows = first[(first >= 0) & last.topology.node_live[: len(first)]]
    order: FloatArray = np.nan_to_num(last.vm_pu[rows], nan=np.inf)
    if share.smaller is not None:
        fall = last.vm_pu[rows] - share.smaller.vm_pu[rows]
        order = np.where(fall < -_NO_FALL_PU, fall, order)  # any fall is negative and goes before every voltage
    return rows[np.argsort(order, kind="stable")[:_NAMED]]


def _first_bus(state: GridState) -> IntArray:
    """Row of the first bus of each node, a busbar where it has one; -1 for a node without a bus."""
    node = topology_of(state).node_of_bus
    first = np.full(int(node.max(initial=-1)) + 1, -1, dtype=np.int64)
    busbar: BoolArray = state.model.buses.is_busbar
    for chosen in (~busbar, busbar):
        rows = np.flatnonzero(chosen)[::-1]  # backwards, so that the first one stays
        first[node[rows]] = rows
    return first


def area_of(state: GridState, stressed: IntArray) -> str | None:
    """The area of the most stressed bus where there are several, else its substation."""
    if not len(stressed):
        return None
    buses, worst = state.model.buses, int(stressed[0])
    if len(set(buses.area)) > 1 and buses.area[worst]:
        return f"area {buses.area[worst]}"
    return buses.substation[worst] or None
