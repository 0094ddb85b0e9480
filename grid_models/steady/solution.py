"""A solved state: voltages, flows and loadings per element, on the grid's own buses."""

from dataclasses import dataclass

import numpy as np

from grid_models.twin.model import ComplexArray, FloatArray, GridModel
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology


@dataclass(frozen=True, eq=False)
class Solution:
    """Result of one power flow. NaN marks what has no voltage.

    vm_pu, va_degree: (buses,).  p_from_mw, q_from_mvar, p_to_mw, q_to_mvar, i_from_ka, i_to_ka: (branches,), power
    positive into the branch.  loading_percent: (branches,), the larger end's current over its permanent rating.
    infeed_p_mw, infeed_q_mvar: (infeeds,), positive into the grid.
    """

    state: GridState
    topology: Topology
    vm_pu: FloatArray
    va_degree: FloatArray
    p_from_mw: FloatArray
    q_from_mvar: FloatArray
    p_to_mw: FloatArray
    q_to_mvar: FloatArray
    i_from_ka: FloatArray
    i_to_ka: FloatArray
    loading_percent: FloatArray
    infeed_p_mw: FloatArray
    infeed_q_mvar: FloatArray

    @property
    def model(self) -> GridModel:
        return self.state.model

    @property
    def losses_mw(self) -> float:
        """Active power lost in branches (shunts not counted)."""
        return float(np.nansum(self.p_from_mw + self.p_to_mw))


def branch_admittances(state: GridState) -> tuple[ComplexArray, ComplexArray, ComplexArray, ComplexArray]:
    """Yff, Yft, Ytf, Ytt of every branch [pu] at its tap position (MATPOWER's branch model, ratio at the from side)."""
    b = state.model.branches
    at = state.tap_entry
    series = np.reciprocal(b.r_pu[at] + 1j * b.x_pu[at], dtype=np.complex128)
    shunt = np.asarray((b.g_pu[at] + 1j * b.b_pu[at]) / 2, dtype=np.complex128)
    tap = np.asarray(b.ratio[at] * np.exp(1j * np.deg2rad(b.shift_degree[at])), dtype=np.complex128)
    return (series + shunt) / (tap * tap.conj()), -series / tap.conj(), -series / tap, series + shunt


def solution_from_voltages(state: GridState, topology: Topology, node_voltage: ComplexArray) -> Solution:
    """Flows of every branch from the nodes' complex voltages [pu] (NaN where dead)."""
    model = state.model
    flows = branch_flows(state, topology, node_voltage[None, :])
    voltage = node_voltage[topology.node_of_bus]
    infeed_p, infeed_q = _infeed_power(state, topology, flows.s_from_mva[0], flows.s_to_mva[0], node_voltage)
    return Solution(
        state=state,
        topology=topology,
        vm_pu=np.abs(voltage),
        va_degree=np.degrees(np.angle(voltage)),
        p_from_mw=flows.s_from_mva[0].real,
        q_from_mvar=flows.s_from_mva[0].imag,
        p_to_mw=flows.s_to_mva[0].real,
        q_to_mvar=flows.s_to_mva[0].imag,
        i_from_ka=flows.i_from_ka[0],
        i_to_ka=flows.i_to_ka[0],
        loading_percent=loading_percent(model, flows.i_from_ka, flows.i_to_ka)[0],
        infeed_p_mw=infeed_p,
        infeed_q_mvar=infeed_q,
    )


@dataclass(frozen=True, eq=False)
class BranchFlows:
    """(cases, branches) arrays; NaN where a branch carries nothing."""

    s_from_mva: ComplexArray
    s_to_mva: ComplexArray
    i_from_ka: FloatArray
    i_to_ka: FloatArray


def branch_flows(state: GridState, topology: Topology, node_voltage: ComplexArray) -> BranchFlows:
    """Flows of every branch for a batch of voltage vectors, shape (cases, nodes)."""
    model, branches = state.model, state.model.branches
    yff, yft, ytf, ytt = branch_admittances(state)
    v_from, v_to = node_voltage[:, topology.from_node], node_voltage[:, topology.to_node]
    dead = np.where(topology.branch_live, 0.0, np.nan)
    i_from = (yff * v_from + yft * v_to) + dead
    i_to = (ytf * v_from + ytt * v_to) + dead
    ka = model.base_mva / np.sqrt(3)
    return BranchFlows(
        s_from_mva=v_from * i_from.conj() * model.base_mva,
        s_to_mva=v_to * i_to.conj() * model.base_mva,
        i_from_ka=np.abs(i_from) * ka / model.buses.nominal_kv[branches.from_bus],
        i_to_ka=np.abs(i_to) * ka / model.buses.nominal_kv[branches.to_bus],
    )


def loading_percent(model: GridModel, i_from_ka: FloatArray, i_to_ka: FloatArray) -> FloatArray:
    """Larger end current over its permanent rating; NaN where the source gives no rating."""
    branches = model.branches
    return np.fmax(i_from_ka / branches.rating_from_ka, i_to_ka / branches.rating_to_ka) * 100.0


def _infeed_power(
    state: GridState, topology: Topology, s_from: ComplexArray, s_to: ComplexArray, node_voltage: ComplexArray
) -> tuple[FloatArray, FloatArray]:
    """What each infeed brings: the balance of its node, shared equally among infeeds on one node."""
    balance = np.zeros(len(topology.node_live), dtype=complex)
    np.add.at(balance, topology.from_node, np.nan_to_num(s_from))
    np.add.at(balance, topology.to_node, np.nan_to_num(s_to))
    injected = node_injection_mva(state, topology)
    shunt = node_shunt_mva(state, topology)
    needed = balance + np.nan_to_num(np.abs(node_voltage) ** 2) * shunt - injected
    nodes = topology.node_of_bus[state.model.infeeds.bus]
    sharing = np.array([np.sum((nodes == n) & state.infeed_on) for n in nodes], dtype=float)
    live = state.infeed_on & topology.node_live[nodes]
    power = np.where(live, needed[nodes] / np.maximum(sharing, 1.0), 0.0)
    return power.real, power.imag


def node_injection_mva(state: GridState, topology: Topology) -> ComplexArray:
    """Scheduled injection of each node: generators less loads."""
    total = np.zeros(len(topology.node_live), dtype=complex)
    model = state.model
    np.add.at(total, topology.node_of_bus[model.generators.bus], state.generator_injected_mw + 1j * state.generator_injected_mvar)
    np.add.at(total, topology.node_of_bus[model.loads.bus], -(state.load_drawn_mw + 1j * state.load_drawn_mvar))
    return total


def node_shunt_mva(state: GridState, topology: Topology) -> ComplexArray:
    """Power each node's shunts draw at 1 pu."""
    total = np.zeros(len(topology.node_live), dtype=complex)
    shunts = state.model.shunts
    np.add.at(total, topology.node_of_bus[shunts.bus], (shunts.p_mw + 1j * shunts.q_mvar) * state.shunt_step)
    return total
