"""The solver boundary against pandapower.runpp with defaults, the reference for every grid."""

import copy
from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest
import simbench

from grid_models.actions import Action
from grid_models.contingency.screening import screen_outages
from grid_models.errors import PowerFlowDiverged
from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.profiles import DEMO_STEP, Grid
from grid_models.twin.source import DEFAULT_GRID
from grid_models.twin.state import GridState

VOLTAGE_TOLERANCE_PU = 1e-6
OUTAGE_TOLERANCE_PU = 1e-5
pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower and SimBench


@pytest.fixture(scope="module")
def demo_net() -> Any:
    """The default grid in pandapower at the demo step, with the taps enabled as our loader does."""
    net = simbench.get_simbench_net(DEFAULT_GRID)
    net.trafo["tap_changer_type"] = "Ratio"
    values = simbench.get_absolute_values(net, profiles_instead_of_study_cases=True)
    for (table, column), frame in values.items():
        if len(net[table]):
            net[table][column] = frame.iloc[DEMO_STEP].to_numpy()
    return net


def _deviation(net: Any, solution: Solution) -> float:
    """Largest voltage deviation [pu] on buses that both call energised; the two must agree on which those are."""
    pp.runpp(net, numba=False)
    theirs = net.res_bus.vm_pu.to_numpy()
    assert np.array_equal(np.isnan(theirs), np.isnan(solution.vm_pu))
    return float(np.nanmax(np.abs(theirs - solution.vm_pu)))


def test_the_default_grid_at_the_demo_start_equals_pandapower(default_grid: Grid, demo_net: Any) -> None:
    """Three infeeds stay three fixed slacks: voltages within 1e-6 pu, angles 1e-3 degree, loadings 0.01 %."""
    solution = solve(default_grid.state_at())
    assert _deviation(copy.deepcopy(demo_net), solution) < VOLTAGE_TOLERANCE_PU
    net = copy.deepcopy(demo_net)
    pp.runpp(net, numba=False)
    loading = np.concatenate([net.res_line.loading_percent, net.res_trafo.loading_percent])
    assert np.nanmax(np.abs(loading - solution.loading_percent)) < 0.01
    assert np.nanmax(np.abs(net.res_bus.va_degree.to_numpy() - solution.va_degree)) < 1e-3
    assert solution.infeed_p_mw == pytest.approx(net.res_ext_grid.p_mw.to_numpy(), abs=0.01)
    assert solution.losses_mw == pytest.approx(net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum(), abs=1e-3)


def test_the_demo_start_has_the_published_facts(default_grid: Grid) -> None:
    """Highest loading 78.6 %, 66 of 294 110-kV nodes above 1.10 pu, none above 1.118 (DESIGN, measured with pandapower)."""
    solution = solve(default_grid.state_at())
    high_voltage = solution.vm_pu[default_grid.model.buses.nominal_kv == 110.0]
    assert np.nanmax(solution.loading_percent) == pytest.approx(78.6, abs=0.05)
    assert (len(high_voltage), int(np.sum(high_voltage > 1.10))) == (294, 66)
    assert high_voltage.max() < 1.118


@pytest.mark.parametrize("name", ["case9", "case14", "case30", "case39", "case57", "case118", "case300"])
def test_built_in_cases_equal_pandapower(name: str) -> None:
    """Every case that the twin can model is within 1e-6 pu, negative no-load currents included (case118, case300)."""
    net = getattr(networks, name)()
    solution = solve(GridState.at_start(model_from_net(copy.deepcopy(net), name)))
    assert _deviation(net, solution) < VOLTAGE_TOLERANCE_PU


@pytest.mark.parametrize("position", [-16, -3, 5, 16])
def test_a_tap_moves_the_twin_as_it_moves_pandapower(default_grid: Grid, demo_net: Any, position: int) -> None:
    """The table of parameters over tap positions is pandapower's own at every position."""
    state = default_grid.state_at().apply([Action(kind="set_tap", element="HV1 Trafo 1", position=position)])
    net = copy.deepcopy(demo_net)
    net.trafo.loc[0, "tap_pos"] = position
    assert _deviation(net, solve(state)) < VOLTAGE_TOLERANCE_PU


@pytest.mark.parametrize("name", ["HV1 Line 14", "HV1 Line 12"])
def test_opening_a_branch_equals_opening_its_switches_in_pandapower(default_grid: Grid, demo_net: Any, name: str) -> None:
    """The breakers the card names are the ones that take the line out, and the same buses go dead."""
    before = default_grid.state_at()
    after = before.apply([Action(kind="open", element=name)])
    net = copy.deepcopy(demo_net)
    net.switch["closed"] = after.switch_closed
    assert np.sum(before.switch_closed != after.switch_closed) == 2
    assert _deviation(net, solve(after)) < VOLTAGE_TOLERANCE_PU


@pytest.mark.parametrize("row", [3, 11, 54, 58, 74, 97])
def test_an_outage_of_the_batch_equals_pandapower(default_grid: Grid, demo_net: Any, row: int) -> None:
    """Single outages solved in one batch are within 1e-5 pu of a solve of their own, islands included."""
    screening = screen_outages(default_grid.state_at())
    outage = next(i for i, e in enumerate(screening.outages) if e.name == default_grid.model.branches.name[row])
    net = copy.deepcopy(demo_net)
    table, index = ("line", row) if row < len(net.line) else ("trafo", row - len(net.line))
    net[table].loc[index, "in_service"] = False
    pp.runpp(net, numba=False)
    theirs, ours = net.res_bus.vm_pu.to_numpy(), screening.vm_pu[outage]
    busbar = default_grid.model.buses.is_busbar  # an outaged line's own terminals still hang on their busbars
    assert np.array_equal(np.isnan(theirs[busbar]), np.isnan(ours[busbar]))
    assert np.nanmax(np.abs(theirs - ours)) < OUTAGE_TOLERANCE_PU


def test_an_infeed_outage_equals_pandapower(default_grid: Grid, demo_net: Any) -> None:
    """Losing one of three infeeds moves its power to the others."""
    after = default_grid.state_at().apply([Action(kind="open", element="EHV Ext_grid 8")])
    net = copy.deepcopy(demo_net)
    net.ext_grid.loc[0, "in_service"] = False
    assert _deviation(net, solve(after)) < OUTAGE_TOLERANCE_PU


def test_no_infeed_is_total_loss_of_supply(case39: Grid) -> None:
    """Without an infeed there is nothing to solve, and the message says so."""
    with pytest.raises(PowerFlowDiverged, match="total loss of supply"):
        solve(case39.state_at().apply([Action(kind="open", element="Infeed at Bus 31")]))


def test_too_much_load_diverges_with_a_sentence(case39: Grid) -> None:
    """Divergence is an error of its own type."""
    with pytest.raises(PowerFlowDiverged, match="did not converge"):
        solve(case39.state_at().apply([Action(kind="scale", group="loads", factor=9.0)]))
