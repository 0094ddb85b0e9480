"""Where do the meters stand: which quantities of which elements a control centre of usual redundancy reads."""

from dataclasses import dataclass

import numpy as np

from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import BoolArray, GridModel, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

# Engineering judgement; with P and Q at one end of every branch they give a redundancy between 2 and 3 (`redundancy.py`).
_OTHER_END_SHARE = 0.04  # branches with P and Q at both ends
_CURRENT_SHARE = 0.06  # branches with a current magnitude at the other end
_ELEMENT_SHARE = 0.7  # loads and generators with a meter of their own; the rest needs pseudo-measurements
_NODES_PER_PMU = 20
_LEAST_PMUS = 2
_BRANCHES_PER_PMU = 1


@dataclass(frozen=True, eq=False)
class Place:
    """Meters of one quantity. `element` counts rows of the quantity's table."""

    quantity: Quantity
    element: IntArray
    is_pmu: bool = False


def meter_places(model: GridModel, seed: int) -> list[Place]:
    """Every meter, position and echo of a grid; the same for the same seed in every process."""
    chosen_by = np.random.default_rng((seed, int(model.content_hash[:8], 16)))
    topology = topology_of(GridState.at_start(model))
    return [*_voltages(model, topology), *_flows(model, chosen_by), *_injections(model, chosen_by), *_pmus(model, topology), *_told(model)]


def _voltages(model: GridModel, topology: Topology) -> list[Place]:
    return [Place(Quantity.V, _busbar_of_node(model, topology))]


def _busbar_of_node(model: GridModel, topology: Topology) -> IntArray:
    """The first busbar of every node that has one."""
    busbars = np.flatnonzero(model.buses.is_busbar & ~model.buses.is_star)
    _, first = np.unique(topology.node_of_bus[busbars], return_index=True)
    return np.sort(busbars[first])


def _flows(model: GridModel, chosen_by: np.random.Generator) -> list[Place]:
    """P and Q at one end of every branch, at both of some; a current magnitude at the other end of some.

    No meter stands at the fictitious star of a three-winding transformer: its legs are read at their terminals.
    """
    branches, star, count = model.branches, model.buses.is_star, len(model.branches)
    at_to = chosen_by.random(count) < 0.5
    at_to = (at_to | star[branches.from_bus]) & ~star[branches.to_bus]
    has_other = ~(star[branches.from_bus] | star[branches.to_bus])
    draw = chosen_by.random(count)
    both = has_other & (draw < _OTHER_END_SHARE)
    current = has_other & ~both & (draw < _OTHER_END_SHARE + _CURRENT_SHARE)
    return [
        *_at(both | ~at_to, Quantity.P_FROM, Quantity.Q_FROM),
        *_at(both | at_to, Quantity.P_TO, Quantity.Q_TO),
        *_at(current & at_to, Quantity.I_FROM),
        *_at(current & ~at_to, Quantity.I_TO),
    ]


def _injections(model: GridModel, chosen_by: np.random.Generator) -> list[Place]:
    return [
        *_at(chosen_by.random(len(model.loads)) < _ELEMENT_SHARE, Quantity.P_LOAD, Quantity.Q_LOAD),
        *_at(chosen_by.random(len(model.generators)) < _ELEMENT_SHARE, Quantity.P_GENERATOR, Quantity.Q_GENERATOR),
        *_at(np.ones(len(model.infeeds), dtype=bool), Quantity.P_INFEED, Quantity.Q_INFEED),
        *_at(model.generators.weather, Quantity.P_AVAILABLE),
    ]


def _pmus(model: GridModel, topology: Topology) -> list[Place]:
    """Phasors at the first infeed and at the best connected nodes, with the currents of up to two branches each."""
    busbar = _busbar_of_node(model, topology)
    node = topology.node_of_bus[busbar]
    degree = np.bincount(np.concatenate([topology.from_node, topology.to_node]), minlength=len(topology.node_live))[node]
    is_infeed = node == topology.node_of_bus[model.infeeds.bus[:1]] if len(model.infeeds) else np.zeros(len(node), dtype=bool)
    order = np.lexsort((busbar, -degree, ~is_infeed))
    chosen = np.sort(order[: max(_LEAST_PMUS, len(node) // _NODES_PER_PMU)])
    at_from, at_to = _branches_at(node[chosen], topology)
    return [
        Place(Quantity.V, busbar[chosen], is_pmu=True),
        Place(Quantity.V_ANGLE, busbar[chosen], is_pmu=True),
        *(Place(q, at_from, is_pmu=True) for q in (Quantity.I_FROM, Quantity.I_ANGLE_FROM)),
        *(Place(q, at_to, is_pmu=True) for q in (Quantity.I_TO, Quantity.I_ANGLE_TO)),
    ]


def _branches_at(nodes: IntArray, topology: Topology) -> tuple[IntArray, IntArray]:
    """The first branches of each node: those that leave by their from end, those by their to end."""
    at_from: set[int] = set()
    at_to: set[int] = set()
    for node in nodes:
        ends = [(int(b), at_from) for b in np.flatnonzero(topology.from_node == node)]
        ends += [(int(b), at_to) for b in np.flatnonzero(topology.to_node == node)]
        for branch, side in ends[:_BRANCHES_PER_PMU]:
            side.add(branch)
    return np.array(sorted(at_from), dtype=np.int64), np.array(sorted(at_to), dtype=np.int64)


def _told(model: GridModel) -> list[Place]:
    """Every position and every set-point that the plant repeats."""
    tables = {
        Quantity.SWITCH_CLOSED: len(model.switches),
        Quantity.BRANCH_ON: len(model.branches),
        Quantity.LOAD_ON: len(model.loads),
        Quantity.GENERATOR_ON: len(model.generators),
        Quantity.INFEED_ON: len(model.infeeds),
        Quantity.SHUNT_STEP: len(model.shunts),
        Quantity.LOAD_SHED: len(model.loads),
        Quantity.GENERATOR_P_SETPOINT: len(model.generators),
        Quantity.GENERATOR_Q_SETPOINT: len(model.generators),
        Quantity.GENERATOR_VM_SETPOINT: len(model.generators),
        Quantity.INFEED_VM_SETPOINT: len(model.infeeds),
    }
    tapped = model.branches.tap_min < model.branches.tap_max
    return [*_at(tapped, Quantity.TAP), *(Place(q, np.arange(count, dtype=np.int64)) for q, count in tables.items())]


def _at(chosen: BoolArray, *quantities: Quantity) -> list[Place]:
    rows = np.flatnonzero(chosen)
    return [Place(q, rows) for q in quantities]
