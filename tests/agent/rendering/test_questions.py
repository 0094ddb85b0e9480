"""Answers fitted to the question: a bound, a number of rows, a kind, one element."""

from collections.abc import Callable

import pytest

Say = Callable[..., str]


def bound(field: str, op: str, value: float) -> dict[str, object]:
    """A threshold as the understanding hands it over."""
    return {"field": field, "op": op, "value": value}


def test_no_is_said_with_the_highest(answer: Say) -> None:
    """The answer to "is anything above" names what comes closest."""
    text = answer(
        "power_flow", question="Is any line above 90 %?", focus="loadings", kind="line", threshold=bound("loading_percent", ">", 90.0)
    )
    assert text == "**No line is above 90 %**: the highest is HV1 Line 54 with 78.6 %."


def test_yes_is_said_with_the_count(answer: Say) -> None:
    """Then the table of those beyond the bound."""
    style = {"focus": "loadings", "kind": "line", "yes_no": True, "threshold": bound("loading_percent", ">", 70.0)}
    text = answer("power_flow", question="any line above 70 %?", **style)
    assert text.startswith("**Yes: 4 lines are above 70 %**; the highest is HV1 Line 54 with 78.6 %.")
    assert text.count("| HV1 Line") == 4


def test_below_names_the_lowest_and_lists_the_rows_below(answer: Say) -> None:
    """The heaviest branch is no answer to "which are below"."""
    text = answer("power_flow", question="lines below 60 %", focus="loadings", kind="line", threshold=bound("loading_percent", "<", 60.0))
    assert "the lowest is HV1 Line" in text
    assert "highest" not in text
    assert "78.6" not in text
    none = answer("power_flow", question="lines below 1 %", focus="loadings", kind="line", threshold=bound("loading_percent", "<", 1.0))
    assert none.startswith("**No line is below 1 %**: the lowest is")


def test_a_bound_the_person_did_not_say_is_not_written(answer: Say) -> None:
    """A default of the understanding is no number of the question."""
    text = answer("power_flow", question="anything heavily loaded?", focus="loadings", threshold=bound("loading_percent", ">", 80.0))
    assert text.startswith("**No branch is above that bound**")


def test_a_list_that_ends_too_early_says_at_least(answer: Say) -> None:
    """Ten of 101 branches are listed; all ten are beyond the bound."""
    text = answer("power_flow", question="branches above 50 %", focus="loadings", threshold=bound("loading_percent", ">", 50.0))
    assert text.startswith("**At least 10 branches are above 50 %**")


@pytest.mark.parametrize("result", ["power_flow", "above_1.1"])
def test_a_voltage_bound_is_answered_for_all_buses(answer: Say, result: str) -> None:
    """A group with that limit counts every bus, not only the listed ones."""
    text = answer(result, question="any bus above 1.1 pu?", focus="voltages", yes_no=True, threshold=bound("vm_pu", ">", 1.1))
    assert text.startswith("**Yes:** 66 of 294 buses at 110 kV are above")


def test_twin_circuits_are_both_the_most_loaded(answer: Say) -> None:
    """Equal to the shown digit: both are named."""
    text = answer("power_flow", focus="loadings", top=3)
    assert text.startswith("**HV1 Line 54 and HV1 Line 75 are the most loaded branches: 78.6 %**")
    assert text.count("| HV1") == 3


def test_one_row_needs_no_table(answer: Say) -> None:
    """Two facts make a sentence."""
    assert "|" not in answer("power_flow", focus="loadings", top=1)


def test_a_transformers_current_is_not_set_beside_another_ends_rating(answer: Say) -> None:
    """1.004 kA of 0.787 kA would contradict 63.8 %."""
    text = answer("transformers", focus="loadings", kind="transformer")
    assert "| HV1 Trafo 3 | 63.8 % | 300.0 MVA |" in text
    assert "kA" not in text


def test_each_kind_tells_its_own_fields(answer: Say) -> None:
    """A load draws, an infeed takes or brings, a switch is closed; nothing is told that does not exist."""
    text = answer("elements", focus="element")
    assert "**HV1 Line 14** (line, 110 kV, HV1 Bus 149 – HV1 Bus 150): in service; loaded to 3.8 %" in text
    assert "5.1 MW from HV1 Bus 150 to HV1 Bus 149" in text
    assert "tap 0 of -16 to 16" in text
    assert "draws 0.5 MW" in text
    assert "takes 390.1 MW out of the grid" in text
    assert "**HV1 Switch 47** (switch, 110 kV, HV1 Bus 5 – HV1 Bus 145): closed." in text
    assert "(no value)" not in text


def test_one_element_against_a_bound(answer: Say) -> None:
    """Yes or no, and the value."""
    text = answer("line", question="is HV1 Line 14 above 80 %?", focus="element", threshold=bound("loading_percent", ">", 80.0))
    assert text == "**No: HV1 Line 14 is at 3.8 %**, not above 80 %."


def test_counts_are_counted(answer: Say) -> None:
    """A question for a number gets a number."""
    assert answer("grid_summary", question="how many lines?", focus="count", kind="line") == "There are **95 lines**."
    assert "306 buses, 95 lines, 6 transformers" in answer("grid_summary")


def test_the_worst_outages_are_a_table(answer: Say) -> None:
    """Secure or not, how many of which kind, then the gravest."""
    text = answer("contingencies", focus="n1", top=3)
    assert text.startswith("**Not N-1 secure: 52 of 104 single outages break a limit or lose load.**")
    assert "20 overload a branch, 26 lose load (at most 13.5 MW) and 16 push a voltage out of its band." in text
    assert "| HV1 Line 54 | HV1 Line 75 | 155.6 % | 1 | 13 out of band (1.066 pu to 1.127 pu) |" in text
    assert text.count("| HV1 Line 54 |") == 2  # as an outage and as the branch that its twin overloads


def test_failed_cases_are_told(answer: Say) -> None:
    """What could not be solved counts as insecure and is never left out."""
    text = answer("case39")
    assert "Losing Infeed at Bus 31** takes 6254.2 MW of load and 5620.0 MW of generation off supply" in text
    assert "1 outage has no power-flow solution and must be treated as insecure" in text
    assert "Transformer 6-31 (1): no AC solution near the start" in text


@pytest.mark.parametrize(
    ("result", "point"),
    [
        ("losing_54", "**Losing HV1 Line 54** loads HV1 Line 75 to 155.6 % of its permanent rating and pushes 13 buses out of band"),
        ("losing_12", "**Losing HV1 Line 12** takes 10.0 MW of load and 37.3 MW of generation off supply."),
        ("losing_14", "**Losing HV1 Line 14 breaks no limit and nothing loses supply.**"),
    ],
)
def test_one_outage_is_one_sentence(answer: Say, result: str, point: str) -> None:
    """What is lost, what is overloaded, which voltages leave their band."""
    assert answer(result, focus="n1").startswith(point)


def test_outages_that_lose_load_are_asked_for(answer: Say) -> None:
    """The question decides what comes first."""
    assert answer("contingencies", focus="lost_load").startswith("**26 of 104 single outages lose load, at most 13.5 MW.**")
