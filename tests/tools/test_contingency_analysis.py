"""Contingency analysis on whole grids: the default grid's facts (DESIGN), which outages are studied, and what cannot be asked."""

import json
from functools import partial
from typing import Any

import pytest

from grid_models.contingency.pair_study import study_pairs
from grid_models.errors import AmbiguousElement, StudyCancelled, UnknownElement
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.twin.profiles import Grid
from tools.context import StudyContext
from tools.contingency_analysis import ContingencyResult
from tools.registry import InvalidArguments, run_study

LIMITS = OperatingLimits((VoltageBand("voltage-110", 110, 300, 0.90, 1.118),), 100.0, "branch-loading")


def outages(grid: Grid, **args: Any) -> ContingencyResult:
    """The analysis of the grid's standing start."""
    result = run_study("contingency_analysis", args, StudyContext(grid.state_at(), LIMITS))
    assert isinstance(result, ContingencyResult)
    return result


def test_the_result_core_of_the_contract_is_there(default_grid: Grid) -> None:
    """Programs and evaluators rely on these names."""
    core = outages(default_grid).model_dump()
    assert {"cases", "secure", "failed", "worst", "total"} <= set(core)
    assert {
        "outage",
        "max_loading_percent",
        "overloaded",
        "vm_min_pu",
        "vm_max_pu",
        "lost_load_mw",
        "lost_generation_mw",
        "islands",
    } <= set(core["worst"][0])


def test_n1_is_ranked_and_counted(default_grid: Grid) -> None:
    """Gravest first; the table is bounded and the totals are not. HV1 Line 75 or 54 loads its twin to 155.6 %."""
    result = outages(default_grid, top=5)
    assert (result.cases, len(result.worst), result.secure, result.failed) == (104, 5, False, ())
    assert result.cases_by_kind == {"line": 95, "transformer": 6, "infeed": 3}
    severity = [round(row.severity, 9) for row in result.worst]  # nearer values are equal and keep the order of the grid
    assert severity == sorted(severity, reverse=True)
    assert {row.outage for row in result.worst[:2]} == {("HV1 Line 54",), ("HV1 Line 75",)}
    assert result.worst[0].max_loading_percent == pytest.approx(155.6, abs=0.05)
    assert result.overloading <= result.total <= result.cases
    assert result.headline().startswith(
        "52 of 104 single outages break a limit or lose load; the worst, HV1 Line 54, loads HV1 Line 75 to 155.6 %"
    )


def test_voltages_after_line_outages(default_grid: Grid) -> None:
    """13 lines leave a voltage above 1.118 pu; HV1 Line 58 the highest, 1.143 pu."""
    result = outages(default_grid, elements=["lines"], top=1000)
    worst = max(result.worst, key=lambda row: row.voltage_excess_pu)
    assert (result.violating_voltage, worst.outage) == (13, ("HV1 Line 58",))
    assert worst.vm_max_pu == pytest.approx(1.143, abs=0.0005)
    assert worst.voltage_excess_pu == pytest.approx(worst.vm_max_pu - 1.118, abs=1e-9)  # type: ignore[operator]


def test_a_radial_line_loses_what_hangs_on_it(default_grid: Grid) -> None:
    """HV1 Line 12: 10.0 MW of load and 37.3 MW of generation, one island."""
    row = outages(default_grid, elements=["HV1 Line 12"]).worst[0]
    assert row.lost_load_mw == pytest.approx(10.0, abs=0.05)
    assert row.lost_generation_mw == pytest.approx(37.3, abs=0.05)
    assert (row.islands, row.total_loss) == (1, False)


def test_a_lost_park_is_lost_generation(default_grid: Grid) -> None:
    """HV1 Sgen 65 injects 133.6 MW: they are lost, no load is."""
    row = outages(default_grid, elements=["HV1 Sgen 65"]).worst[0]
    assert (row.kind, row.lost_load_mw, row.islands) == ("generator", 0.0, 0)
    assert row.lost_generation_mw == pytest.approx(133.57, abs=0.01)


