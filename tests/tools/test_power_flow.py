"""The power flow's result: right numbers, complete tables, honest about ratings, methods and set-points."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.steady.boundary import solve
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.power_flow import PowerFlowResult
from tools.registry import run_study

LIMITS = OperatingLimits((VoltageBand("voltage-110", 110, 300, 0.90, 1.118),), 100.0, "branch-loading")


def flow(grid: Grid | GridState, **args: object) -> PowerFlowResult:
    """The study on a state, or on a grid's standing start."""
    state = grid.state_at() if isinstance(grid, Grid) else grid
    result = run_study("power_flow", args, StudyContext(state, LIMITS))
    assert isinstance(result, PowerFlowResult)
    return result


def rated(grid: Grid, **ratings: FloatArray) -> GridState:
    """The grid's start with other ratings."""
    return GridState.at_start(replace(grid.model, branches=replace(grid.model.branches, **ratings)))


def test_the_present_flow_of_the_default_grid(default_grid: Grid) -> None:
    """No limit is violated; the planning band of the grid data is, in one group of 66 buses."""
    result = flow(default_grid)
    assert (result.converged, result.violations_total, result.notes, result.divergence_detail) == (True, 0, (), None)
    assert result.max_loading_percent == pytest.approx(78.6, abs=0.05)
    assert [(g.kind, g.buses, g.of_buses, g.limit_pu) for g in result.planning_groups] == [("overvoltage", 66, 294, 1.1)]


@pytest.mark.parametrize("name", ["default_grid", "case39", "training"])
def test_power_flow_balances(name: str, request: pytest.FixtureRequest) -> None:
    """Infeeds and generation cover load and losses; the infeeds' rows add up to the slack."""
    r = flow(request.getfixturevalue(name))
    assert None not in (r.slack_mw, r.generation_mw, r.load_mw, r.losses_mw)
    assert r.slack_mw + r.generation_mw - r.load_mw - r.losses_mw == pytest.approx(0.0, abs=1e-3)  # type: ignore[operator]
    assert sum(i.p_mw for i in r.infeeds) == pytest.approx(r.slack_mw)


def test_each_infeed_has_its_row(default_grid: Grid) -> None:
    """Three infeeds with their power and voltage; one that is out is not listed and brings nothing."""
    names = default_grid.model.infeeds.name
    solution = solve(default_grid.state_at())
    rows = flow(default_grid).infeeds
    assert [(r.element, r.p_mw, r.q_mvar) for r in rows] == [
        (n, pytest.approx(p), pytest.approx(q)) for n, p, q in zip(names, solution.infeed_p_mw, solution.infeed_q_mvar, strict=True)
    ]
    without = flow(default_grid, changes=[{"kind": "open", "element": names[0]}])
    assert [r.element for r in without.infeeds] == list(names[1:])


def test_a_what_if_names_what_is_lost_and_what_moves(default_grid: Grid) -> None:
    """Opening the radial HV1 Line 12: 10.0 MW and 37.3 MW, two switches, before and after."""
    result = flow(default_grid, changes=[{"kind": "open", "element": "HV1 Line 12"}])
    assert result.lost_by_changes.load_mw == pytest.approx(10.0, abs=0.05)
    assert result.lost_by_changes.generation_mw == pytest.approx(37.3, abs=0.05)
    assert result.switches == ("HV1 Switch 47", "HV1 Switch 49")
    assert result.max_loading_before_percent == pytest.approx(78.6, abs=0.05)
    assert "10.0 MW of load" in result.headline()


def test_switches_of_a_list_are_those_it_really_moves(default_grid: Grid) -> None:
    """Opening, then closing again: the second action is expanded on the state after the first."""
    twice = [{"kind": kind, "element": "HV1 Line 12"} for kind in ("open", "close")]
    assert flow(default_grid, changes=twice).switches == ("HV1 Switch 47", "HV1 Switch 49")


def test_the_callers_own_voltage_band_replaces_the_rules(default_grid: Grid) -> None:
    """`vm_max_pu` 1.10 finds the 66 high nodes."""
    assert sum(g.buses for g in flow(default_grid, vm_max_pu=1.10).voltage_groups if g.nominal_kv == 110.0) == 66


def test_violations_are_sorted_by_severity(default_grid: Grid) -> None:
    """Severity is the distance beyond the limit as a share of the limit, so overloads and voltages are one list."""
    rows = flow(default_grid, vm_max_pu=1.10, changes=[{"kind": "open", "element": "HV1 Line 75"}]).violations
    assert {r.kind for r in rows} == {"overload", "overvoltage"}
    assert [r.severity_percent for r in rows] == sorted((r.severity_percent for r in rows), reverse=True)
    assert all(r.severity_percent == pytest.approx(100 * abs(r.value - r.limit) / r.limit) for r in rows)
    assert rows[0].kind == "overload"
    assert rows[0].severity_percent == pytest.approx(55.6, abs=0.1)


def test_ties_keep_the_order_of_the_grid(training: Grid) -> None:
    """The two parallel lines carry the same current: with 10 A of rating both are overloaded equally, Line 1 stays first."""
    rating = training.model.branches.rating_from_ka.copy()
    rating[:2] = 0.01
    result = flow(rated(training, rating_from_ka=rating, rating_to_ka=rating))
    overloads = [v for v in result.violations if v.kind == "overload"][:2]
    assert overloads[0].value == pytest.approx(overloads[1].value, rel=1e-9)
    assert [v.element for v in overloads] == ["T Line 1", "T Line 2"]
    assert [row.element for row in result.top_loadings[:2]] == ["T Line 1", "T Line 2"]


