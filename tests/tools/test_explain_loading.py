"""Why is it loaded: the answer adds up, is bounded, and says what it cannot explain."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.errors import UnknownElement
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.explain_loading import ExplainResult
from tools.registry import STUDIES, InvalidArguments, run_study

LIMITS = OperatingLimits((), 100.0, "branch-loading")


def explain(state: GridState, element: str, **args: object) -> ExplainResult:
    result = run_study("explain_loading", {"element": element, **args}, StudyContext(state, LIMITS))
    assert isinstance(result, ExplainResult)
    return result


def test_wind_loads_the_critical_line(default_grid: Grid) -> None:
    """HV1 Line 54 at 78.6 %: most of it is wind, HV1 Sgen 65 (133.6 MW) above all, and the infeeds exchange nothing."""
    result = explain(default_grid.state_at(), "HV1 Line 54")
    groups = {g.group: g for g in result.groups}
    assert (result.explained, result.method) == (True, "ac path")
    assert result.loading_percent == pytest.approx(78.6, abs=0.05)
    assert max(groups.values(), key=lambda g: g.share_mw).group == "wind"
    assert set(groups) == {"wind", "generation", "load", "transit", "remainder"}
    assert result.contributions[0].element == "HV1 Sgen 65"
    assert result.contributions[0].sensitivity_mw_per_mw == pytest.approx(0.485, abs=0.01)
    assert result.transit_mw == pytest.approx(0.0, abs=0.01)
    assert "HV1 Sgen 65" in result.headline()
    assert "111.8 MW" in result.headline()


@pytest.mark.parametrize(
    ("name", "element"),
    [("default_grid", "HV1 Line 75"), ("case39", "Line 16-19 (1)"), ("case118", "Line 8-30 (1)"), ("training", "T Line 1")],
)
def test_the_listed_rows_the_rest_and_the_transit_make_the_flow(name: str, element: str, request: pytest.FixtureRequest) -> None:
    """With any `top`: listed singles + rest + transit + remainder = flow = sum of the groups, in MW and in percent."""
    grid: Grid = request.getfixturevalue(name)
    for top in (1, 3, 1000):
        result = explain(grid.state_at(), element, top=top)
        assert len(result.contributions) == min(top, result.contributions_total)
        assert (result.rest is None) == (top >= result.contributions_total)
        rest = result.rest.share_mw if result.rest else 0.0
        singles = sum(c.share_mw for c in result.contributions) + rest
        assert result.flow_mw is not None
        assert singles + (result.transit_mw or 0.0) + (result.remainder_mw or 0.0) == pytest.approx(result.flow_mw, abs=1e-9)
        assert sum(g.share_mw for g in result.groups) == pytest.approx(result.flow_mw, abs=1e-9)
        assert sum(g.share_percent or 0.0 for g in result.groups) == pytest.approx(100.0)
        assert abs(result.remainder_percent or 0.0) < 0.1
        assert len(result.relief) <= top


def test_changes_are_explained_one_by_one_and_add_up(default_grid: Grid) -> None:
    """Opening the twin adds 77 points, less wind takes some back; the steps add up to the whole difference."""
    state = default_grid.state_at()
    changes = [{"kind": "open", "element": "HV1 Line 75"}, {"kind": "scale", "group": "wind", "factor": 0.8}]
    before, after = explain(state, "HV1 Line 54"), explain(state, "HV1 Line 54", changes=changes)
    assert [r.change for r in after.change_effects] == ["open HV1 Line 75", "scale wind by 0.8"]
    assert sum(r.effect_mw or 0.0 for r in after.change_effects) == pytest.approx((after.flow_mw or 0.0) - (before.flow_mw or 0.0))
    assert sum(r.effect_percent or 0.0 for r in after.change_effects) == pytest.approx(
        (after.loading_percent or 0.0) - (before.loading_percent or 0.0)
    )
    assert after.change_effects[0].loading_after_percent == pytest.approx(155.6, abs=0.05)
    assert (before.departures_total, after.departures_total) == (0, 0)  # a what-if change is no departure of the plant


def test_recent_switching_is_told_with_its_effect(default_grid: Grid) -> None:
    """The plant's own departures: the open twin loads the line, the cap relieves it; undone together the flow is the normal one."""
    normal = default_grid.state_at()
    state = normal.apply([Action(kind="open", element="HV1 Line 75"), Action(kind="set_p", element="HV1 Sgen 65", p_mw=50)])
    result = explain(state, "HV1 Line 54")
    assert {d.element: np.sign(d.effect_mw or 0.0) for d in result.departures} == {"HV1 Line 75": 1.0, "HV1 Sgen 65": -1.0}
    assert result.departures_together is not None
    assert result.departures_together.flow_without_mw == pytest.approx(explain(normal, "HV1 Line 54").flow_mw)


