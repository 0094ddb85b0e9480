"""What rows should read, against the flows of a power-flow solution and against finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.bench.full_measurements import full_measurements, injected_mva, phasors
from grid_models.estimation.codes import ANGLE, CURRENT, CURRENT_ANGLE, P, Q, V
from grid_models.estimation.equations_kernel import Rows, derivatives, linearise
from grid_models.estimation.layout import Layout, layout_of
from grid_models.estimation.network import network_of
from grid_models.steady.solution import Solution, solution_from_voltages
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import FloatArray

STEP = 1e-6
CODES = (V, ANGLE, P, Q, CURRENT, CURRENT_ANGLE)


def everything(solution: Solution) -> MeasurementSet:
    """Every quantity at every place of the grid, currents at both ends too."""
    model = solution.model
    bus, branch = np.arange(len(model.buses)), np.arange(len(model.branches))
    to_ends = [MeasurementSet.column(q, branch, np.ones(len(branch)), 0.01) for q in (Quantity.I_TO, Quantity.I_ANGLE_TO)]
    return MeasurementSet.joined([full_measurements(solution, everywhere=True), phasors(solution, bus, branch), *to_ends])


def read(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(rows,) values, and the derivatives of each row by angles and magnitudes, dense (rows, live)."""
    sites, live = layout.sites, len(layout.order)
    sizes = np.repeat(np.diff(sites.start), np.diff(sites.row_start))
    by_angle, by_vm, expected = np.empty(sizes.sum()), np.empty(sizes.sum()), np.empty(len(rows.code))
    derivatives(sites, rows, theta, vm, by_angle, by_vm, expected)
    dense_angle, dense_vm = np.zeros((len(rows.code), live)), np.zeros((len(rows.code), live))
    site_of_row = np.repeat(np.arange(len(sites.own)), np.diff(sites.row_start))
    row = np.repeat(np.arange(len(rows.code)), sizes)
    node = np.concatenate([sites.node[sites.start[s] : sites.start[s + 1]] for s in site_of_row])
    np.add.at(dense_angle, (row, node), by_angle)
    np.add.at(dense_vm, (row, node), by_vm)
    return expected, dense_angle, dense_vm


def voltages(seed: int, live: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.5, 0.5, live), rng.uniform(0.8, 1.2, live)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_derivative_is_the_slope_of_its_row(solved14: Solution, seed: int) -> None:
    """All codes at bus, injection, from and to ends of case14 in any state: each entry equals a central difference."""
    given_set = everything(solved14)
    layout = layout_of(network_of(solved14.state), given_set)
    rows = layout.rows(given_set)
    assert set(rows.code.tolist()) == set(CODES)
    theta, vm = voltages(seed, len(layout.order))
    _, by_angle, by_vm = read(layout, rows, theta, vm)
    turning = rows.code == CURRENT_ANGLE
    for node in range(len(theta)):
        for values, derivative in ((theta, by_angle), (vm, by_vm)):
            before = values[node]
            values[node] = before + STEP
            up = read(layout, rows, theta, vm)[0]
            values[node] = before - STEP
            down = read(layout, rows, theta, vm)[0]
            values[node] = before
            change = up - down
            change[turning] -= 2 * np.pi * np.round(change[turning] / (2 * np.pi))
            scale = np.maximum(1.0, np.abs(derivative).max())
            assert derivative[:, node] == pytest.approx(change / (2 * STEP), abs=1e-5 * scale)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_rows_read_what_a_solution_of_the_same_voltages_says(solved14: Solution, seed: int) -> None:
    """Flows, currents and injections at any voltages, against the code that evaluates power flows."""
    given_set = everything(solved14)
    layout = layout_of(network_of(solved14.state), given_set)
    theta, vm = voltages(seed, len(layout.order))
    network = layout.network
    node_voltage = np.full(len(network.place), complex(np.nan, np.nan))
    node_voltage[network.node] = (vm * np.exp(1j * theta))[layout.order]
    other = solution_from_voltages(solved14.state, network.topology, node_voltage)
    expected, _, _ = read(layout, layout.rows(given_set), theta, vm)
    entry = layout.table
    found = np.empty(len(given_set))
    found[entry.entry_measurement] = expected[entry.entry_row] / entry.entry_factor
    angle = np.degrees(np.angle(((other.p_from_mw + 1j * other.q_from_mvar) / _at_from(other)).conj()))
    angle_to = np.degrees(np.angle(((other.p_to_mw + 1j * other.q_to_mvar) / _at_to(other)).conj()))
    injected = injected_mva(other)[network.topology.node_of_bus]
    truth = {
        Quantity.V: other.vm_pu,
        Quantity.V_ANGLE: other.va_degree,
        Quantity.P_INJECTION: injected.real,
        Quantity.Q_INJECTION: injected.imag,
        Quantity.P_FROM: other.p_from_mw,
        Quantity.Q_FROM: other.q_from_mvar,
        Quantity.P_TO: other.p_to_mw,
        Quantity.Q_TO: other.q_to_mvar,
        Quantity.I_FROM: other.i_from_ka,
        Quantity.I_TO: other.i_to_ka,
        Quantity.I_ANGLE_FROM: angle,
        Quantity.I_ANGLE_TO: angle_to,
    }
    for quantity, values in truth.items():
        rows = given_set.quantity == quantity
        assert rows.any()
        assert found[rows] == pytest.approx(values[given_set.element[rows]], abs=1e-8), quantity.name