def test_current_and_rating_of_a_row_belong_together(default_grid: Grid) -> None:
    """Loading is current over rating at one end, transformers included."""
    for row in flow(default_grid, top=1000).top_loadings:
        assert row.rating_tier == "permanent (PATL)"
        assert row.rating_ka is not None
        assert 100 * row.current_ka / row.rating_ka == pytest.approx(row.loading_percent)


def test_a_temporary_rating_is_told_beside_the_permanent_one(training: Grid) -> None:
    """Both lines at 120 % of their permanent rating are violations; Line 1 is at 90 % of its temporary one, Line 2 has none."""
    solution = solve(training.state_at())
    current = float(np.fmax(solution.i_from_ka, solution.i_to_ka)[0])
    permanent, temporary = training.model.branches.rating_from_ka.copy(), training.model.branches.temporary_from_ka.copy()
    permanent[:2] = current / 1.2
    temporary[0] = current / 0.9
    state = rated(training, rating_from_ka=permanent, rating_to_ka=permanent, temporary_from_ka=temporary, temporary_to_ka=temporary)
    result = flow(state)
    rows = {v.element: v for v in result.violations if v.kind == "overload"}
    assert rows["T Line 1"].value == pytest.approx(120.0)
    assert rows["T Line 1"].temporary_loading_percent == pytest.approx(90.0)
    assert (rows["T Line 1"].within_temporary, rows["T Line 2"].within_temporary) == (True, None)
    listed = {row.element: row for row in result.top_loadings}
    assert listed["T Line 1"].temporary_rating_ka == pytest.approx(current / 0.9)
    assert listed["T Line 1"].temporary_loading_percent == pytest.approx(90.0)
    assert listed["T Line 2"].temporary_loading_percent is None
    beyond = flow(rated(training, rating_from_ka=permanent, rating_to_ka=permanent, temporary_from_ka=permanent, temporary_to_ka=permanent))
    assert {v.within_temporary for v in beyond.violations if v.kind == "overload"} == {False}


def test_unrated_branches_come_after_the_rated_ones(case39: Grid) -> None:
    """Where some ratings are unusable the others are judged; unrated rows carry a current, no percentage."""
    rating = case39.model.branches.rating_from_ka.copy()
    rating[::2] = np.nan
    result = flow(rated(case39, rating_from_ka=rating, rating_to_ka=rating), top=1000)
    tiers = [row.rating_tier for row in result.top_loadings]
    count = int(np.sum(~np.isnan(rating)))
    assert (result.rated_branches, result.branches) == (count, len(rating))
    assert tiers == ["permanent (PATL)"] * count + ["unusable"] * (len(rating) - count)
    loadings = [row.loading_percent or 0.0 for row in result.top_loadings[:count]]
    currents = [row.current_ka for row in result.top_loadings[count:]]
    assert loadings == sorted(loadings, reverse=True)
    assert currents == sorted(currents, reverse=True)
    assert result.max_loading_percent == pytest.approx(loadings[0])
    assert all(row.loading_percent is None and row.rating_ka is None for row in result.top_loadings[count:])


def test_a_dead_part_is_counted_with_its_load(default_grid: Grid) -> None:
    """Buses without supply, and the MW that they would draw and inject, stand beside what is still supplied."""
    before, after = flow(default_grid), flow(default_grid, changes=[{"kind": "open", "element": "HV1 Line 12"}])
    assert before.load_mw is not None
    assert after.load_mw is not None
    assert after.deenergised.load_mw == pytest.approx(before.load_mw - after.load_mw)
    assert after.deenergised.buses


def test_set_points_that_cannot_hold_are_told(training: Grid) -> None:
    """A second machine on T Machine 1's node at another voltage: the first of the grid's order rules, and the answer says so."""
    machines = training.model.generators
    pair = [machines.name.index(n) for n in ("T Wind 1", "T Machine 1")]
    holds = machines.holds_voltage.copy()
    holds[pair] = True
    start = GridState.at_start(replace(training.model, generators=replace(machines, holds_voltage=holds)))

    def notes(wind_pu: float, machine_pu: float) -> tuple[str, ...]:
        vm = training.model.start.generator_vm_pu.copy()
        vm[pair] = wind_pu, machine_pu
        return flow(start.with_arrays(generator_vm_pu=vm)).notes

    assert notes(1.01, 1.01) == ()
    assert notes(1.01, 1.02) == ("T Wind 1 (1.01 pu), T Machine 1 (1.02 pu) hold one node with different set-points; T Wind 1's is used.",)


def test_applying_the_changes_by_hand_gives_the_same_numbers(case39: Grid) -> None:
    """'Scale all loads by 1.1' with an opened line: the study is `apply`, then `solve`."""
    changes = [{"kind": "scale", "group": "loads", "factor": 1.1}, {"kind": "open", "element": "Line 1-2 (1)"}]
    solution = solve(case39.state_at().apply([Action.model_validate(c) for c in changes]))
    result = flow(case39, changes=changes)
    assert result.losses_mw == pytest.approx(solution.losses_mw)
    assert result.max_loading_percent == pytest.approx(np.nanmax(solution.loading_percent))


@pytest.mark.parametrize(
    ("elements", "loaded"),
    [(["A Line 1 disconnector 1"], ("A Line 1 disconnector 1",)), (["A Line 1 breaker", "A Line 1 disconnector 1"], ())],
)
def test_a_disconnector_under_load_is_told(training: Grid, elements: list[str], loaded: tuple[str, ...]) -> None:
    """The what-if is solved all the same, and names what an order would be refused for."""
    result = flow(training, changes=[{"kind": "open", "element": element} for element in elements])
    assert result.loaded_disconnectors == loaded
    assert result.converged
