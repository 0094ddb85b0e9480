"""From an estimate to a `GridState`: what every load and machine must be doing for the estimated voltages to be as they are.

An estimate knows the injection of each node; its elements share the difference from what is known of them in proportion to their variances,
which is their own least-squares estimate. What is dead or off keeps what it is expected to do once it is back.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.estimation.result import Estimate
from grid_models.forecasting.expected import Expected
from grid_models.live.priors import Prior
from grid_models.steady.solution import node_shunt_mva
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray
from grid_models.twin.state import GridState

_UNKNOWN_MW = 1e4  # standard deviation of what nothing is known about: it takes the whole difference
_ELEMENTS = (  # table, status, active and reactive quantity, sign of what it injects
    ("loads", "load_on", Quantity.P_LOAD, Quantity.Q_LOAD, -1.0),
    ("generators", "generator_on", Quantity.P_GENERATOR, Quantity.Q_GENERATOR, 1.0),
    ("infeeds", "infeed_on", Quantity.P_INFEED, Quantity.Q_INFEED, 1.0),
)


@dataclass(frozen=True, eq=False)
class Shares:
    """What each element draws or injects, by quantity [MW or Mvar]."""

    value: dict[Quantity, FloatArray]
    carrying: dict[Quantity, BoolArray]


def concluded_state(
    estimate: Estimate, state: GridState, priors: dict[Quantity, Prior], expected: Expected, available: MeasurementSet
) -> GridState:
    """The state that an estimate means. `state`: positions and set-points; `priors`: what is known of the elements; `available`: what parks
    say they could inject.
    """
    shares = _shares(estimate, priors)
    drawn, drawn_q = shares.value[Quantity.P_LOAD], shares.value[Quantity.Q_LOAD]
    live = shares.carrying[Quantity.P_LOAD]
    demand = np.where(live, drawn + state.load_shed_mw, expected.load_p_mw)
    grown = np.divide(demand, drawn, out=np.ones_like(demand), where=live & (drawn > 0) & (state.load_shed_mw > 0))
    injecting = shares.carrying[Quantity.P_GENERATOR]
    return state.with_arrays(
        plant_time=None,
        load_p_mw=np.nan_to_num(demand),
        load_q_mvar=np.nan_to_num(np.where(live, drawn_q * grown, expected.load_q_mvar)),
        generator_p_mw=np.nan_to_num(_available(state, shares.value[Quantity.P_GENERATOR], injecting, expected, available)),
        generator_q_mvar=np.where(injecting & _scheduled_q(state), shares.value[Quantity.Q_GENERATOR], state.model.start.generator_q_mvar),
    )


def _scheduled_q(state: GridState) -> BoolArray:
    return np.isnan(state.generator_q_setpoint_mvar) & ~state.model.generators.holds_voltage


def _available(state: GridState, injected: FloatArray, injecting: BoolArray, expected: Expected, available: MeasurementSet) -> FloatArray:
    """What each machine injects or, held down by a cap, could inject: as the park says, else as forecast."""
    weather = state.model.generators.weather
    capped = ~np.isnan(state.generator_p_setpoint_mw)
    could = expected.generator_p_mw.copy()
    rows = available.quantity == Quantity.P_AVAILABLE
    could[available.element[rows]] = available.value[rows]
    free = np.where(weather, np.maximum(injected, 0.0), injected)  # noise around zero is no consumption
    return np.where(injecting & ~capped, free, np.where(injecting & weather, np.fmax(could, free), could))


def _shares(estimate: Estimate, priors: dict[Quantity, Prior]) -> Shares:
    network = estimate.layout.network
    wanted = _node_injection_mva(estimate)
    known, variance = np.zeros(len(wanted), dtype=complex), np.zeros((2, len(wanted)))
    nodes: dict[Quantity, IntArray] = {}
    for table, status, p, q, sign in _ELEMENTS:
        node = network.topology.node_of_bus[getattr(network.model, table).bus]
        nodes[p] = np.where(getattr(network.state, status) & network.topology.node_live[node], node, -1)
        on = nodes[p] >= 0
        np.add.at(known, node[on], sign * (np.nan_to_num(priors[p].value) + 1j * np.nan_to_num(priors[q].value))[on])
        for row, quantity in enumerate((p, q)):
            np.add.at(variance[row], node[on], _variance(priors[quantity])[on])
    missing = np.nan_to_num(wanted - known)
    value, carrying = {}, {}
    for _, _, p, q, sign in _ELEMENTS:
        for row, (quantity, part) in enumerate(((p, missing.real), (q, missing.imag))):
            on = nodes[p] >= 0
            share = _variance(priors[quantity]) / np.maximum(variance[row][nodes[p]], 1e-12)
            value[quantity] = np.nan_to_num(priors[quantity].value) + np.where(on, sign * share * part[nodes[p]], 0.0)
            carrying[quantity] = on
    return Shares(value, carrying)


def _variance(prior: Prior) -> FloatArray:
    return np.where(np.isfinite(prior.sigma), prior.sigma, _UNKNOWN_MW) ** 2


def _node_injection_mva(estimate: Estimate) -> ComplexArray:
    """(nodes,) what must be injected for the estimated voltages; NaN where they are unknown."""
    solution, topology = estimate.solution, estimate.layout.network.topology
    total = np.zeros(len(topology.node_live), dtype=complex)
    live = topology.branch_live
    for node, p, q in (
        (topology.from_node, solution.p_from_mw, solution.q_from_mvar),
        (topology.to_node, solution.p_to_mw, solution.q_to_mvar),
    ):
        np.add.at(total, node[live], (p + 1j * q)[live])
    vm = np.full(len(topology.node_live), np.nan)
    vm[topology.node_of_bus] = solution.vm_pu
    shunt = node_shunt_mva(solution.state, topology)
    return total + np.where(shunt != 0, vm**2 * shunt, 0.0)
