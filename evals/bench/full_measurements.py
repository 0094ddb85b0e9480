"""What would be measured at a solved state if every place had exact meters: the sets of benches, studies and parity tests."""

from dataclasses import replace

import numpy as np

from grid_models.steady.solution import Solution, node_shunt_mva
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import BoolArray, ComplexArray, IntArray

V_SIGMA_PU = 0.004  # engineering judgement: a chain of class 0.5 with some allowance
POWER_SIGMA_MW = 1.0  # engineering judgement: 1 % of a usual full scale of 100 MW


def full_measurements(solution: Solution, *, everywhere: bool = False) -> MeasurementSet:
    """V of every live bus, P and Q of every live branch end, and injections where something injects (`everywhere`: at every bus)."""
    topology = solution.topology
    bus = np.flatnonzero(np.isfinite(solution.vm_pu))
    injecting = bus if everywhere else bus[_occupied(solution)[topology.node_of_bus[bus]]]
    branch = np.flatnonzero(np.isfinite(solution.p_from_mw) & np.isfinite(solution.p_to_mw))
    injected = injected_mva(solution)[topology.node_of_bus[injecting]]
    return MeasurementSet.joined(
        [
            MeasurementSet.column(Quantity.V, bus, solution.vm_pu[bus], V_SIGMA_PU),
            MeasurementSet.column(Quantity.P_INJECTION, injecting, injected.real, POWER_SIGMA_MW),
            MeasurementSet.column(Quantity.Q_INJECTION, injecting, injected.imag, POWER_SIGMA_MW),
            MeasurementSet.column(Quantity.P_FROM, branch, solution.p_from_mw[branch], POWER_SIGMA_MW),
            MeasurementSet.column(Quantity.Q_FROM, branch, solution.q_from_mvar[branch], POWER_SIGMA_MW),
            MeasurementSet.column(Quantity.P_TO, branch, solution.p_to_mw[branch], POWER_SIGMA_MW),
            MeasurementSet.column(Quantity.Q_TO, branch, solution.q_to_mvar[branch], POWER_SIGMA_MW),
        ]
    )


def phasors(solution: Solution, bus: IntArray, branch: IntArray) -> MeasurementSet:
    """V angles of these buses; magnitude and angle of the current into the from end of these branches."""
    voltage = solution.vm_pu * np.exp(1j * np.deg2rad(solution.va_degree))
    at = solution.model.branches.from_bus[branch]
    power = solution.p_from_mw[branch] + 1j * solution.q_from_mvar[branch]
    base_ka = solution.model.base_mva / np.sqrt(3) / solution.model.buses.nominal_kv[at]
    angle = np.degrees(np.angle((power / voltage[at]).conj()))
    return MeasurementSet.joined(
        [
            MeasurementSet.column(Quantity.V_ANGLE, bus, solution.va_degree[bus], 0.1),
            MeasurementSet.column(Quantity.I_FROM, branch, solution.i_from_ka[branch], 0.005 * base_ka),
            MeasurementSet.column(Quantity.I_ANGLE_FROM, branch, angle, 0.25),
        ]
    )


def noisy(measurements: MeasurementSet, rng: np.random.Generator) -> MeasurementSet:
    """The same with Gaussian errors of exactly their standard deviations."""
    value = measurements.value + rng.standard_normal(len(measurements)) * measurements.sigma
    magnitude = measurements.of_quantity(Quantity.I_FROM, Quantity.I_TO)
    return replace(measurements, value=np.where(magnitude, np.maximum(value, 0.0), value))


def injected_mva(solution: Solution) -> ComplexArray:
    """(nodes,) what elements inject at each node: the branches' flows away from it and what its shunts draw."""
    topology = solution.topology
    total = np.zeros(len(topology.node_live), dtype=np.complex128)
    np.add.at(total, topology.from_node, np.nan_to_num(solution.p_from_mw + 1j * solution.q_from_mvar))
    np.add.at(total, topology.to_node, np.nan_to_num(solution.p_to_mw + 1j * solution.q_to_mvar))
    magnitude = np.zeros(len(total))
    magnitude[topology.node_of_bus] = np.nan_to_num(solution.vm_pu)
    return total + node_shunt_mva(solution.state, topology) * magnitude**2


def _occupied(solution: Solution) -> BoolArray:
    """(nodes,) True where a load, machine or infeed stands."""
    model, topology = solution.model, solution.topology
    found = np.zeros(len(topology.node_live), dtype=bool)
    for table in (model.loads, model.generators, model.infeeds):
        found[topology.node_of_bus[table.bus]] = True
    return found