def test_without_ratings_powers_and_currents_are_explained_and_no_loading(case39: Grid) -> None:
    """NaN ratings: MW and kA as before, every percentage of a rating None."""
    model = case39.model
    bare = np.full(len(model.branches), np.nan)
    unrated = replace(model, branches=replace(model.branches, rating_from_ka=bare, rating_to_ka=bare), ratings_usable=False)
    result = explain(GridState.at_start(unrated), "Line 16-19 (1)", changes=[{"kind": "open", "element": "Line 16-17 (1)"}])
    assert (result.loading_percent, result.rating_ka) == (None, None)
    assert (result.current_ka or 0.0) > 0.1
    assert result.change_effects[0].effect_mw is not None
    assert result.change_effects[0].effect_percent is None
    assert {r.relief_percent_per_mw for r in result.relief} == {None}
    assert "%" not in result.headline()


def test_an_open_branch_is_one_sentence(default_grid: Grid) -> None:
    """Out of service, or without supply behind an open line: nothing to explain, and what would make it so."""
    state = default_grid.state_at()
    opened = explain(state, "HV1 Line 14", changes=[{"kind": "open", "element": "HV1 Line 14"}])
    assert not opened.explained
    assert opened.headline().startswith("HV1 Line 14 is out of service (normally in service), so it carries nothing;")
    assert (opened.flow_mw, opened.contributions, opened.groups) == (None, (), ())


def test_a_branch_without_supply_is_one_sentence(training: Grid) -> None:
    """With both lines of the training substation open its transformer is closed but dead."""
    state = training.state_at().apply([Action(kind="open", element="T Line 1"), Action(kind="open", element="T Line 2")])
    dead = next(n for n, line in zip(training.model.branches.name, training.model.branches.is_line, strict=True) if not line)
    assert "has no supply" in explain(state, dead).headline()


def test_divergence_is_a_finding(case39: Grid) -> None:
    """Twenty times the load has no solution: the reason is told, nothing is raised."""
    result = explain(case39.state_at(), "Line 16-19 (1)", changes=[{"kind": "scale", "group": "loads", "factor": 20}])
    assert not result.explained
    assert "did not converge" in result.headline()
    assert "Reducing the load alone by" in result.headline()


def test_the_headline_tells_what_a_dc_explanation_leaves_open(grid_cache: Path) -> None:
    """case145 has no AC solution without injections: the method is named and the remainder stands in the sentence."""
    state = load_grid("case145", grid_cache).state_at()
    result = explain(state, "Line 13-16 (2)")
    assert result.method == "dc ptdf"
    assert result.remainder_mw is not None
    assert result.headline().endswith(f"by DC factors, which leave {result.remainder_mw:+.1f} MW unexplained.")
    assert sum(g.share_mw for g in result.groups) == pytest.approx(result.flow_mw)


def test_what_is_no_branch_is_refused(case39: Grid) -> None:
    """A load has no loading to explain; an unknown name is refused with the nearest; `top` is bounded."""
    with pytest.raises(InvalidArguments, match="the loading of a line or a transformer can be explained"):
        explain(case39.state_at(), "Load at Bus 20")
    with pytest.raises(UnknownElement):
        explain(case39.state_at(), "Line 16-99 (1)")
    with pytest.raises(InvalidArguments):
        explain(case39.state_at(), "Line 16-19 (1)", top=1001)


@pytest.mark.slow
def test_of_a_three_winding_transformer_the_most_loaded_leg_is_explained(grid_cache: Path) -> None:
    """Its name leads to the leg with the largest power, taken at the terminal, which has the rating; each leg can be asked for."""
    grid = load_grid("example_multivoltage", grid_cache)
    result = explain(grid.state_at(), "HV-MV-MV-Trafo")
    assert (result.element, result.kind) == ("HV-MV-MV-Trafo (hv)", "three-winding transformer")
    assert result.at_bus == "Bus HV2"
    assert result.rating_ka is not None
    assert result.relief[0].relief_percent_per_mw is not None
    legs = [explain(grid.state_at(), f"HV-MV-MV-Trafo ({side})") for side in ("hv", "mv", "lv")]
    assert result.flow_mw == legs[0].flow_mw == max(leg.flow_mw or 0.0 for leg in legs)


def test_the_purpose_is_in_the_table_of_studies() -> None:
    """A brain finds the study by its purpose, and the element is the only argument it must give."""
    assert "loaded" in STUDIES["explain_loading"].purpose
    assert STUDIES["explain_loading"].args.model_json_schema()["required"] == ["element"]


@pytest.mark.slow
def test_a_large_grid_is_explained_in_two_seconds(grid_cache: Path) -> None:
    """case2869pegase: 2,869 buses, 2,000 injections, five power flows on the path and the checks."""
    state = load_grid("case2869pegase", grid_cache).state_at()
    name = state.model.branches.name[10]
    explain(state, name)
    began = time.perf_counter()
    result = explain(state, name)
    assert time.perf_counter() - began < 2.0
    assert abs(result.remainder_percent or 0.0) < 0.1
