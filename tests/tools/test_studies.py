"""The three studies: frozen result cores of the contract, limits named once, bad arguments in one sentence."""

import json

import pytest

from grid_models.errors import UnknownElement
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.twin.profiles import Grid
from tools.context import StudyContext
from tools.contingency_analysis import ContingencyResult
from tools.grid_data import GridDataResult
from tools.power_flow import PowerFlowResult
from tools.registry import STUDIES, InvalidArguments, run_study
from tools.result import Result

LIMITS = OperatingLimits((VoltageBand("voltage-110", 110, 300, 0.90, 1.118),), 100.0, "branch-loading")


def study(grid: Grid, tool: str, **args: object) -> Result:
    """Run a study on the grid's standing start."""
    return run_study(tool, args, StudyContext(grid.state_at(), LIMITS))


def flow(grid: Grid, **args: object) -> PowerFlowResult:
    result = study(grid, "power_flow", **args)
    assert isinstance(result, PowerFlowResult)
    return result


def outages(grid: Grid, **args: object) -> ContingencyResult:
    result = study(grid, "contingency_analysis", **args)
    assert isinstance(result, ContingencyResult)
    return result


def data(grid: Grid, **args: object) -> GridDataResult:
    result = study(grid, "grid_data", **args)
    assert isinstance(result, GridDataResult)
    return result


def test_the_result_cores_of_the_contract_are_there(default_grid: Grid) -> None:
    """Programs and evaluators rely on these names."""
    core = flow(default_grid).model_dump()
    assert {
        "converged",
        "losses_mw",
        "slack_mw",
        "max_loading_percent",
        "ratings_usable",
        "violations",
        "top_loadings",
        "deenergised",
    } <= set(core)
    assert {"element", "loading_percent", "current_ka", "rating_ka", "rating_tier"} <= set(core["top_loadings"][0])
    assert set(core["deenergised"]) == {"buses", "load_mw", "generation_mw"}


def test_ratings_unusable_withholds_loadings(case118: Grid) -> None:
    """Currents are still shown, percentages never."""
    result = flow(case118)
    assert result.max_loading_percent is None
    assert all(row.loading_percent is None and row.rating_ka is None for row in result.top_loadings)
    assert not any(v.kind == "overload" for v in result.violations)
    assert all(not row.overloaded and row.max_loading_percent is None for row in outages(case118, top=200).worst)


def test_details_of_an_element(default_grid: Grid) -> None:
    """Flow, rating and the switches of a branch; the range of a park and that it is derived."""
    line, park = data(default_grid, elements=["HV1 Line 14", "HV1 Sgen 47"]).rows
    assert (line.kind, line.switches) == ("line", ("HV1 Switch 55", "HV1 Switch 57"))
    assert line.p_mw is not None
    assert line.p_to_mw is not None
    assert 0 < line.p_mw + line.p_to_mw < 1
    assert park.range_derived
    assert park.p_min_mw == 0.0


def test_an_inventory_is_counted_bounded_and_sorted(default_grid: Grid) -> None:
    """`top` bounds the rows, `total` does not; `sort_by` puts the largest first."""
    result = data(default_grid, kind="line", sort_by="loading_percent", top=3)
    loadings = [row.loading_percent or 0.0 for row in result.rows]
    assert (result.total, len(loadings)) == (95, 3)
    assert loadings == sorted(loadings, reverse=True)
    assert data(default_grid, kind="bus", minimum_kv=200).total == 12


@pytest.mark.parametrize(
    ("tool", "args", "says"),
    [
        ("power_flow", {"tops": 3}, "tops"),
        ("power_flow", {"top": 0}, "top"),
        ("power_flow", {"changes": [{"kind": "open"}]}, "element"),
        ("contingency_analysis", {"level": 7}, "level"),
        ("grid_data", {"kind": "unicorn"}, "kind"),
        ("weather", {}, "no study"),
    ],
)
def test_bad_arguments_are_one_sentence(default_grid: Grid, tool: str, args: dict[str, object], says: str) -> None:
    """What was asked, what was found and what the tool takes."""
    with pytest.raises(InvalidArguments, match=says) as caught:
        study(default_grid, tool, **args)
    assert "\n" not in str(caught.value)


def test_unknown_and_unfit_elements_are_refused(default_grid: Grid) -> None:
    """Never a substitute."""
    with pytest.raises(UnknownElement, match="HV1 Line 9"):
        study(default_grid, "grid_data", elements=["HV1 Line 999"])
    with pytest.raises(InvalidArguments, match="is a load"):
        study(default_grid, "contingency_analysis", elements=["HV1 Load 1"])


@pytest.mark.parametrize("tool", list(STUDIES))
def test_results_are_plain_json_without_nan(default_grid: Grid, case118: Grid, tool: str) -> None:
    """Every result survives a strict JSON round trip: a NaN would break other programs."""
    for grid in (default_grid, case118):
        branch = grid.model.branches.name[0]
        required: dict[str, dict[str, object]] = {
            "topology": {"query": "bridges"},
            "explain_loading": {"element": branch},
            "cascade": {"outages": [branch]},
            "frequency_response": {"loss_mw": 100},
            "knowledge_search": {"query": "What does article 35 of SO GL say?"},
        }
        told = json.dumps(study(grid, tool, **required.get(tool, {})).model_dump(mode="json"), allow_nan=False)
        assert json.loads(told)
