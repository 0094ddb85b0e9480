"""What exact meters show: the power balance of the truth, and nothing where nothing is live."""

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments, instruments_of
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quality, Quantity, Source
from grid_models.telemetry.readings import _generator_mvar as generator_mvar
from grid_models.telemetry.readings import exact_readings, measured, without_supply
from grid_models.twin.profiles import Grid


def _column(readings: MeasurementSet, quantity: Quantity) -> np.ndarray:
    return readings.value[readings.of_quantity(quantity)]


def test_injections_and_losses_balance(default_grid: Grid, solved: Solution, instruments: Instruments) -> None:
    """What infeeds and generators bring is what loads draw and branches lose, in MW."""
    state = solved.state
    fed = solved.infeed_p_mw.sum() + state.generator_injected_mw.sum()
    assert fed == pytest.approx(state.load_drawn_mw.sum() + solved.losses_mw, abs=1e-4)
    readings = measured(solved, instruments, None)
    assert _column(readings, Quantity.P_INFEED) == pytest.approx(solved.infeed_p_mw)


def test_machines_that_hold_a_voltage_bring_what_their_node_needs(case118: Grid) -> None:
    """Reactive power of all machines and the infeed balances loads, shunts and branches."""
    s = solve(case118.state_at())
    model = s.model
    shunts = (s.vm_pu[model.shunts.bus] ** 2 * model.shunts.q_mvar * s.state.shunt_step).sum()
    branches = (s.q_from_mvar + s.q_to_mvar).sum()
    brought = generator_mvar(s).sum() + s.infeed_q_mvar.sum()
    assert brought == pytest.approx(s.state.load_drawn_mvar.sum() + shunts + branches, abs=1e-3)
    assert np.abs(generator_mvar(s) - s.state.generator_injected_mvar).max() > 1.0


def test_a_current_phasor_is_the_power_over_the_voltage(default_grid: Grid, solved: Solution, instruments: Instruments) -> None:
    """√3·V·I* of each PMU equals the branch's complex power."""
    value = exact_readings(solved, instruments)
    model = default_grid.model
    rows = instruments.rows_of(Quantity.I_ANGLE_FROM)
    branch = instruments.element[rows]
    bus = model.branches.from_bus[branch]
    volt = solved.vm_pu[bus] * model.buses.nominal_kv[bus] * np.exp(1j * np.deg2rad(solved.va_degree[bus]))
    current = solved.i_from_ka[branch] * np.exp(1j * np.deg2rad(value[rows]))
    assert np.sqrt(3) * volt * current.conj() == pytest.approx(solved.p_from_mw[branch] + 1j * solved.q_from_mvar[branch])


def test_a_dead_line_reads_nothing(default_grid: Grid, instruments: Instruments) -> None:
    """Behind an open radial line the voltage, the loads and the flow read zero, and their positions are told."""
    state = default_grid.state_at().apply([Action(kind="open", element="HV1 Line 12")])
    solution = solve(state)
    value = exact_readings(solution, instruments)
    assert np.isfinite(value[instruments.quantity <= Quantity.P_AVAILABLE]).all()
    dead = ~np.isfinite(solution.vm_pu)
    volts = instruments.rows_of(Quantity.V)
    assert (value[volts][dead[instruments.element[volts]]] == 0).any()
    loads = instruments.rows_of(Quantity.P_LOAD)
    behind = dead[default_grid.model.loads.bus[instruments.element[loads]]]
    assert (value[loads][behind] == 0).all()
    assert state.load_drawn_mw[instruments.element[loads]][behind].sum() > 1
    opened = instruments.rows_of(Quantity.SWITCH_CLOSED)
    assert (value[opened] == state.switch_closed[instruments.element[opened]]).all()


def test_without_supply_everything_reads_zero_and_angles_are_invalid(default_grid: Grid, instruments: Instruments) -> None:
    """A blackout is a set of zeros, not a failure; a phasor unit knows that nothing has no angle."""
    readings = measured(without_supply(default_grid.state_at()), instruments, None)
    analogue = (readings.quantity < Quantity.P_AVAILABLE) & (readings.quantity >= Quantity.V)
    assert not readings.value[analogue].any()
    assert (readings.quality[readings.of_quantity(Quantity.V_ANGLE, Quantity.I_ANGLE_FROM)] == Quality.INVALID).all()


def test_errors_have_the_stated_standard_deviation(case14: Grid) -> None:
    """Normalised errors of many draws have mean 0 and variance 1; the same generator draws the same."""
    solution, meters = solve(case14.state_at()), instruments_of(case14.model)
    rng = np.random.default_rng(7)
    exact = exact_readings(solution, meters)
    meant = (meters.sigma > 0) & ~np.isin(meters.quantity, (Quantity.I_FROM, Quantity.I_TO))
    z = np.array([((measured(solution, meters, rng).value - exact)[meant] / meters.sigma[meant]) for _ in range(400)])
    assert abs(z.mean()) < 0.02
    assert z.std() == pytest.approx(1.0, abs=0.02)
    again = measured(solution, meters, np.random.default_rng(3)).value
    assert np.array_equal(again, measured(solution, meters, np.random.default_rng(3)).value, equal_nan=True)


def test_phasors_are_marked_as_such(solved: Solution, instruments: Instruments) -> None:
    """PMU rows carry their source, all else is SCADA."""
    readings = measured(solved, instruments, None, time_s=12.0)
    assert set(readings.source[instruments.is_pmu]) == {Source.PMU}
    assert set(readings.source[~instruments.is_pmu]) == {Source.SCADA}
    assert set(readings.time_s) == {12.0}
