"""The state before any outage: solved once, with lightsim2grid's copy of it, for all the outages that are compared with it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.steady.boundary import LiveGrid, solve, solved_grid
from grid_models.twin.model import ComplexArray, FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of


@dataclass(frozen=True, eq=False)
class Base:
    """live: None where no branch carries (then every outage is solved on its own).  voltage: (solver buses,).  vm_pu: (buses,)."""

    state: GridState
    topology: Topology
    live: LiveGrid | None
    voltage: ComplexArray
    vm_pu: FloatArray

    @cached_property
    def solver_bus_of_bus(self) -> IntArray:
        """(buses,) solver bus of each bus, -1 where dead."""
        if self.live is None:
            return np.full(len(self.state.model.buses), -1, dtype=np.int64)
        return self.live.solver_bus[self.topology.node_of_bus]


def base_of(state: GridState) -> Base:
    """Solve the state. Raises PowerFlowDiverged when it has no solution: then there are no outages to compare with it."""
    topology = topology_of(state)
    if not topology.branch_live.any():
        return Base(state, topology, None, np.zeros(0, dtype=np.complex128), solve(state).vm_pu)
    live, voltage = solved_grid(state)
    vm_pu = np.abs(live.to_nodes(voltage[None, :])[0])[topology.node_of_bus]
    return Base(state, topology, live, voltage, vm_pu)
