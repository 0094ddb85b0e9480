"""The DC power flow against pandapower.rundcpp, by properties, and by hand."""

from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest
import simbench

from grid_models.actions import Action
from grid_models.errors import PowerFlowDiverged
from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.steady.dc import dc_flow, limits_mw, solve_dc
from grid_models.twin.profiles import DEMO_STEP, Grid
from grid_models.twin.source import DEFAULT_GRID
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower and SimBench


def _agree(net: Any, state: GridState) -> None:
    """Flows within 1e-6 MW (relative for large ones), angles 1e-6 degree, infeeds alike, the same buses alive."""
    pp.rundcpp(net, numba=False)
    solution = solve_dc(state)
    flow = np.concatenate([net.res_line.p_from_mw, net.res_trafo.p_hv_mw])
    back = np.concatenate([net.res_line.p_to_mw, net.res_trafo.p_lv_mw])
    assert np.nan_to_num(solution.p_from_mw) == pytest.approx(flow, rel=1e-6, abs=1e-6)
    assert np.nan_to_num(solution.p_to_mw) == pytest.approx(back, rel=1e-6, abs=1e-6)
    angle = net.res_bus.va_degree.to_numpy()
    assert np.array_equal(np.isnan(angle), np.isnan(solution.va_degree))
    assert np.nanmax(np.abs(angle - solution.va_degree)) < 1e-6
    assert solution.infeed_p_mw == pytest.approx(net.res_ext_grid.p_mw.to_numpy(), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    "name", ["case9", "case14", "case39", "case118", "case300", pytest.param("case1354pegase", marks=pytest.mark.slow)]
)
def test_built_in_cases_equal_pandapower(name: str) -> None:
    """Phase shifters, off-nominal ratios and shunts included."""
    net = getattr(networks, name)()
    model = model_from_net(net, name)
    _agree(net, GridState.at_start(model))


@pytest.mark.slow
def test_the_default_grid_equals_pandapower(default_grid: Grid) -> None:
    """Three infeeds are three fixed angles; open line ends and closed switches count."""
    net = simbench.get_simbench_net(DEFAULT_GRID)
    net.trafo["tap_changer_type"] = "Ratio"
    for (table, column), frame in simbench.get_absolute_values(net, profiles_instead_of_study_cases=True).items():
        if len(net[table]):
            net[table][column] = frame.iloc[DEMO_STEP].to_numpy()
    _agree(net, default_grid.state_at())


def test_every_node_balances_and_nothing_is_lost(default_grid: Grid, case39: Grid, case118: Grid) -> None:
    """Infeeds plus generation cover loads and the shunts' conductance exactly."""
    for grid in (default_grid, case39, case118):
        state = grid.state_at()
        solution = solve_dc(state)
        drawn = state.load_drawn_mw.sum() + float(np.sum(state.model.shunts.p_mw * state.shunt_step))
        assert solution.infeed_p_mw.sum() + state.generator_injected_mw.sum() == pytest.approx(drawn)
        assert solution.losses_mw == 0.0


def test_flows_are_linear_in_the_injections(case118: Grid) -> None:
    """Without phase shifts between the infeeds, twice the injections is twice the flow."""
    state = case118.state_at()
    doubled = state.with_arrays(load_p_mw=2 * state.load_p_mw, generator_p_mw=2 * state.generator_p_mw)
    assert solve_dc(doubled).p_from_mw == pytest.approx(2 * solve_dc(state).p_from_mw, abs=1e-9)


def test_the_loading_is_the_flow_over_the_limit(default_grid: Grid) -> None:
    """limits_mw() and loading_percent are one definition; the DC loadings resemble the AC ones."""
    state = default_grid.state_at()
    solution, exact = solve_dc(state), solve(state)
    assert solution.loading_percent == pytest.approx(np.abs(solution.p_from_mw) / limits_mw(state) * 100, nan_ok=True)
    assert np.nanmax(solution.loading_percent) == pytest.approx(np.nanmax(exact.loading_percent), rel=0.15)


def test_flows_per_mw_are_what_a_changed_injection_does(case118: Grid) -> None:
    """1 MW from one load's bus to another's: the columns of the inverse equal the difference of two solutions."""
    state = case118.state_at()
    dc = dc_flow(state)
    more = state.load_p_mw.copy()
    more[0], more[5] = more[0] - 1, more[5] + 1
    nodes = dc.factors.place[dc.topology.node_of_bus[state.model.loads.bus[[0, 5]]]]
    ends = dc.factors.place[dc.topology.from_node], dc.factors.place[dc.topology.to_node]
    answer = dc.factors.flows_per_mw(nodes[:1], nodes[1:], ends, dc.susceptance_mw)[0]
    assert answer == pytest.approx(dc_flow(state.with_arrays(load_p_mw=more)).flow_mw - dc.flow_mw, abs=1e-9)


def test_without_an_infeed_there_is_no_solution(case39: Grid) -> None:
    """Total loss of supply is said, not solved."""
    with pytest.raises(PowerFlowDiverged, match="total loss of supply"):
        solve_dc(case39.state_at().apply([Action(kind="open", element="Infeed at Bus 31")]))


def test_only_the_infeed_left_is_a_solution(training: Grid) -> None:
    """With every line open the infeed's bus alone has an angle and nothing flows."""
    state = training.state_at().apply([Action(kind="open", element="T Line 1"), Action(kind="open", element="T Line 2")])
    solution = solve_dc(state)
    assert np.sum(~np.isnan(solution.va_degree)) == 1
    assert np.isnan(solution.p_from_mw).all()


def test_dead_parts_have_no_flow(default_grid: Grid) -> None:
    """A radial line that is opened leaves its far end without angle."""
    after = default_grid.state_at().apply([Action(kind="open", element="HV1 Line 12")])
    solution = solve_dc(after)
    assert np.array_equal(np.isnan(solution.p_from_mw), ~solution.topology.branch_live)
    assert np.array_equal(np.isnan(solution.va_degree), ~solution.topology.bus_live)
