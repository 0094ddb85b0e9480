"""Newton, fast-decoupled and DC: equal where they should be, honest where they are not."""

import numpy as np
import pytest

import grid_models.steady.methods as methods
from grid_models.actions import Action
from grid_models.errors import PowerFlowDiverged
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.steady.boundary import solve
from grid_models.steady.dc import solve_dc
from grid_models.steady.methods import Method, flow_by
from grid_models.steady.solution import Solution
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.power_flow import PowerFlowResult
from tools.registry import run_study

LIMITS = OperatingLimits((VoltageBand("voltage-110", 110, 300, 0.90, 1.118),), 100.0, "branch-loading")


def flow(grid: Grid, **args: object) -> PowerFlowResult:
    result = run_study("power_flow", args, StudyContext(grid.state_at(), LIMITS))
    assert isinstance(result, PowerFlowResult)
    return result


@pytest.mark.parametrize("name", ["default_grid", "case39", "case118", "training"])
@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_fast_decoupled_equals_newton(name: str, factor: float, request: pytest.FixtureRequest) -> None:
    """The same equations solved another way: voltages within 1e-6 pu, angles within 1e-4 degree."""
    state = request.getfixturevalue(name).state_at().apply([Action(kind="scale", group="loads", factor=factor)])
    other = flow_by(state, Method.FAST_DECOUPLED)
    newton = solve(state)
    assert (other.method, other.note) == (Method.FAST_DECOUPLED, "")
    assert np.nanmax(np.abs(other.solution.vm_pu - newton.vm_pu)) < 1e-6
    assert np.nanmax(np.abs(other.solution.va_degree - newton.va_degree)) < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("name", ["case14", "case57", "case300", "case1354pegase", "case2869pegase"])
def test_fast_decoupled_equals_newton_on_larger_grids(name: str) -> None:
    """Within 1e-6 pu, or it says that the numbers are Newton's."""
    state = load_grid(name).state_at()
    other, newton = flow_by(state, Method.FAST_DECOUPLED), solve(state)
    assert other.method is Method.FAST_DECOUPLED or "Newton" in other.note
    assert np.nanmax(np.abs(other.solution.vm_pu - newton.vm_pu)) < 1e-6


def test_a_failed_fast_decoupled_flow_is_told(case39: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newton's numbers, named as such."""

    def reluctant(state: GridState, *, fast_decoupled: bool = False) -> Solution:
        if fast_decoupled:
            raise PowerFlowDiverged("no")
        return solve(state)

    monkeypatch.setattr(methods, "solve", reluctant)
    result = flow(case39, method="fast_decoupled")
    assert (result.converged, result.method) == (True, "ac")
    assert "fast-decoupled method did not converge" in result.notes[0]
    assert result.losses_mw == pytest.approx(solve(case39.state_at()).losses_mw)


@pytest.mark.parametrize("name", ["default_grid", "case39"])
def test_a_dc_flow_claims_no_voltages(name: str, request: pytest.FixtureRequest) -> None:
    """No voltage, loss or Mvar field is filled, loadings are those of |P|, and a note says why."""
    grid = request.getfixturevalue(name)
    result = flow(grid, method="dc", vm_max_pu=1.0)
    assert (result.converged, result.method) == (True, "dc")
    assert (result.losses_mw, result.vm_min_pu, result.vm_max_pu, result.vm_min_element) == (None, None, None, None)
    assert (result.lowest_voltages, result.highest_voltages, result.voltage_groups, result.planning_groups) == ((), (), (), ())
    assert all(i.q_mvar is None and i.vm_pu is None for i in result.infeeds)
    assert "DC power flow knows no voltages" in result.notes[0]
    assert not any(v.unit == "pu" for v in result.violations)
    solution = solve_dc(grid.state_at())
    i = grid.model.branches.name.index(result.top_loadings[0].element)
    kv, rating = grid.model.buses.nominal_kv, grid.model.branches
    ends = [(rating.from_bus[i], rating.rating_from_ka[i]), (rating.to_bus[i], rating.rating_to_ka[i])]
    expected = max(100 * abs(solution.p_from_mw[i]) / (np.sqrt(3) * kv[bus] * ka) for bus, ka in ends)
    assert result.max_loading_percent == pytest.approx(expected)


@pytest.mark.parametrize("name", ["default_grid", "case39", "training"])
def test_a_dc_flow_balances_without_losses(name: str, request: pytest.FixtureRequest) -> None:
    """Infeeds and generation equal the load exactly."""
    r = flow(request.getfixturevalue(name), method="dc")
    assert r.slack_mw + r.generation_mw - r.load_mw == pytest.approx(0.0, abs=1e-6)  # type: ignore[operator]


def test_a_dc_flow_before_and_after(case39: Grid) -> None:
    """The comparison uses the same method."""
    before = flow(case39, method="dc").max_loading_percent
    after = flow(case39, method="dc", changes=[{"kind": "open", "element": "Line 1-2 (1)"}])
    assert after.max_loading_before_percent == pytest.approx(before)
    assert "highest loading" in after.headline()


@pytest.mark.parametrize("method", ["ac", "fast_decoupled", "dc"])
def test_total_loss_of_supply_by_every_method(training: Grid, method: str) -> None:
    """A finding with what is lost, and the remedy."""
    result = flow(training, method=method, changes=[{"kind": "open", "element": "T Infeed"}])
    assert not result.converged
    assert "total loss of supply" in result.headline()
    assert result.divergence_detail is not None
    assert "Closing T Infeed" in result.divergence_detail.remedy
    assert result.lost_by_changes.load_mw == pytest.approx(33.0)


def test_divergence_is_a_finding_with_an_explanation(case39: Grid) -> None:
    """Not an error: the sentence and its parts say how far it would go, where it gives way and what would restore it."""
    result = flow(case39, changes=[{"kind": "scale", "group": "loads", "factor": 9.0}])
    detail = result.divergence_detail
    assert not result.converged
    assert "did not converge" in result.headline()
    assert detail is not None
    assert detail.solvable_load_percent is not None
    assert f"Reducing the load alone by {100 - detail.solvable_load_percent} % would restore it" in str(result.divergence)
    assert len(detail.stressed_buses) == 5
    assert detail.worst_mismatch_mva is not None
    assert detail.worst_mismatch_mva > 0


def test_a_change_can_restore_what_diverged(case39: Grid) -> None:
    """A present state without a solution is no obstacle to a change that gives it one; there is only nothing to compare with."""
    broken = case39.state_at().apply([Action(kind="scale", group="loads", factor=9.0)])
    args = {"changes": [{"kind": "scale", "group": "loads", "factor": 1 / 9}]}
    result = run_study("power_flow", args, StudyContext(broken, LIMITS))
    assert isinstance(result, PowerFlowResult)
    assert result.converged
    assert result.max_loading_before_percent is None
    assert "nothing to compare with" in result.notes[0]
