"""How do powers and currents answer a small change of the voltages? ∂S/∂V of nodes, branches and branch currents.

Angles in radians, magnitudes, admittances and powers in pu on the model's base. The formulas are the derivatives of
S = V · conj(Y V) in polar coordinates (R. D. Zimmerman, MATPOWER Technical Note 2, 2010, equations 27, 28 and 46 to 55).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from grid_models.steady.solution import Solution, branch_admittances, node_shunt_mva
from grid_models.twin.model import ComplexArray, FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology

Sparse = Any  # a scipy sparse array: scipy brings no types


def node_voltage(solution: Solution) -> ComplexArray:
    """Complex voltage of every node [pu], (nodes,), NaN where dead; the open end of a line follows from its live end."""
    topology = solution.topology
    voltage = np.full(len(topology.node_live), complex(np.nan, np.nan))
    voltage[topology.node_of_bus] = solution.vm_pu * np.exp(1j * np.deg2rad(solution.va_degree))
    yff, yft, ytf, ytt = branch_admittances(solution.state)
    first_open = int(topology.node_of_bus.max()) + 1  # ends with an open switch come after the fused nodes
    for own, other, y_own, y_other in (
        (topology.from_node, topology.to_node, yff, yft),
        (topology.to_node, topology.from_node, ytt, ytf),
    ):
        at = np.flatnonzero(topology.branch_live & (own >= first_open))
        voltage[own[at]] = -y_other[at] / y_own[at] * voltage[other[at]]
    return voltage


def node_admittance(state: GridState, topology: Topology) -> Sparse:
    """Admittance matrix of all nodes [pu], (nodes, nodes) CSR: live branches and shunts."""
    live = np.flatnonzero(topology.branch_live)
    f, t = topology.from_node[live], topology.to_node[live]
    parts = [y[live] for y in branch_admittances(state)]
    shunt = node_shunt_mva(state, topology).conj() / state.model.base_mva
    every = np.arange(len(shunt))
    rows, columns = np.concatenate([f, f, t, t, every]), np.concatenate([f, t, f, t, every])
    return csr_array(coo_array((np.concatenate([*parts, shunt]), (rows, columns)), shape=(len(shunt), len(shunt))))


def injection_derivatives(admittance: Sparse, voltage: ComplexArray) -> tuple[Sparse, Sparse]:
    """∂S/∂angle and ∂S/∂magnitude of the nodes' injected power, both (nodes, nodes) complex CSR."""
    current = diags_array(admittance @ voltage)
    at, unit = diags_array(voltage), diags_array(voltage / np.abs(voltage))
    by_angle = 1j * (at @ (current - admittance @ at).conj())
    by_magnitude = at @ (admittance @ unit).conj() + current.conj() @ unit
    return csr_array(by_angle), csr_array(by_magnitude)


@dataclass(frozen=True, eq=False)
class EndDerivatives:
    """Derivatives of a quantity at branch ends by the voltages of its own and of the other end, each (ends,)."""

    by_own_angle: ComplexArray | FloatArray
    by_other_angle: ComplexArray | FloatArray
    by_own_magnitude: ComplexArray | FloatArray
    by_other_magnitude: ComplexArray | FloatArray


def power_derivatives(y_own: ComplexArray, y_other: ComplexArray, v_own: ComplexArray, v_other: ComplexArray) -> EndDerivatives:
    """Of the complex power into branches at one end, S = v_own · conj(y_own v_own + y_other v_other)."""
    through = v_own * (y_other * v_other).conj()
    return EndDerivatives(
        by_own_angle=1j * through,
        by_other_angle=-1j * through,
        by_own_magnitude=2 * np.abs(v_own) * y_own.conj() + through / np.abs(v_own),
        by_other_magnitude=through / np.abs(v_other),
    )


def current_derivatives(y_own: ComplexArray, y_other: ComplexArray, v_own: ComplexArray, v_other: ComplexArray) -> EndDerivatives:
    """Of the magnitude of the current into branches at one end; zero where none flows (it has no derivative there)."""
    own, other = y_own * v_own, y_other * v_other
    size = np.abs(own + other)
    towards = np.divide((own + other).conj(), size, out=np.zeros_like(own), where=size > 0)
    return EndDerivatives(
        by_own_angle=(1j * towards * own).real,
        by_other_angle=(1j * towards * other).real,
        by_own_magnitude=(towards * own).real / np.abs(v_own),
        by_other_magnitude=(towards * other).real / np.abs(v_other),
    )