def test_the_gradient_and_the_gain_are_the_sums_of_the_rows(solved14: Solution) -> None:
    """HᵀWr and HᵀWH from the blocks equal those from dense derivatives; the reference's angle is held."""
    whole = everything(solved14)
    given_set = whole.where(~whole.of_quantity(Quantity.V_ANGLE))
    layout = layout_of(network_of(solved14.state), given_set)
    rows, live, pattern = layout.rows(given_set), len(layout.order), layout.pattern
    theta, vm = voltages(3, live)
    diagonal, factor, gradient = np.empty((live, 2, 2)), np.empty((len(pattern.low_row), 2, 2)), np.empty((live, 2))
    expected, dual = np.empty(len(rows.code)), layout.saddle.dual
    idle = np.zeros((live, 2))
    j, _ = linearise(
        layout.sites, rows, layout.reference, dual, theta, vm, idle, 0.0, True, 0.0, False, diagonal, factor, gradient, expected
    )
    _, by_angle, by_vm = read(layout, rows, theta, vm)
    by_angle[:, layout.reference] = 0.0
    h = np.stack([by_angle, by_vm], axis=2).reshape(len(rows.code), 2 * live)
    residual = rows.z - expected
    turning = rows.code == CURRENT_ANGLE
    residual[turning] -= 2 * np.pi * np.round(residual[turning] / (2 * np.pi))
    gain = h.T @ (h * rows.weight[:, None])
    assert j == pytest.approx(float(residual @ (rows.weight * residual)))
    assert gradient.ravel() == pytest.approx(h.T @ (rows.weight * residual), rel=1e-9, abs=1e-6 * np.abs(gradient).max())
    for node in range(live):
        block = gain[2 * node : 2 * node + 2, 2 * node : 2 * node + 2].copy()
        block[0, 0] = 1.0 if layout.reference[node] else block[0, 0]
        assert diagonal[node] == pytest.approx(block, rel=1e-9)
        for place in range(pattern.low[node], pattern.low[node + 1]):
            other = pattern.low_row[place]
            assert factor[place] == pytest.approx(gain[2 * other : 2 * other + 2, 2 * node : 2 * node + 2], rel=1e-9, abs=1e-6)


def test_a_current_of_nothing_has_no_direction_and_breaks_nothing(solved14: Solution) -> None:
    """At equal voltages a lossless line without charging carries no current: its row has value and slopes zero, not NaN."""
    given_set = everything(solved14)
    layout = layout_of(network_of(solved14.state), given_set)
    live = len(layout.order)
    expected, by_angle, by_vm = read(layout, layout.rows(given_set), np.zeros(live), np.ones(live))
    assert np.isfinite(expected).all()
    assert np.isfinite(by_angle).all()
    assert np.isfinite(by_vm).all()


def _at_from(solution: Solution) -> np.ndarray:
    voltage = solution.vm_pu * np.exp(1j * np.deg2rad(solution.va_degree))
    return voltage[solution.model.branches.from_bus]


def _at_to(solution: Solution) -> np.ndarray:
    voltage = solution.vm_pu * np.exp(1j * np.deg2rad(solution.va_degree))
    return voltage[solution.model.branches.to_bus]
