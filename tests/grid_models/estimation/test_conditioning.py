"""Ill-conditioned sets against dense references that never square the Jacobian, and the condition number that tells of them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evals.bench.full_measurements import full_measurements, noisy, phasors
from grid_models.estimation.augmented import augmented_explained, residuals
from grid_models.estimation.condition import condition_number
from grid_models.estimation.derivative_matrix import derivative_matrix, unknowns_of
from grid_models.estimation.estimate import EstimationDiverged, estimate
from grid_models.estimation.iterations import Method
from grid_models.estimation.layout import layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.result import Estimate
from grid_models.estimation.row_variance import explained_variance, node_covariance
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState

Solutions = Callable[[str], Solution]


def with_some_sure(solution: Solution, share_of_sigma: float) -> MeasurementSet:
    """A tenth of the standard deviations so much smaller than the others."""
    whole = full_measurements(solution)
    chosen = np.random.default_rng(1).random(len(whole)) < 0.1
    return noisy(replace(whole, sigma=np.where(chosen, share_of_sigma, 1.0) * whole.sigma), np.random.default_rng(3))


def with_short_lines(solution: Solution, x_pu: float) -> Solution:
    """A seventh of the branches as short as couplers."""
    model = solution.model
    short = np.random.default_rng(5).random(len(model.branches)) < 0.15
    x, r = np.where(short, x_pu, model.branches.x_pu), np.where(short, x_pu / 10, model.branches.r_pu)
    return solve(GridState.at_start(replace(model, branches=replace(model.branches, x_pu=x, r_pu=r))))


def dense_shares(found: Estimate) -> FloatArray:
    """(rows,) what the others know of each row that is not exact [pu²]: in the null space of the exact rows, by QR."""
    matrix, _ = derivative_matrix(found.layout, found.rows, found.theta, found.vm)
    h, exact = matrix.toarray(), found.rows.exact
    free = np.eye(h.shape[1])
    if exact.any():
        _, values, right = np.linalg.svd(h[exact])
        free = right[int(np.sum(values > 1e-10 * values[0])) :].T
    root = np.sqrt(found.rows.weight[~exact])
    q, _ = np.linalg.qr(root[:, None] * h[~exact] @ free)
    shares = np.zeros(len(exact))
    shares[~exact] = np.sum(q**2, axis=1) / root**2
    return shares


def dense_correction(found: Estimate) -> FloatArray:
    """(unknowns,) the step of dense least squares from an estimate without exact rows: nothing where it is the best."""
    matrix, expected = derivative_matrix(found.layout, found.rows, found.theta, found.vm)
    root = np.sqrt(found.rows.weight)
    return np.asarray(np.linalg.lstsq(root[:, None] * matrix.toarray(), root * residuals(found.rows, expected), rcond=None)[0])


@pytest.mark.parametrize("name", ["case14", "case118"])
@pytest.mark.parametrize("zero_injections", [False, True])
def test_variances_with_exact_rows_are_those_of_the_constrained_problem(name: str, zero_injections: bool, solution_of: Solutions) -> None:
    """Zero injections weigh much instead of infinitely: no residual variance is off by more than 0.5 %."""
    solution = solution_of(name)
    found = estimate(solution.model, noisy(full_measurements(solution), np.random.default_rng(1)), zero_injections=zero_injections)
    counted = ~found.rows.exact
    assert counted.all() != zero_injections
    expected = 1.0 / found.rows.weight[counted] - dense_shares(found)[counted]
    assert found.row_variance[counted] == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize(("name", "x_pu"), [("case118", 1e-4), ("case14", 1e-5)])
@pytest.mark.parametrize("zero_injections", [False, True])
def test_variances_beside_short_lines_keep_their_digits(name: str, x_pu: float, zero_injections: bool, solution_of: Solutions) -> None:
    """Lines of 1e-4 and 1e-5 pu among usual ones, at nodes that inject nothing: every share is right to 1e-3."""
    solution = with_short_lines(solution_of(name), x_pu)
    found = estimate(solution.model, noisy(full_measurements(solution), np.random.default_rng(1)), zero_injections=zero_injections)
    counted, weight = ~found.rows.exact, found.rows.weight
    got = explained_variance(found.layout, found.rows, found.theta, found.vm)
    assert (weight * got)[counted] == pytest.approx((weight * dense_shares(found))[counted], abs=1e-3)


@pytest.mark.slow
def test_shares_add_up_to_the_unknowns_on_a_large_grid_with_zero_injections(solution_of: Solutions) -> None:
    """case2869pegase, where the inverse on the pattern lost every digit: each share between 0 and 1, together the unknowns."""
    solution = solution_of("case2869pegase")
    found = estimate(solution.model, noisy(full_measurements(solution), np.random.default_rng(1)), zero_injections=True)
    shares = found.rows.weight * explained_variance(found.layout, found.rows, found.theta, found.vm)
    exact = found.rows.exact
    assert shares[~exact].sum() == pytest.approx(found.layout.states - exact.sum(), abs=1e-2)
    assert 0.0 <= shares[~exact].min() <= shares[~exact].max() < 1.0 + 1e-9
    assert np.abs(shares[exact]).max() < 1e-3


@pytest.mark.parametrize("share_of_sigma", [1e-4, 1e-5, 1e-6])
def test_shares_are_right_where_some_meters_are_very_sure(share_of_sigma: float, solved14: Solution) -> None:
    """Standard deviations 1e4 to 1e6 apart: shares as by dense QR, although the gain matrix has lost them."""
    found = estimate(solved14.model, with_some_sure(solved14, share_of_sigma))
    got = explained_variance(found.layout, found.rows, found.theta, found.vm)
    assert found.rows.weight * got == pytest.approx(found.rows.weight * dense_shares(found), abs=1e-3)


@pytest.mark.parametrize("name", ["case14", "case118"])
@pytest.mark.parametrize("zero_injections", [False, True])
@pytest.mark.parametrize("robust", [False, True])
def test_both_methods_agree_where_both_work(name: str, zero_injections: bool, robust: bool, solution_of: Solutions) -> None:
    """Usual sets: voltages within 1e-8, the same J."""
    solution = solution_of(name)
    branch = np.arange(len(solution.model.branches))
    given = MeasurementSet.joined([full_measurements(solution), phasors(solution, np.arange(3), branch[:5])])
    given = noisy(given, np.random.default_rng(2))
    found = {m: estimate(solution.model, given, method=m, zero_injections=zero_injections, robust=robust) for m in METHODS}
    normal, augmented = found["normal"], found["augmented"]
    assert (normal.method, augmented.method, found["auto"].method) == ("normal", "augmented", "normal")
    assert augmented.vm_pu == pytest.approx(normal.vm_pu, abs=3e-8 if robust else 1e-8)  # Huber's weights converge more slowly
    assert np.deg2rad(augmented.va_degree) == pytest.approx(np.deg2rad(normal.va_degree), abs=3e-8 if robust else 1e-8)
    assert augmented.j == pytest.approx(normal.j, rel=1e-6)


METHODS: tuple[Method, ...] = ("auto", "normal", "augmented")


@pytest.mark.parametrize("share_of_sigma", [1e-5, 1e-6, 1e-7])
def test_the_augmented_form_answers_where_the_normal_equations_break_down(share_of_sigma: float, solved14: Solution) -> None:
    """Standard deviations 1e5 to 1e7 apart: the normal equations find nothing, the automatic choice finds the dense least squares."""
    given = with_some_sure(solved14, share_of_sigma)
    with pytest.raises(EstimationDiverged):
        estimate(solved14.model, given, method="normal")
    found = estimate(solved14.model, given)
    assert found.method == "augmented"
    assert np.abs(dense_correction(found)).max() < 1e-8


def test_exact_rows_hold_in_the_augmented_form(solution_of: Solutions) -> None:
    """Zero injections of case118 are met to 1e-8 pu where meters of very different accuracy need the augmented form."""
    solution = solution_of("case118")
    found = estimate(solution.model, with_some_sure(solution, 1e-6), zero_injections=True)
    assert found.method == "augmented"
    assert np.abs(found.row_residual[found.rows.exact]).max() < 1e-8


@pytest.mark.parametrize("name", ["case14", "case118"])
@pytest.mark.parametrize("zero_injections", [False, True])
def test_condition_and_its_bound_against_the_dense_one(name: str, zero_injections: bool, solution_of: Solutions) -> None:
    """Within a factor of ten of numpy's in the 1-norm, with exact rows that of states and multipliers."""
    solution = solution_of(name)
    found = estimate(solution.model, noisy(full_measurements(solution), np.random.default_rng(1)), zero_injections=zero_injections)
    matrix, _ = derivative_matrix(found.layout, found.rows, found.theta, found.vm)
    gain = (matrix.T @ (found.rows.weight[:, None] * matrix.toarray())).astype(np.float64)
    held = matrix.toarray()[found.rows.exact]
    whole = np.block([[gain, held.T], [held, np.zeros((len(held), len(held)))]])
    assert 0.1 < found.condition / np.linalg.cond(whole, 1) < 10.0


