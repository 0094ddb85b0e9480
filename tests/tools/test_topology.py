"""The topology study: its contract, its one-sentence headlines, bounded tables with totals, refusals, and its speed on large grids."""

import json
from pathlib import Path

import pytest

from grid_models.errors import AmbiguousElement, InvalidAction, UnknownElement
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from tools.context import StudyContext
from tools.registry import run_study
from tools.result import InvalidArguments
from tools.topology import Query, TopologyResult

OPEN_12 = [{"kind": "open", "element": "HV1 Line 12"}]
QUESTIONS: tuple[dict[str, object], ...] = (
    {"query": "neighbours", "element": "HV1 Bus 5"},
    {"query": "path", "element": "HV1 Bus 97", "to": "HV1 Load 3", "metric": "length"},
    {"query": "path", "element": "HV1 Bus 97", "to": "HV1 Bus 5", "changes": OPEN_12},
    {"query": "islands", "changes": OPEN_12},
    {"query": "bridges"},
    {"query": "ties"},
    {"query": "isolate", "element": "HV1 Line 12"},
)


def ask(grid: Grid, **args: object) -> TopologyResult:
    result = run_study("topology", args, StudyContext(grid.state_at(), OperatingLimits((), 100.0, "branch-loading")))
    assert isinstance(result, TopologyResult)
    return result


@pytest.mark.parametrize("args", QUESTIONS, ids=lambda a: str(a["query"]))
def test_exactly_the_table_of_the_query_is_filled(default_grid: Grid, args: dict[str, object]) -> None:
    """One table, strict JSON without NaN, and one sentence that ends."""
    result = ask(default_grid, **args)
    filled = {q.value for q in Query if getattr(result, q.value) is not None}
    assert filled == {args["query"]}
    json.dumps(result.model_dump(mode="json"), allow_nan=False)
    assert result.headline().endswith(".")
    assert "\n" not in result.headline()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"query": "bridges"}, ["30 branches are bridges", "13.5 MW of load", "58.4 MW of 104.5 MW"]),
        ({"query": "bridges", "element": "HV1 Line 14"}, ["HV1 Line 14 is no bridge"]),
        ({"query": "bridges", "element": "HV1 Line 12"}, ["10.0 MW of load and 37.3 MW of generation"]),
        ({"query": "islands", "changes": OPEN_12}, ["open HV1 Line 12", "1 live island and 1 dead part", "10.0 MW of load"]),
        ({"query": "islands", "element": "HV1 Bus 97", "changes": OPEN_12}, ["HV1 Bus 97 is in a dead part with 8 busbars"]),
        ({"query": "isolate", "element": "HV1 Line 12"}, ["open HV1 Switch 47, HV1 Switch 49", "radial"]),
        ({"query": "path", "element": "HV1 Bus 97", "to": "HV1 Bus 5", "changes": OPEN_12}, ["Closing HV1 Switch 49, HV1 Switch 47"]),
        ({"query": "path", "element": "HV1 Bus 119", "to": "HV1 Bus 5", "metric": "length"}, ["170.8 km", "hangs on HV1 Line 53"]),
        ({"query": "ties"}, ["no tie", "1 area"]),
        ({"query": "neighbours", "element": "HV1 Line 12"}, ["HV1 Line 12 joins HV1 Bus 5 and HV1 Bus 97"]),
    ],
)
def test_headlines_say_the_point(default_grid: Grid, args: dict[str, object], says: list[str]) -> None:
    """What is lost, by name and number."""
    headline = ask(default_grid, **args).headline()
    assert all(words in headline for words in says), headline


def test_the_metric_is_stated_and_length_is_never_invented(case39: Grid) -> None:
    """Without lengths the answer says so; impedance is pu on the stated base."""
    none = ask(case39, query="path", element="Bus 1", to="Bus 16", metric="length")
    assert none.path is not None
    assert (none.path.found, none.path.length_km, none.metric) == (False, None, "length")
    assert "impedance would work" in none.headline()
    assert "0.0869 pu on 100 MVA" in ask(case39, query="path", element="Bus 1", to="Bus 16", metric="impedance").headline()


def test_tables_are_bounded_and_carry_the_total(default_grid: Grid) -> None:
    """`top` bounds rows, not totals; a switching order is never cut short."""
    bridges = ask(default_grid, query="bridges", top=3).bridges
    assert bridges is not None
    assert (len(bridges.rows), bridges.total) == (3, 30)
    isolation = ask(default_grid, query="isolate", element="HV1 Bus 5", top=1).isolate
    assert isolation is not None
    assert sum(s.to_open for s in isolation.steps) == isolation.to_open > 1
    assert [s.order for s in isolation.steps] == list(range(1, isolation.to_open + 1))
    assert (len(isolation.lost_buses), isolation.lost_buses_total) == (1, 8)


