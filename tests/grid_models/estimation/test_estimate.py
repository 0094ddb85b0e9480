"""What an estimate promises: the truth from clean data, exact constraints, and residuals as a dense textbook implementation finds them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandapower as pp
import pytest

from evals.bench.full_measurements import full_measurements, noisy, phasors
from grid_models.estimation.codes import CURRENT_ANGLE, P, Q, V
from grid_models.estimation.estimate import EstimationDiverged, estimate
from grid_models.estimation.layout import layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.result import Estimate
from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.measurement_set import InvalidMeasurement, Measurement, MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.telemetry.readings import measured
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState

SolutionOf = Callable[[str], Solution]


def is_truth(found: Estimate, solution: Solution, tolerance: float = 1e-8) -> None:
    """Voltages equal the power flow's, the same buses dead; J is nothing."""
    np.testing.assert_allclose(found.vm_pu, solution.vm_pu, atol=tolerance, rtol=0)
    turned = found.va_degree - solution.va_degree
    assert np.nanmax(np.abs(turned - 360 * np.round(turned / 360))) < np.degrees(tolerance)
    assert found.j < 1e-6


@pytest.mark.parametrize("name", ["case9", "case14", "case118", "1-HV-mixed--0-sw", "example_multivoltage"])
def test_clean_data_give_the_power_flow(solution_of: SolutionOf, name: str) -> None:
    """Meshed, with breakers and three infeeds, with three-winding transformers, shunts and phase shifts: within 1e-8 pu."""
    solution = solution_of(name)
    is_truth(estimate(solution.model, full_measurements(solution)), solution)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["case30", "case39", "case57", "case300", "case1354pegase"])
def test_clean_data_give_the_power_flow_on_larger_grids(solution_of: SolutionOf, name: str) -> None:
    """As above."""
    solution = solution_of(name)
    is_truth(estimate(solution.model, full_measurements(solution)), solution)


@pytest.mark.parametrize("shift", [0.0, 150.0, -30.0])
def test_vector_groups_and_open_ends(shift: float) -> None:
    """A transformer that turns by its vector group, a second in parallel, and a cable that is open at its far end."""
    net = pp.create_empty_network()
    one, other, far = (pp.create_bus(net, kv) for kv in (110.0, 20.0, 20.0))
    pp.create_ext_grid(net, one)
    pp.create_load(net, other, 30.0, 10.0)
    values = {"sn_mva": 60, "vn_hv_kv": 110, "vn_lv_kv": 20, "vkr_percent": 0.3, "vk_percent": 12, "pfe_kw": 200, "i0_percent": 0.5}
    for _ in range(2):
        pp.create_transformer_from_parameters(net, one, other, shift_degree=shift, **values)
    pp.create_line_from_parameters(net, other, far, 10.0, 0.1, 0.12, 300.0, 0.4)
    pp.create_switch(net, far, 0, et="l", closed=False)
    solution = solve(GridState.at_start(model_from_net(net, "vector group")))
    found = estimate(solution.model, full_measurements(solution))
    is_truth(found, solution)
    assert np.isnan(found.vm_pu[2])
    assert found.solution.p_to_mw[0] == pytest.approx(solution.p_to_mw[0], abs=1e-6)
    sparse = full_measurements(solution).where(full_measurements(solution).quantity != Quantity.P_TO)
    assert estimate(solution.model, sparse).vm_pu == pytest.approx(solution.vm_pu, abs=1e-8, nan_ok=True)


def test_islands_are_estimated_side_by_side() -> None:
    """Two grids without a connection, each with an infeed of its own angle; a third without one is dead."""
    net = pp.create_empty_network(sn_mva=100.0)
    bus = [pp.create_bus(net, 110.0) for _ in range(6)]
    for one, other in ((0, 1), (2, 3), (4, 5)):
        pp.create_line_from_parameters(net, bus[one], bus[other], 10.0, 0.1, 0.4, 10.0, 1.0)
        pp.create_load(net, bus[other], 40.0, 10.0)
    pp.create_ext_grid(net, bus[0], vm_pu=1.02)
    pp.create_ext_grid(net, bus[2], vm_pu=0.99, va_degree=20.0)
    solution = solve(GridState.at_start(model_from_net(net, "islands")))
    found = estimate(solution.model, full_measurements(solution))
    is_truth(found, solution, tolerance=1e-6)  # the power flow holds the second infeed by an impedance of almost nothing
    assert found.layout.states == 2 * 4 - 2
    assert found.va_degree[2] == pytest.approx(20.0, abs=1e-9)
    assert np.isnan(found.vm_pu[4:]).all()