def test_a_named_outage_equals_its_row_in_the_full_screening(default_grid: Grid) -> None:
    """The same numbers, asked one at a time."""
    everything = {row.outage: row for row in outages(default_grid, top=1000).worst}
    for name in ("HV1 Line 75", "HV1 Line 12", "HV1 Trafo 2", "EHV Ext_grid 8"):
        alone, ranked = outages(default_grid, elements=[name]).worst[0], everything[(name,)]
        for field in ("max_loading_percent", "vm_max_pu", "lost_load_mw", "lost_generation_mw", "severity"):
            assert getattr(alone, field) == pytest.approx(getattr(ranked, field), rel=1e-6)
        assert [o.element for o in alone.overloaded] == [o.element for o in ranked.overloaded]


def test_the_only_infeed_is_a_total_loss_of_supply(case39: Grid) -> None:
    """Not a failed case: every MW is lost, and it leads the ranking."""
    result = outages(case39)
    first = result.worst[0]
    assert (first.outage, first.total_loss, result.total_losses) == (("Infeed at Bus 31",), True, 1)
    assert first.lost_load_mw == pytest.approx(float(case39.state_at().load_drawn_mw.sum()))
    assert "total loss of supply" in result.headline()
    assert first.outage not in {case.outage for case in result.failed}


def test_branches_that_overload_most_often_lead_their_table(case39: Grid) -> None:
    """Counted against the complete list of outages."""
    result = outages(case39, top=1000)
    overloads = [(o.element, o.loading_percent, row.outage) for row in result.worst for o in row.overloaded]
    assert len(result.by_element) == result.overloaded_elements == len({element for element, _, _ in overloads})
    for row in result.by_element:
        mine = [(percent, outage) for element, percent, outage in overloads if element == row.element]
        assert (row.cases, row.worst_percent, row.worst_outage) == (len(mine), *max(mine, key=lambda found: found[0]))
    assert [row.cases for row in result.by_element] == sorted((row.cases for row in result.by_element), reverse=True)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["lines"], {"line": 95}),
        (["All lines", "transformers"], {"line": 95, "transformer": 6}),
        (["Infeeds", "EHV Ext_grid 8"], {"infeed": 3}),
        (["branches"], {"line": 95, "transformer": 6}),
        (["double circuits", "HV1 Trafo 2"], {"double circuit": 43, "transformer": 1}),
        (["HV1 Sgen 64"], {"generator": 1}),
    ],
)
def test_words_for_kinds_and_names_say_what_may_fail(default_grid: Grid, words: list[str], kinds: dict[str, int]) -> None:
    """They mix, and what is meant twice is one case."""
    assert outages(default_grid, elements=words).cases_by_kind == kinds


def test_all_kinds_together(training: Grid) -> None:
    """Two lines, a transformer, the infeed, the three machines and parks, every energised busbar and the one double circuit."""
    kinds = outages(training, elements=["all"]).cases_by_kind
    assert (kinds["line"], kinds["transformer"], kinds["infeed"], kinds["generator"]) == (2, 1, 1, 3)
    assert kinds["busbar"] == sum(training.model.buses.is_busbar)


def test_a_secure_grid_says_so(training: Grid) -> None:
    """Losing one of two parallel lines is no finding."""
    result = outages(training, elements=["T Line 1"])
    assert result.secure
    assert result.headline() == "Losing T Line 1 breaks no limit and loses no load."


def test_an_outage_named_twice_is_one_case(case39: Grid) -> None:
    """However it is spelled."""
    assert outages(case39, elements=["Line 5-6 (1)", "line 5-6 (1)"]).cases == 1


def test_curtailed_wind_resolves_overloads(default_grid: Grid) -> None:
    """The remedy of the default grid: without wind all 35 overloads of the 20 overloading outages are resolved and none is new."""
    result = outages(default_grid, changes=[{"kind": "scale", "group": "wind", "factor": 0.0}], top=1000)
    compared = result.comparison
    assert compared is not None
    assert (compared.resolved_total, compared.new_total, result.overloading) == (35, 0, 0)
    before = {(row.outage, o.element): o.loading_percent for row in outages(default_grid, top=1000).worst for o in row.overloaded}
    assert {(row.outage, row.element): row.before_percent for row in compared.resolved} == pytest.approx(before, rel=1e-6)


