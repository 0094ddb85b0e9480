"""By how much does the flow (or the current) at a branch's end change for one MW or Mvar injected somewhere?

The infeeds balance the injection and machines keep their voltages, as in the power flow itself: an exact AC PTDF.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import block_array
from scipy.sparse.linalg import splu

from grid_models.causes.branch_end import BranchEnd
from grid_models.causes.jacobian import (
    EndDerivatives,
    Sparse,
    current_derivatives,
    injection_derivatives,
    node_admittance,
    node_voltage,
    power_derivatives,
)
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.solution import Solution, branch_admittances
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """(nodes,) each: change per MW and per Mvar injected at a node; 0 where the node is dead or its voltage is held against it."""

    per_mw: FloatArray
    per_mvar: FloatArray


@dataclass(frozen=True, eq=False)
class EndSensitivity:
    """`flow`: MW at the end in its positive direction per MW and Mvar.  `current`: kA at the end per MW and Mvar."""

    flow: Sensitivity
    current: Sensitivity


def free_nodes(state: GridState, topology: Topology) -> tuple[BoolArray, BoolArray]:
    """(nodes,) each: whose angle, and whose magnitude, the power flow finds. Infeeds hold both, machines the magnitude."""
    model = state.model
    infeed = np.zeros(len(topology.node_live), dtype=bool)
    infeed[topology.node_of_bus[model.infeeds.bus[state.infeed_on]]] = True
    held = infeed.copy()
    held[topology.node_of_bus[model.generators.bus[model.generators.holds_voltage & state.generator_on]]] = True
    return topology.node_live & ~infeed, topology.node_live & ~held


@dataclass(frozen=True, eq=False)
class Linearised:
    """The power flow around one solution.  voltage: (nodes,) complex [pu], 1 where dead.  factors: None where infeeds hold all voltages."""

    voltage: ComplexArray
    free_angle: IntArray
    free_magnitude: IntArray
    factors: Any

    def per_injection(self, by_angle: FloatArray, by_magnitude: FloatArray) -> Sensitivity:
        """How a quantity with these gradients by the nodes' angles and magnitudes, (nodes,) each, answers injections."""
        per_mw, per_mvar = np.zeros(len(self.voltage)), np.zeros(len(self.voltage))
        if self.factors is not None:
            solved = self.factors.solve(np.concatenate([by_angle[self.free_angle], by_magnitude[self.free_magnitude]]), trans="T")
            per_mw[self.free_angle], per_mvar[self.free_magnitude] = solved[: len(self.free_angle)], solved[len(self.free_angle) :]
        return Sensitivity(per_mw, per_mvar)


def linearised(solution: Solution) -> Linearised:
    """One factorisation of the Jacobian, used transposed: the cost of a quantity does not grow with the injections.

    Raises PowerFlowDiverged where the Jacobian is singular, that is at the very limit of what the grid can carry.
    """
    state, topology = solution.state, solution.topology
    voltage = np.where(topology.node_live, node_voltage(solution), 1.0)
    by_angle, by_magnitude = injection_derivatives(node_admittance(state, topology), voltage)
    free_angle, free_magnitude = (np.flatnonzero(free) for free in free_nodes(state, topology))
    return Linearised(voltage, free_angle, free_magnitude, _factors(by_angle, by_magnitude, free_angle, free_magnitude, state.model.name))


def end_sensitivity(solution: Solution, end: BranchEnd) -> EndSensitivity:
    """Both sensitivities of one end. Raises PowerFlowDiverged as `linearised` does."""
    around = linearised(solution)
    flow, current = (around.per_injection(*gradient) for gradient in _gradients(solution, end, around.voltage))
    return EndSensitivity(flow, current)


def _factors(by_angle: Sparse, by_magnitude: Sparse, free_angle: IntArray, free_magnitude: IntArray, name: str) -> Any:
    """LU factors of the power flow's Jacobian; None where the infeeds hold every voltage."""
    if not len(free_angle):
        return None
    pp, pq = by_angle[free_angle][:, free_angle].real, by_magnitude[free_angle][:, free_magnitude].real
    qp, qq = by_angle[free_magnitude][:, free_angle].imag, by_magnitude[free_magnitude][:, free_magnitude].imag
    try:
        return splu(block_array([[pp, pq], [qp, qq]], format="csc"))
    except RuntimeError as error:
        raise PowerFlowDiverged(
            f"'{name}' is at the limit of what it can carry, so sensitivities do not exist; less load would restore them."
        ) from error


def _gradients(solution: Solution, end: BranchEnd, voltage: ComplexArray) -> list[tuple[FloatArray, FloatArray]]:
    """Gradients by the nodes' angles and magnitudes of the flow [pu] and of the current [kA per pu power]."""
    model, topology = solution.model, solution.topology
    at = np.array([end.branch])
    yff, yft, ytf, ytt = (y[at] for y in branch_admittances(solution.state))
    y_own, y_other = (yff, yft) if end.at_from else (ytt, ytf)
    nodes = (topology.from_node[at], topology.to_node[at])
    own, other = nodes if end.at_from else nodes[::-1]
    bus = (model.branches.from_bus if end.at_from else model.branches.to_bus)[end.branch]
    power = power_derivatives(y_own, y_other, voltage[own], voltage[other])
    current = current_derivatives(y_own, y_other, voltage[own], voltage[other])
    ka_per_mw = 1.0 / (np.sqrt(3) * model.buses.nominal_kv[bus])  # the base power cancels: (kA per pu) / (MW per pu)
    size = len(topology.node_live)
    return [
        _spread(power, int(own[0]), int(other[0]), size, end.sign),
        _spread(current, int(own[0]), int(other[0]), size, ka_per_mw),
    ]


def _spread(derivatives: EndDerivatives, own: int, other: int, size: int, factor: float) -> tuple[FloatArray, FloatArray]:
    """The derivatives of one branch end as two vectors over all nodes."""
    angle, magnitude = np.zeros(size), np.zeros(size)
    np.add.at(angle, [own, other], factor * np.real([derivatives.by_own_angle[0], derivatives.by_other_angle[0]]))
    np.add.at(magnitude, [own, other], factor * np.real([derivatives.by_own_magnitude[0], derivatives.by_other_magnitude[0]]))
    return angle, magnitude