def test_a_node_is_the_sum_of_its_elements(solution_of: SolutionOf) -> None:
    """Loads, machines and infeeds metered one by one are as good as the injection: same state, J and degrees of freedom."""
    solution = solution_of("1-HV-mixed--0-sw")
    meters = instruments_of(solution.model)
    clean = measured(solution, meters, None)
    is_truth(estimate(solution.model, clean), solution)
    whole = estimate(solution.model, clean)
    node, loads = solution.topology.node_of_bus, solution.model.loads
    in_use = np.flatnonzero((clean.quantity == Quantity.P_LOAD) & np.isfinite(whole.normalised_residuals))
    missing = int(in_use[0])
    beside = node[loads.bus[clean.element[in_use]]] == node[loads.bus[clean.element[missing]]]
    partners = in_use[beside & (in_use != missing)]
    less = estimate(solution.model, clean.where(np.arange(len(clean)) != missing))
    assert less.dof == whole.dof - 1  # the row of that load's node cannot be made
    assert np.isnan(less.normalised_residuals[partners - 1]).all()


def test_elements_at_one_node_and_its_injection_are_the_same_row(solved14: Solution) -> None:
    """Bus 2 of case14 has a load and a machine: 21.7 MW and 40 MW are +18.3 MW, the variances add up."""
    model = solved14.model
    load, machine = int(np.flatnonzero(model.loads.bus == 1)[0]), int(np.flatnonzero(model.generators.bus == 1)[0])
    others = full_measurements(solved14)
    others = others.where(~((others.quantity == Quantity.P_INJECTION) & (others.element == 1)))
    apart = [Measurement(Quantity.P_LOAD, load, 22.7, 3.0), Measurement(Quantity.P_GENERATOR, machine, 41.5, 4.0)]
    together = [Measurement(Quantity.P_INJECTION, 1, 18.8, 5.0)]
    one = estimate(model, MeasurementSet.joined([others, MeasurementSet.of(model, apart)]))
    other = estimate(model, MeasurementSet.joined([others, MeasurementSet.of(model, together)]))
    assert one.j == pytest.approx(other.j)
    assert one.dof == other.dof
    assert one.vm_pu == pytest.approx(other.vm_pu, abs=1e-12)
    assert one.normalised_residuals[-2:] == pytest.approx(other.normalised_residuals[-1])


def test_zero_injections_hold_and_count_twice(solved14: Solution) -> None:
    """Bus 7 of case14 has no element: as a constraint its balance is exact within 1e-9 pu, and adds two degrees of freedom."""
    noise = noisy(full_measurements(solved14), np.random.default_rng(5))
    free, held = estimate(solved14.model, noise), estimate(solved14.model, noise, zero_injections=True)
    silent = held.layout.network.silent
    assert np.flatnonzero(silent).tolist() == [6]
    assert held.dof == free.dof + 2 * silent.sum()
    exact = held.rows.exact
    assert np.isin(held.rows.code[exact], (P, Q)).all()
    assert np.abs(held.row_residual[exact]).max() < 1e-9
    assert held.j > free.j  # a constraint can only cost


def test_sigma_zero_is_exact(solved14: Solution) -> None:
    """A voltage and a flow without any error are met to 1e-9, however the others disagree."""
    noise = noisy(full_measurements(solved14), np.random.default_rng(6))
    exact = [Measurement(Quantity.V, "Bus 9", 1.03), Measurement(Quantity.P_FROM, 0, 140.0)]
    found = estimate(solved14.model, MeasurementSet.joined([noise, MeasurementSet.of(solved14.model, exact)]))
    assert found.vm_pu[8] == pytest.approx(1.03, abs=1e-9)
    assert found.solution.p_from_mw[0] == pytest.approx(140.0, abs=1e-6)
    assert not found.passes


