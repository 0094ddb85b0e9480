"""Which reported position would explain the meters, were it the other way round? Candidates near residuals and contradictions."""

from dataclasses import dataclass

import numpy as np

from grid_models.estimation.network import Network
from grid_models.estimation.result import Estimate
from grid_models.telemetry.measurement_set import MeasurementSet, element_name
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.apply import breakers_of
from grid_models.twin.model import GridModel, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

_WORST_ROWS = 12  # rows whose surroundings are searched
_MOST = 24  # candidates: each costs one estimation
_ELEMENT_STATUS = {
    Quantity.P_LOAD: Quantity.LOAD_ON,
    Quantity.P_GENERATOR: Quantity.GENERATOR_ON,
    Quantity.P_INFEED: Quantity.INFEED_ON,
}


@dataclass(frozen=True)
class Position:
    """One reported position and what it would be instead."""

    quantity: Quantity
    element: int
    closed: bool

    def name(self, model: GridModel) -> str:
        return element_name(model, self.quantity, self.element)


Flip = tuple[Position, ...]  # positions that would be wrong together


def flipped(state: GridState, flip: Flip) -> GridState:
    """The state with these positions the other way round."""
    for position in flip:
        array = SPECS[position.quantity].array
        changed = getattr(state, array).copy()
        changed[position.element] = position.closed
        state = state.with_arrays(plant_time=None, **{array: changed})
    return state


def same_network(state: GridState, flip: Flip) -> list[Flip]:
    """Other single switches at the same buses whose flip gives the same network: no measurement can tell which one is wrong."""
    if len(flip) != 1 or flip[0].quantity is not Quantity.SWITCH_CLOSED:
        return []
    switches, wrong = state.model.switches, flip[0]
    buses = [b for b in (switches.bus[wrong.element], switches.other_bus[wrong.element]) if b >= 0]
    beside = np.isin(switches.bus, buses) | np.isin(switches.other_bus, buses)
    wanted = topology_of(flipped(state, flip))
    others = np.flatnonzero(beside & (state.switch_closed != wrong.closed) & (np.arange(len(switches)) != wrong.element))
    flips = [(Position(Quantity.SWITCH_CLOSED, int(i), wrong.closed),) for i in others]
    return [f for f in flips if _alike(topology_of(flipped(state, f)), wanted)]


def _alike(one: Topology, other: Topology) -> bool:
    return np.array_equal(one.node_of_bus, other.node_of_bus) and np.array_equal(one.branch_live, other.branch_live)


def candidates(network: Network, measurements: MeasurementSet, doubtful: IntArray, estimate: Estimate | None) -> list[Flip]:
    """What could be wrong, the most telling first. `doubtful`: measurements that contradict the positions or had to be left out."""
    found: dict[Flip, None] = {}
    for i in doubtful:
        quantity, element = Quantity(int(measurements.quantity[i])), int(measurements.element[i])
        if SPECS[quantity].table == "branches":
            found |= dict.fromkeys(_branch_flips(network.state, element))
        elif quantity in _ELEMENT_STATUS:
            found |= dict.fromkeys(_status_flip(network.state, _ELEMENT_STATUS[quantity], element))
    for buses in _near_the_worst(estimate) if estimate is not None else ():
        found |= dict.fromkeys(_flips_at(network.state, buses))
    return list(found)[:_MOST]


def _near_the_worst(estimate: Estimate) -> list[IntArray]:
    """Buses around each of the worst rows, the worst first."""
    layout, network = estimate.layout, estimate.layout.network
    site = np.searchsorted(layout.sites.row_start, np.argsort(-estimate.row_normalised, kind="stable")[:_WORST_ROWS], side="right") - 1
    node_at = np.empty(len(layout.order), dtype=np.int64)
    node_at[layout.order] = network.node
    first, end = layout.sites.start[site], layout.sites.start[site + 1]
    nodes = [node_at[layout.sites.node[a:b]] for a, b in zip(first, end, strict=True)]
    return [np.flatnonzero(np.isin(network.topology.node_of_bus, n)) for n in nodes]


def _flips_at(state: GridState, buses: IntArray) -> list[Flip]:
    """Branches with both ends in the surroundings, or one where the other is reported open; then couplers there."""
    model, topology, found = state.model, topology_of(state), list[Flip]()
    inside = np.zeros(len(model.buses), dtype=bool)
    inside[buses] = True
    ends = inside[model.branches.from_bus], inside[model.branches.to_bus]
    at_from = topology.from_node != topology.node_of_bus[model.branches.from_bus]
    at_to = topology.to_node != topology.node_of_bus[model.branches.to_bus]
    is_open = ~topology.branch_live | at_from | at_to
    for branch in np.flatnonzero((ends[0] & ends[1]) | (is_open & (ends[0] | ends[1]))):
        found += _branch_flips(state, int(branch))
    couplers = np.flatnonzero(
        (model.switches.other_bus >= 0) & inside[model.switches.bus] & inside[np.maximum(model.switches.other_bus, 0)]
    )
    return found + [flip for i in couplers for flip in _switch_flip(state, int(i))]


def _branch_flips(state: GridState, branch: int) -> list[Flip]:
    """Each breaker of it alone; all that are open together; the branch itself where it has none."""
    breakers = breakers_of(state.model, branch)
    alone = [flip for i in breakers for flip in _switch_flip(state, i)]
    off = () if state.branch_on[branch] else (Position(Quantity.BRANCH_ON, branch, True),)
    opened = tuple(Position(Quantity.SWITCH_CLOSED, i, True) for i in breakers if not state.switch_closed[i])
    together = [opened + off] if len(opened + off) > 1 or off else []
    if breakers:
        return alone + together
    return [(Position(Quantity.BRANCH_ON, branch, not state.branch_on[branch]),)]


def _switch_flip(state: GridState, switch: int) -> list[Flip]:
    return [(Position(Quantity.SWITCH_CLOSED, switch, not state.switch_closed[switch]),)]


def _status_flip(state: GridState, quantity: Quantity, element: int) -> list[Flip]:
    return [(Position(quantity, element, not getattr(state, SPECS[quantity].array)[element]),)]
