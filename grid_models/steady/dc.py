"""Which active power flows where if every voltage is 1 pu and every angle small? The DC power flow, as `pandapower.rundcpp` takes it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from grid_models.steady.boundary import infeeds_in_service
from grid_models.steady.dc_factors import DcFactors, factorised
from grid_models.steady.solution import Solution, loading_percent, node_injection_mva, node_shunt_mva
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of


@dataclass(frozen=True, eq=False)
class DcFlow:
    """The DC model of a state and its solution: flow = susceptance · (angle from − angle to − shift). Every infeed fixes its node's angle.

    susceptance_mw: (branches,) MW per radian, b = 1/(x · ratio) as in MATPOWER's makeBdc; 0 where a branch is dead.
    held: (nodes,) the infeeds' nodes.  injection_mw: (nodes,) generation less loads and the shunts' conductance.
    angle_rad: (nodes,) NaN where dead.  flow_mw: (branches,) from → to, 0 where dead.
    """

    state: GridState
    topology: Topology
    susceptance_mw: FloatArray
    held: BoolArray
    injection_mw: FloatArray
    angle_rad: FloatArray
    flow_mw: FloatArray
    factors: DcFactors


def solve_dc(state: GridState) -> Solution:
    """DC power flow. Raises PowerFlowDiverged only where no infeed is in service.

    No losses (p_to = −p_from); voltages and reactive powers are NaN, since a DC flow knows none; a current is |P|/(√3 · nominal voltage).
    """
    dc = dc_flow(state)
    model, topology = state.model, dc.topology
    flow = np.where(topology.branch_live, dc.flow_mw, np.nan)
    kv, branches = model.buses.nominal_kv, model.branches
    i_from, i_to = (np.abs(flow) / (np.sqrt(3) * kv[bus]) for bus in (branches.from_bus, branches.to_bus))
    unknown = np.full(len(branches), np.nan)
    return Solution(
        state=state,
        topology=topology,
        vm_pu=np.full(len(model.buses), np.nan),
        va_degree=np.degrees(dc.angle_rad)[topology.node_of_bus],
        p_from_mw=flow,
        q_from_mvar=unknown,
        p_to_mw=-flow,
        q_to_mvar=unknown,
        i_from_ka=i_from,
        i_to_ka=i_to,
        loading_percent=loading_percent(model, i_from, i_to),
        infeed_p_mw=_infeed_power(dc),
        infeed_q_mvar=np.full(len(model.infeeds), np.nan),
    )


@lru_cache(maxsize=8)
def dc_flow(state: GridState) -> DcFlow:
    """The solved DC model of a state, factorised once (states are immutable). Raises PowerFlowDiverged without an infeed."""
    topology = topology_of(state)
    infeeds = infeeds_in_service(state)
    angle = np.where(topology.node_live, 0.0, np.nan)
    held = np.zeros(len(angle), dtype=bool)
    slack = topology.node_of_bus[state.model.infeeds.bus[infeeds]]
    held[slack] = True
    angle[slack] = np.deg2rad(state.model.infeeds.angle_degree[infeeds])
    susceptance, shift = _susceptance_mw(state, topology), _shift_rad(state)
    injection = node_injection_mva(state, topology).real - node_shunt_mva(state, topology).real
    factors = factorised(topology.from_node, topology.to_node, susceptance, topology.node_live & ~held)
    start = susceptance * (_across(topology, np.where(held, angle, 0.0)) - shift)  # flows with every free angle at zero
    angle[factors.free] = factors.solve((injection - _leaving(topology, start))[None, factors.free])[0]
    flow = np.where(topology.branch_live, susceptance * (_across(topology, angle) - shift), 0.0)
    return DcFlow(state, topology, susceptance, held, injection, angle, flow, factors)


def limits_mw(state: GridState) -> FloatArray:
    """(branches,) active power at which the DC loading is 100 %: √3 · nominal voltage · rating of the smaller end; NaN unrated."""
    branches, kv = state.model.branches, state.model.buses.nominal_kv
    at_from, at_to = branches.rating_from_ka * kv[branches.from_bus], branches.rating_to_ka * kv[branches.to_bus]
    return np.asarray(np.sqrt(3) * np.fmin(at_from, at_to))


def _susceptance_mw(state: GridState, topology: Topology) -> FloatArray:
    """A branch without reactance takes its resistance for it (engineering judgement): a DC flow needs some impedance."""
    branches = state.model.branches
    at = state.tap_entry
    x = np.where(branches.x_pu[at] == 0, branches.r_pu[at], branches.x_pu[at])
    return np.where(topology.branch_live, state.model.base_mva / (x * branches.ratio[at]), 0.0)


def _shift_rad(state: GridState) -> FloatArray:
    branches = state.model.branches
    return np.asarray(np.deg2rad(branches.shift_degree[state.tap_entry]))


def _across(topology: Topology, angle: FloatArray) -> FloatArray:
    return np.asarray(angle[topology.from_node] - angle[topology.to_node])


def _leaving(topology: Topology, flow_mw: FloatArray) -> FloatArray:
    """(nodes,) what the branches carry away from each node."""
    size = len(topology.node_live)
    arriving = np.bincount(topology.to_node, flow_mw, size)
    return np.asarray(np.bincount(topology.from_node, flow_mw, size) - arriving, dtype=np.float64)


def _infeed_power(dc: DcFlow) -> FloatArray:
    """What each infeed brings: the balance of its node, shared equally among infeeds on one node."""
    state, nodes = dc.state, dc.topology.node_of_bus[dc.state.model.infeeds.bus]
    sharing = np.bincount(nodes, state.infeed_on.astype(float), len(dc.held))
    needed = (_leaving(dc.topology, dc.flow_mw) - dc.injection_mw) / np.maximum(sharing, 1.0)
    return np.where(state.infeed_on, needed[nodes], 0.0)