def test_measured_angles_free_the_reference(solved14: Solution) -> None:
    """With two phasors all angles are unknown, and a common turn of both is found rather than contradicted."""
    measurements = full_measurements(solved14)
    angles = phasors(solved14, np.array([0, 5]), np.zeros(0, dtype=np.int64))
    turned = replace(angles, value=angles.value + 170.0)
    held, free = estimate(solved14.model, measurements), estimate(solved14.model, MeasurementSet.joined([measurements, turned]))
    assert free.layout.states == held.layout.states + 1
    assert free.va_degree == pytest.approx(held.va_degree + 170.0, abs=1e-7)
    assert free.j < 1e-9


@pytest.mark.parametrize("name", ["case14", "case118", "1-HV-mixed--0-sw"])
def test_currents_from_a_flat_start(solution_of: SolutionOf, name: str) -> None:
    """Magnitudes at every branch end, clean and noisy at 1 % of the base current: the truth; and from the truth the same answer."""
    solution = solution_of(name)
    measurements = MeasurementSet.joined([full_measurements(solution), currents(solution, 0.01)])
    truth = estimate(solution.model, measurements)
    is_truth(truth, solution)
    noise = noisy(measurements, np.random.default_rng(1))
    found, again = estimate(solution.model, noise), estimate(solution.model, noise, start=truth)
    assert found.j == pytest.approx(again.j, rel=1e-9)
    assert found.vm_pu == pytest.approx(again.vm_pu, abs=1e-6, nan_ok=True)


def test_precise_currents_still_converge(solved14: Solution) -> None:
    """A hundredth of a percent of the base current, from a flat start: small currents change their direction with every step."""
    is_truth(estimate(solved14.model, MeasurementSet.joined([full_measurements(solved14), currents(solved14, 1e-4)])), solved14)


def test_current_phasors_join_a_thin_set(solved14: Solution) -> None:
    """P and Q at the from ends and one voltage, with current phasors of every branch: the truth from a flat start."""
    whole = full_measurements(solved14)
    thin = whole.where(whole.of_quantity(Quantity.P_FROM, Quantity.Q_FROM) | (np.arange(len(whole)) == 0))
    units = phasors(solved14, np.array([0, 3]), np.flatnonzero(solved14.i_from_ka > 0.01))
    is_truth(estimate(solved14.model, MeasurementSet.joined([thin, units])), solved14)


def test_a_lost_phasor_unit_leaves_no_trace_in_the_angles(solved14: Solution) -> None:
    """While angles are measured they may be turned; once they are not, a warm start gives the infeed's angle again."""
    clean = full_measurements(solved14)
    angles = phasors(solved14, np.array([0, 5]), np.zeros(0, dtype=np.int64))
    first = estimate(solved14.model, MeasurementSet.joined([clean, replace(angles, value=angles.value + 170.0)]))
    is_truth(estimate(solved14.model, clean, start=first), solved14)


@pytest.mark.parametrize("name", ["case14", "case118"])
def test_a_warm_start_gives_the_same_in_fewer_steps(solution_of: SolutionOf, name: str) -> None:
    """The next set a little later, started from the estimate before."""
    solution = solution_of(name)
    first = estimate(solution.model, noisy(full_measurements(solution), np.random.default_rng(1)))
    following = noisy(full_measurements(solution), np.random.default_rng(2))
    cold, warm = estimate(solution.model, following), estimate(solution.model, following, start=first)
    assert warm.iterations < cold.iterations
    assert warm.vm_pu == pytest.approx(cold.vm_pu, abs=1e-8)
    assert warm.j == pytest.approx(cold.j)


def test_a_useless_start_is_given_up(solved14: Solution) -> None:
    """A start far from any state ends in the same estimate as none."""
    clean = full_measurements(solved14)
    good = estimate(solved14.model, clean)
    wild = replace(good, theta=good.theta + np.arange(14) * 2.0, vm=np.full(14, 0.3))
    is_truth(estimate(solved14.model, clean, start=wild), solved14)


def test_huber_moves_less_under_a_gross_error(solution_of: SolutionOf) -> None:
    """One flow off by 60 standard deviations moves the angles of plain least squares several times as far."""
    solution = solution_of("case118")
    clean = full_measurements(solution)
    at = int(np.flatnonzero(clean.quantity == Quantity.P_FROM)[20])
    wrong = replace(clean, value=np.where(np.arange(len(clean)) == at, clean.value + 60.0, clean.value))
    plain, robust = (estimate(solution.model, wrong, robust=huber) for huber in (False, True))
    moved = [np.abs(found.va_degree - solution.va_degree).max() for found in (plain, robust)]
    assert moved[1] < 0.25 * moved[0]
    assert robust.suspects[0].index == at