def test_ties_between_two_named_areas(case39: Grid) -> None:
    """Only theirs, with the flow's direction in words; an area that does not exist is refused with those that do."""
    result = ask(case39, query="ties", element="2", to="1")
    assert result.ties is not None
    assert {r.branch for r in result.ties.rows} == {"Line 1-39 (1)", "Line 3-4 (1)"}
    assert "113.2 MW from area 2 to 1" in result.headline()
    with pytest.raises(InvalidArguments, match=r"no area '9'.*1, 2, 3"):
        ask(case39, query="ties", element="9")


@pytest.mark.parametrize(
    ("args", "error", "says"),
    [
        ({}, InvalidArguments, "query"),
        ({"query": "path", "element": "HV1 Bus 5"}, InvalidArguments, "'to'"),
        ({"query": "neighbours"}, InvalidArguments, "needs an 'element'"),
        ({"query": "isolate", "element": "HV1 Line 14", "to": "HV1 Bus 5"}, InvalidArguments, "takes no 'to'"),
        ({"query": "neighbours", "element": "HV1 Line 999"}, UnknownElement, "HV1 Line 9"),
        ({"query": "bridges", "element": "HV1 Load 1"}, InvalidArguments, "is a load"),
        ({"query": "isolate", "element": "HV1 Switch 47"}, InvalidAction, "is a switch"),
        ({"query": "path", "element": "HV1 Bus 5", "to": "HV1 Bus 6", "metric": "beauty"}, InvalidArguments, "metric"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(default_grid: Grid, args: dict[str, object], error: type[Exception], says: str) -> None:
    """What was asked, what was found, what would work."""
    with pytest.raises(error, match=says) as caught:
        ask(default_grid, **args)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["case2869pegase", "case9241pegase"])
def test_large_grids_answer_every_query(name: str, grid_cache: Path) -> None:
    """On a fresh switching state each, the graph's construction included."""
    grid = load_grid(name, grid_cache)
    bus, far, line = grid.model.buses.name[0], grid.model.buses.name[-1], grid.model.branches.name[0]
    for i, args in enumerate(
        (
            {"query": "neighbours", "element": bus},
            {"query": "path", "element": bus, "to": far, "metric": "impedance"},
            {"query": "islands"},
            {"query": "bridges"},
            {"query": "isolate", "element": line},
            {"query": "ties"},
        )
    ):
        change = [{"kind": "open", "element": grid.model.branches.name[10 + i]}]
        assert ask(grid, **args, changes=change).headline()


def test_a_sentence_counts_what_its_bounded_table_leaves_out(case39: Grid) -> None:
    """Bus 16 has five neighbours and the infeed supplies 39 buses, however few rows are asked for."""
    assert "Bus 15 and 4 more" in ask(case39, query="neighbours", element="Bus 16", top=1).headline()
    lost = ask(case39, query="isolate", element="Infeed at Bus 31", top=1)
    assert lost.isolate is not None
    assert f"Bus 1 and {lost.isolate.lost_buses_total - 1} more would lose supply" in lost.headline()
    assert "and 2 more" in ask(case39, query="ties", top=1).headline()


def test_an_area_is_known_by_its_word_and_has_no_tie_with_itself(case39: Grid) -> None:
    """'area 1' is area 1, and 1 with 1 is refused instead of answered for area 1 alone."""
    assert ask(case39, query="ties", element="area 1") == ask(case39, query="ties", element="1")
    with pytest.raises(InvalidArguments, match="no tie with itself"):
        ask(case39, query="ties", element="1", to="area 1")


def test_kilowatts_do_not_read_as_nothing(grid_cache: Path) -> None:
    """The low-voltage grid of CIGRE loses 0.38 MW behind a transformer."""
    grid = load_grid("create_cigre_network_lv", grid_cache)
    assert "cuts off 0.38 MW of load and 0.0 MW of generation" in ask(grid, query="bridges").headline()


def test_a_substation_is_known_by_its_number(default_grid: Grid) -> None:
    """'substation 1' is EHV_HV_substation_1; where a number fits several, they are named."""
    asked = ask(default_grid, query="neighbours", element="substation 1")
    assert asked == ask(default_grid, query="neighbours", element="EHV_HV_substation_1")
    with pytest.raises(AmbiguousElement, match="EHV_HV_substation_1, EHV_HV_substation_2"):
        ask(default_grid, query="neighbours", element="ehv substation")