def test_opening_a_harmless_circuit_is_compared(default_grid: Grid) -> None:
    """HV1 Line 14: nothing new and nothing lost; it cannot fail any more."""
    compared = outages(default_grid, changes=[{"kind": "open", "element": "HV1 Line 14"}]).comparison
    assert compared is not None
    assert (compared.cases, compared.new_total, compared.lost_load_total) == (103, 0, 0)
    assert (compared.only_before, compared.only_after) == ((("HV1 Line 14",),), ())


def test_screened_pairs_are_counted_and_confirmed(case39: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a grid with too many pairs to solve: what is confirmed equals the pair solved by name, the rest is said to be screened only."""
    monkeypatch.setattr("tools.contingency_study.study_pairs", partial(study_pairs, few_pairs=0))
    result = outages(case39, level=2, top=1000)
    assert (result.cases, result.pairs, result.screened) == (1035, 1035, 1035)
    assert result.confirmed is not None
    assert len(result.worst) + result.failed_total == result.confirmed < 1035
    assert f"of {result.confirmed} pairs solved (of 1035)" in result.headline()
    for row in result.worst[:3]:
        named = outages(case39, outages=[list(row.outage)]).worst[0]
        assert named.max_loading_percent == pytest.approx(row.max_loading_percent, abs=1e-6)
        assert named.lost_load_mw == pytest.approx(row.lost_load_mw)


def test_a_stopped_study_says_how_far_it_came(default_grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after the first report of progress, in blocks of 16 outages."""
    monkeypatch.setattr("grid_models.contingency.screening._BLOCK_CASES", 16)
    reports: list[int] = []
    ctx = StudyContext(default_grid.state_at(), LIMITS, progress=lambda done, total: reports.append(done), cancelled=lambda: bool(reports))
    with pytest.raises(StudyCancelled) as stopped:
        run_study("contingency_analysis", {}, ctx)
    assert (stopped.value.done, stopped.value.total) == (16, 104)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"level": 7}, "level"),
        ({"top": 1001}, "top"),
        ({"elements": []}, "elements"),
        ({"outages": [[]]}, "outages"),
        ({"outages": ["HV1 Line 1", "HV1 Line 2"]}, "list of the names that fail together"),
        ({"outages": [["HV1 Line 1"]], "elements": ["lines"]}, "exclude each other"),
        ({"outages": [["HV1 Line 1"]], "level": 2}, "level 2 does not fit"),
        ({"elements": ["HV1 Load 1"]}, "is a load; the outage of a line"),
        ({"outages": [["HV1 Line 1", "HV1 Switch 47"]]}, "is a switch; the outage of a line"),
        ({"level": 2, "elements": ["HV1 Line 1"]}, "Pairs need two elements"),
        ({"level": 2, "elements": ["all"]}, "54946 pairs"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(default_grid: Grid, args: dict[str, Any], says: str) -> None:
    """What was asked, what was found and what would work."""
    with pytest.raises(InvalidArguments, match=says) as caught:
        outages(default_grid, **args)
    assert "\n" not in str(caught.value)


def test_unknown_names_are_refused(default_grid: Grid) -> None:
    """With the nearest; a word that is no class is no name either."""
    with pytest.raises(UnknownElement, match="HV1 Line 9"):
        outages(default_grid, elements=["HV1 Line 999"])
    with pytest.raises((UnknownElement, AmbiguousElement), match="unicorns"):
        outages(default_grid, elements=["unicorns"])


def test_every_result_is_plain_json_without_nan(default_grid: Grid, case39: Grid) -> None:
    """A total loss, a group and a comparison included: a NaN would break other programs."""
    for result in (
        outages(case39, top=1000),
        outages(default_grid, outages=[["HV1 Line 54", "HV1 Line 75"]]),
        outages(default_grid, changes=[{"kind": "open", "element": "HV1 Line 14"}]),
    ):
        json.dumps(result.model_dump(mode="json"), allow_nan=False)