def test_the_order_of_measurements_does_not_matter(solved14: Solution) -> None:
    """A shuffled set: same state and J, residuals follow their measurement."""
    noise = noisy(full_measurements(solved14), np.random.default_rng(3))
    order = np.random.default_rng(4).permutation(len(noise))
    one, other = estimate(solved14.model, noise), estimate(solved14.model, noise.where(order))
    assert other.j == pytest.approx(one.j, rel=1e-10)
    assert other.vm_pu == pytest.approx(one.vm_pu, abs=1e-10)
    assert other.normalised_residuals == pytest.approx(one.normalised_residuals[order], abs=1e-8)


@pytest.mark.parametrize("factor", [0.1, 7.0])
def test_scaled_sigmas_scale_only_the_objective(solved14: Solution, factor: float) -> None:
    """All standard deviations times c: J by 1/c², normalised residuals by 1/c, the state stays."""
    noise = noisy(full_measurements(solved14), np.random.default_rng(3))
    one, other = estimate(solved14.model, noise), estimate(solved14.model, replace(noise, sigma=noise.sigma * factor))
    assert other.j == pytest.approx(one.j / factor**2)
    assert other.vm_pu == pytest.approx(one.vm_pu, abs=1e-9)
    assert other.normalised_residuals == pytest.approx(one.normalised_residuals / factor, rel=1e-6)


def test_contradictions_end_in_a_sentence(solved14: Solution) -> None:
    """Voltages no grid can have: a sentence that says what would help, not a state."""
    clean = full_measurements(solved14)
    wild = replace(clean, value=clean.value * np.random.default_rng(1).choice([-40.0, 90.0], len(clean)))
    with pytest.raises(EstimationDiverged, match=r"leaving them out|flat start"):
        estimate(solved14.model, wild)


@pytest.mark.parametrize("with_phasors", [False, True])
def test_residuals_are_those_of_a_dense_textbook_implementation(solved14: Solution, with_phasors: bool) -> None:
    """Gauss-Newton with finite differences and Ω = R - H G⁻¹ Hᵀ in full: state, J and every normalised residual to 1e-6."""
    measurements = full_measurements(solved14)
    if with_phasors:
        phasor = phasors(solved14, np.array([0, 5, 9]), np.arange(len(solved14.model.branches)))
        measurements = MeasurementSet.joined([measurements, phasor.where(phasor.quantity != Quantity.I_ANGLE_FROM)])
    noise = noisy(measurements, np.random.default_rng(8))
    found = estimate(solved14.model, noise)
    x, j, normalised = dense(found)
    n = len(found.theta)
    assert found.theta == pytest.approx(x[:n], abs=1e-7)
    assert found.vm == pytest.approx(x[n:], abs=1e-7)
    assert found.j == pytest.approx(j, rel=1e-8)
    assert found.row_normalised == pytest.approx(normalised, abs=1e-6)


def dense(found: Estimate) -> tuple[FloatArray, float, FloatArray]:
    """(2 live,) angles and magnitudes, J and (rows,) normalised residuals, without sparse structures or analytic derivatives."""
    sites, rows, live = found.layout.sites, found.rows, len(found.theta)
    free = np.concatenate([~found.layout.reference, np.ones(live, dtype=bool)])
    site = np.repeat(np.arange(len(sites.own)), np.diff(sites.row_start))
    y = np.zeros((len(sites.own), live), dtype=complex)
    np.add.at(y, (np.repeat(np.arange(len(sites.own)), np.diff(sites.start)), sites.node), sites.y)

    def h(x: FloatArray) -> FloatArray:
        voltage = x[live:] * np.exp(1j * x[:live])
        current = y[site] @ voltage
        own = sites.own[site]
        power = voltage[own] * current.conj()
        return np.choose(rows.code, [x[live:][own], x[:live][own], power.real, power.imag, np.abs(current), np.angle(current)])

    def slopes(x: FloatArray) -> FloatArray:
        return np.column_stack([(h(x + e) - h(x - e)) / 2e-6 for e in np.eye(2 * live)[free] * 1e-6])

    x, weight = np.concatenate(found.layout.start), rows.weight
    x[:live] += np.linspace(0.0, 1e-3, live) * free[:live]  # at a flat start a current has no direction
    residual = np.zeros(len(rows.code))
    for step in range(60):
        slope, residual = slopes(x), rows.z - h(x)
        assert not np.isin(rows.code, (CURRENT_ANGLE,)).any()
        trusted = weight * (np.isin(rows.code, (V, P, Q, 1)) | (step > 2))
        change = np.linalg.solve(slope.T @ (trusted[:, None] * slope), slope.T @ (trusted * residual))
        x[free] += change
        if np.abs(change).max() < 1e-12:
            break
    slope, residual = slopes(x), rows.z - h(x)
    covariance = np.diag(1 / weight) - slope @ np.linalg.inv(slope.T @ (weight[:, None] * slope)) @ slope.T
    return x, float(residual @ (weight * residual)), np.abs(residual) / np.sqrt(np.diag(covariance))


