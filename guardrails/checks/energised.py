"""What has voltage, or could be given it by a machine? Asked before and after a step of what must stay dead."""

from dataclasses import dataclass

import numpy as np

from grid_models.twin.model import BoolArray
from grid_models.twin.registry import BRANCH_KINDS, Element, ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of


@dataclass(frozen=True)
class _Reach:
    """bus: (buses,), branch: (branches,) what a kind of source reaches through closed switches and branches in service."""

    bus: BoolArray
    branch: BoolArray


class Energising:
    """One step, by what infeeds and what machines reach before and after it.

    Machines count apart from infeeds: the power flow takes an island without an infeed for dead, and people who work on it must not.
    """

    def __init__(self, before: GridState, after: GridState) -> None:
        self._before, self._after = before, after
        self._pairs = tuple(zip(_reached(before), _reached(after), strict=True))

    def reaches(self, element: Element) -> bool:
        """Whether a part of the element that no infeed (or no machine) reached before is reached after."""
        return any(bool((_parts(self._after, now, element) & ~_parts(self._before, was, element)).any()) for was, now in self._pairs)


def _reached(state: GridState) -> tuple[_Reach, _Reach]:
    topology, machines = topology_of(state), state.model.generators.bus[state.generator_on]
    fed = np.isin(topology.island_of_node, topology.island_of_node[topology.node_of_bus[machines]])
    connected = _connected(state, topology)
    return _Reach(topology.bus_live, topology.branch_live), _Reach(fed[topology.node_of_bus], connected & fed[topology.from_node])


def _connected(state: GridState, topology: Topology) -> BoolArray:
    """(branches,) in service and joined to the grid at one end at least: not open at both."""
    switches, branches = state.model.switches, state.model.branches
    opened = np.zeros((2, len(branches)), dtype=bool)
    for i in np.flatnonzero(~state.switch_closed & (switches.branch >= 0)):
        row = switches.branch[i]
        opened[int(switches.bus[i] != branches.from_bus[row]), row] = True
    return state.branch_on & ~opened.all(axis=0)


def _parts(state: GridState, reach: _Reach, element: Element) -> BoolArray:
    """(parts,) what of an element is reached: a branch and the terminals of its own, or the whole of anything else."""
    model, row = state.model, element.index
    if element.kind in BRANCH_KINDS:
        rows = model.three_winding.legs[row] if element.kind is ElementKind.THREE_WINDING else np.array([row])
        ends = np.concatenate([model.branches.from_bus[rows], model.branches.to_bus[rows]])
        return np.concatenate([reach.branch[rows], reach.bus[ends[~model.buses.is_busbar[ends]]]])
    if element.kind is ElementKind.SWITCH:
        far = model.switches.other_bus[row]
        beyond = reach.bus[far] if far >= 0 else reach.branch[model.switches.branch[row]]
        return np.array([reach.bus[model.switches.bus[row]] | beyond])  # an open one has voltage on one side as a rule
    if element.kind is ElementKind.BUS:
        return reach.bus[[row]]
    bus, on = {
        ElementKind.LOAD: (model.loads.bus, state.load_on),
        ElementKind.GENERATOR: (model.generators.bus, state.generator_on),
        ElementKind.INFEED: (model.infeeds.bus, state.infeed_on),
        ElementKind.SHUNT: (model.shunts.bus, state.shunt_step > 0),
    }[element.kind]
    return np.array([on[row] & reach.bus[bus[row]]])