def test_condition_is_infinite_where_the_factors_break_down(solved14: Solution) -> None:
    """Standard deviations 1e7 apart."""
    found = estimate(solved14.model, with_some_sure(solved14, 1e-7))
    assert found.condition == float("inf")


def test_node_covariances_are_the_blocks_of_the_dense_inverse(solved14: Solution) -> None:
    """Angle and magnitude of every node of case14, the reference's angle apart."""
    found = estimate(solved14.model, noisy(full_measurements(solved14), np.random.default_rng(1)))
    matrix, _ = derivative_matrix(found.layout, found.rows, found.theta, found.vm)
    inverse = np.linalg.inv(matrix.T @ (found.rows.weight[:, None] * matrix.toarray()))
    live = len(found.theta)
    full = np.zeros((2 * live, 2 * live))
    full[np.ix_(unknowns_of(found.layout), unknowns_of(found.layout))] = inverse
    got = node_covariance(found.layout, found.rows, found.theta, found.vm)
    for n in np.flatnonzero(~found.layout.reference):
        assert got[n] == pytest.approx(full[np.ix_((n, live + n), (n, live + n))], rel=1e-8, abs=1e-16)


def test_the_augmented_form_explains_rows_that_are_left_out(solved14: Solution) -> None:
    """The variance of what a row not in use should read is the same by both forms."""
    given = noisy(full_measurements(solved14), np.random.default_rng(1))
    layout = layout_of(network_of(solved14.state), given)
    found = estimate(solved14.model, given)
    used = np.arange(len(layout.table)) % 7 > 0
    rows = layout.rows(given, used)
    normal = explained_variance(found.layout, rows, found.theta, found.vm)
    assert augmented_explained(found.layout, rows, found.theta, found.vm) == pytest.approx(normal, rel=1e-7)
    assert condition_number(found.layout, rows, found.theta, found.vm) > found.condition / 10