def currents(solution: Solution, share: float) -> MeasurementSet:
    """Magnitudes at both ends of every live branch; sigma: share of the base current there."""
    model = solution.model
    branch = np.flatnonzero(np.isfinite(solution.p_from_mw) & np.isfinite(solution.p_to_mw))
    parts = []
    for quantity, values, bus in (
        (Quantity.I_FROM, solution.i_from_ka, model.branches.from_bus),
        (Quantity.I_TO, solution.i_to_ka, model.branches.to_bus),
    ):
        sigma = share * model.base_mva / np.sqrt(3) / model.buses.nominal_kv[bus[branch]]
        parts.append(MeasurementSet.column(quantity, branch, values[branch], sigma))
    return MeasurementSet.joined(parts)


def test_sets_of_equal_shape_share_a_layout(solved14: Solution) -> None:
    """Only values differ: the search for the order of elimination is not repeated."""
    clean, network = full_measurements(solved14), network_of(solved14.state)
    assert layout_of(network, clean) is layout_of(network_of(solved14.state), noisy(clean, np.random.default_rng(1)))
    assert layout_of(network, clean) is not layout_of(network, clean.where(np.arange(len(clean)) > 0))


@pytest.mark.parametrize("name", ["case14", "case118"])
def test_phasors_alone_give_the_power_flow(solution_of: SolutionOf, name: str) -> None:
    """Voltage phasors at the first half of the buses, current phasors where some flows: no power is measured, a flat start is enough."""
    solution = solution_of(name)
    bus, branch = np.arange(len(solution.vm_pu) // 2), np.flatnonzero(np.hypot(solution.p_from_mw, solution.q_from_mvar) > 2.0)
    magnitude = MeasurementSet.column(Quantity.V, bus, solution.vm_pu[bus], 0.002)
    is_truth(estimate(solution.model, MeasurementSet.joined([magnitude, phasors(solution, bus, branch)])), solution)


def test_a_tap_that_does_not_exist_is_refused(solved14: Solution) -> None:
    """Beyond the range or between two positions: one sentence with what would work, no table index."""
    for position in (999.0, -0.5):
        with pytest.raises(InvalidMeasurement, match=r"Tap position .* of Transformer 4-9 \(1\) does not exist"):
            estimate(solved14.model, [Measurement(Quantity.TAP, "Transformer 4-9 (1)", position)])


def test_without_any_supply_everything_is_dead(solved14: Solution) -> None:
    """The only infeed reported off: NaN at every bus."""
    found = estimate(solved14.model, [Measurement(Quantity.INFEED_ON, 0, 0.0)])
    assert np.isnan(found.vm_pu).all()
    assert np.isnan(found.va_degree).all()


def test_rows_of_numpy_count_and_odd_elements_are_refused(solved14: Solution) -> None:
    """An element may be a numpy integer; what is neither name nor number, and what is no value, ends in a sentence."""
    assert MeasurementSet.of(solved14.model, [Measurement(Quantity.V, np.int64(2), 1.0, 0.01)]).element[0] == 2  # type: ignore[arg-type]
    for element, value in ((2.5, 1.0), (None, 1.0), (2, "1.0"), (2, None)):
        with pytest.raises(InvalidMeasurement):
            MeasurementSet.of(solved14.model, [Measurement(Quantity.V, element, value, 0.01)])  # type: ignore[arg-type]
