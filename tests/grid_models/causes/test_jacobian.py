"""Derivatives against finite differences, and the voltages they are taken at."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.causes.jacobian import (
    current_derivatives,
    injection_derivatives,
    node_admittance,
    node_voltage,
    power_derivatives,
)
from grid_models.steady.boundary import solve
from grid_models.steady.solution import branch_admittances, node_injection_mva
from grid_models.twin.profiles import Grid

_STEP = 1e-6


def test_the_admittance_matrix_gives_back_the_scheduled_injections(default_grid: Grid) -> None:
    """At every live node without infeed V · conj(Y V) is what is injected there, on a grid with transformers and shunts alike."""
    solution = solve(default_grid.state_at())
    state, topology = solution.state, solution.topology
    voltage = np.where(topology.node_live, node_voltage(solution), 1.0)
    power = voltage * (node_admittance(state, topology) @ voltage).conj() * state.model.base_mva
    free = topology.node_live.copy()
    free[topology.node_of_bus[state.model.infeeds.bus]] = False
    assert np.abs(power - node_injection_mva(state, topology))[free].max() < 1e-4


def test_the_open_end_of_a_line_has_the_voltage_that_carries_no_current(hand_built: Callable[[], Any]) -> None:
    """A 100-km cable open at B: with the voltage found for its open end its live end takes what the solved flow says."""
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB", r_ohm=5.0)
    grid.net.line["c_nf_per_km"] = 3000.0
    pp.create_switch(grid.net, grid.bus["B"], 0, et="l", closed=False)
    solution = solve(grid.state())
    topology = solution.topology
    assert topology.branch_live[0]
    here, there = node_voltage(solution)[[topology.from_node[0], topology.to_node[0]]]
    yff, yft, ytf, ytt = (y[0] for y in branch_admittances(solution.state))
    assert abs(there) == pytest.approx(1 + np.pi * 50 * 3e-6 * 100 * 0.1, abs=1e-4)  # Ferranti's rise: half of b times x
    assert abs(ytf * here + ytt * there) < 1e-9
    taken = here * (yff * here + yft * there).conjugate() * 100
    assert (taken.real, taken.imag) == (pytest.approx(solution.p_from_mw[0], abs=1e-5), pytest.approx(solution.q_from_mvar[0], abs=1e-5))


def test_injection_derivatives_are_the_slopes_of_the_injections(case118: Grid) -> None:
    """∂S/∂angle and ∂S/∂magnitude of case118 (phase angles up to 40 degrees), each column against a central difference."""
    solution = solve(case118.state_at())
    admittance, voltage = node_admittance(solution.state, solution.topology), node_voltage(solution)
    by_angle, by_magnitude = injection_derivatives(admittance, voltage)
    for node in range(0, len(voltage), 17):
        for derivative, turned in ((by_angle, np.exp(1j * _STEP)), (by_magnitude, 1 + _STEP / np.abs(voltage[node]))):
            up, down = voltage.copy(), voltage.copy()
            up[node] *= turned
            down[node] = voltage[node] * (turned.conj() if derivative is by_angle else 2 - turned)
            slope = (up * (admittance @ up).conj() - down * (admittance @ down).conj()) / (2 * _STEP)
            assert derivative[:, [node]].toarray().ravel() == pytest.approx(slope, abs=1e-5)


@pytest.mark.parametrize("quantity", ["power", "current"])
@pytest.mark.parametrize("at_from", [True, False])
def test_end_derivatives_are_the_slopes_of_power_and_current(case118: Grid, quantity: str, at_from: bool) -> None:
    """All 186 branches of case118 at once, both ends, against central differences of the branch equations."""
    solution = solve(case118.state_at())
    voltage, topology = node_voltage(solution), solution.topology
    yff, yft, ytf, ytt = branch_admittances(solution.state)
    v_own, v_other = voltage[topology.from_node], voltage[topology.to_node]
    y_own, y_other = yff, yft
    if not at_from:
        v_own, v_other, y_own, y_other = v_other, v_own, ytt, ytf

    def value(own: np.ndarray, other: np.ndarray) -> np.ndarray:
        current = y_own * own + y_other * other
        return own * current.conj() if quantity == "power" else np.abs(current)

    found = (power_derivatives if quantity == "power" else current_derivatives)(y_own, y_other, v_own, v_other)
    turn = np.exp(1j * _STEP)
    grown, other_grown = _STEP * v_own / np.abs(v_own), _STEP * v_other / np.abs(v_other)
    for derivative, up, down in (
        (found.by_own_angle, value(v_own * turn, v_other), value(v_own / turn, v_other)),
        (found.by_other_angle, value(v_own, v_other * turn), value(v_own, v_other / turn)),
        (found.by_own_magnitude, value(v_own + grown, v_other), value(v_own - grown, v_other)),
        (found.by_other_magnitude, value(v_own, v_other + other_grown), value(v_own, v_other - other_grown)),
    ):
        assert derivative == pytest.approx((up - down) / (2 * _STEP), rel=1e-4, abs=1e-4)
