"""True sentences pass with evidence; invented numbers, swapped numbers and numbers of another element are named."""

from collections.abc import Callable

import pytest

from agent.grounding import Grounded

Told = Callable[..., Grounded]

TRUE = [
    ("power_flow", "The highest loading is 78.6 % on HV1 Line 54. Losses are 18.7 MW."),
    ("power_flow", "**HV1 Line 54** carries 0.534 kA (78.6 % of its 0.68 kA rating), HV1 Line 49 is at 72.1%."),
    ("power_flow", "Trafo 3 is in service; line 49 is at 72.1 %."),
    ("power_flow", "The lowest voltage is 1.066 pu at HV1 Bus 7, the highest 1.116 pu (HV1 Bus 85)."),
    ("power_flow", "Voltages lie between 1.066 and 1.116 pu."),
    ("power_flow", "66 of the 294 buses at 110 kV are above the limit of 1.100 pu; the highest is HV1 Bus 85 with 1.116 pu."),
    ("power_flow", "Load is 104.5 MW, generation 1.287 GW; the infeeds export 1163.7 MW."),
    ("power_flow", "1. HV1 Line 54: 78.6 %\n2. HV1 Line 75: 78.6 %\n\nThe N-1 check at 11:45 on 2016-08-12 follows."),
    (
        "power_flow",
        "| Element | Loading | Current [kA] |\n|---|---|---|\n| HV1 Line 54 | 78.6 % | 0.534 |\n| HV1 Line 49 | 72.1 % | 0.490 |",
    ),
    ("power_flow", "HV1 Line 54 is the most loaded. It is at 78.6 %."),
    ("power_flow", "All 101 branches have one permanent rating (PATL) in the source; no temporary ratings."),
    ("what_if", "Opening HV1 Line 12 loses 10.0 MW of load and 37.3 MW of generation; the highest loading becomes 78.6 % on HV1 Line 54."),
    ("what_if", "| | Load | Generation |\n|-|-|-|\n| Lost | 10.0 MW | 37.3 MW |"),
    ("contingencies", "52 of 104 single outages leave a limit or lose load; the worst is HV1 Line 54: HV1 Line 75 at 155.6 %."),
    ("contingencies", "20 outages overload a branch, 26 lose load (at most 13.5 MW), 16 violate a voltage limit."),
    ("contingencies", "Losing EHV Ext_grid 8 loads HV1 Line 58 to 126.9 % and HV1 Trafo 3 to 105.7 %; the voltage rises to 1.143 pu."),
    ("contingencies", "HV1 Line 58 rises to 126.9 % for the loss of EHV Ext_grid 8."),
    ("contingencies_case39", "Losing the Infeed at Bus 31 loses 6254.2 MW of load and 5620 MW of generation."),
    ("contingencies_case39", "The outage of Line 21-22 (1) loads Line 23-24 (1) to 157.54 %."),
    ("power_flow_case118", "Bus 38 is at 0.961 pu; the limit is 1.043 pu."),
    ("power_flow_case118", "Transformer 8-5 (1) carries 1.465 kA, that is 1465 A."),
    ("elements", "HV1 Line 14:\n- loading 3.8 %\n- current 0.026 kA\n- rating 0.680 kA"),
    ("elements", "HV1 Trafo 3 stands at tap 0 of -16 to 16."),
    ("grid_summary", "The grid has 306 buses, 95 lines and 6 transformers at 380, 220 and 110 kV."),
]

FALSE = [
    ("invented", "power_flow", "HV1 Line 54 is at 79.3 %.", ["79.3 %"]),
    ("invented count", "contingencies", "Of 104 outages 17 overload a branch.", ["17"]),
    ("invented element", "power_flow", "HV1 Line 54 is at 78.6 %, line 999 as well.", ["999"]),
    ("invented clause", "power_flow", "Article 35(5) and IEC 60076-7 allow it.", ["Article 35(5)", "IEC 60076-7"]),
    ("elements swapped", "power_flow", "HV1 Line 54 is at 72.1 % and HV1 Line 49 at 78.6 %.", ["72.1 %", "78.6 %"]),
    (
        "rows swapped",
        "power_flow",
        "| Element | Loading |\n|---|---|\n| HV1 Line 54 | 72.1 % |\n| HV1 Line 49 | 78.6 % |",
        ["72.1 %", "78.6 %"],
    ),
    ("highest and lowest swapped", "power_flow", "The lowest voltage is 1.116 pu.", ["1.116 pu"]),
    ("not the highest", "power_flow", "The highest loading is 72.1 %.", ["72.1 %"]),
    ("load and generation swapped", "power_flow", "Load is 1286.9 MW, generation 104.5 MW.", ["1286.9 MW", "104.5 MW"]),
    ("a total as one element's", "power_flow", "HV1 Line 54 carries 104.5 MW.", ["104.5 MW"]),
    ("import for export", "power_flow", "The grid imports 1163.7 MW.", ["1163.7 MW"]),
    ("wrong unit", "power_flow", "HV1 Line 49 is at 72.1 MW.", ["72.1 MW"]),
    ("truncated, not rounded", "contingencies_case39", "Line 21-22 (1) loads Line 23-24 (1) to 157.53 %.", ["157.53 %"]),
    ("fields swapped", "what_if", "Opening HV1 Line 12 loses 37.3 MW of load and 10.0 MW of generation.", ["37.3 MW", "10.0 MW"]),
    ("columns swapped", "what_if", "| | Load | Generation |\n|-|-|-|\n| Lost | 37.3 MW | 10.0 MW |", ["37.3 MW", "10.0 MW"]),
    ("another line's loading", "what_if", "HV1 Line 12 is loaded to 78.6 %.", ["78.6 %"]),
    ("counts swapped", "contingencies", "26 outages overload a branch, 20 lose load.", ["26", "20"]),
    ("one outage, two branches swapped", "contingencies", "Losing EHV Ext_grid 8 loads HV1 Trafo 3 to 126.9 %.", ["126.9 %"]),
    ("value and limit swapped", "power_flow_case118", "Bus 38 is at 1.043 pu, the limit is 0.961 pu.", ["1.043 pu", "0.961 pu"]),
    ("rating and current swapped", "elements", "HV1 Line 14:\n- current 0.680 kA\n- rating 0.026 kA", ["0.680 kA", "0.026 kA"]),
    ("short names swapped", "elements", "Trafo 3 is loaded to 3.8 %; line 14 to 63.8 %.", ["3.8 %", "63.8 %"]),
    ("a field it has not", "elements", "HV1 Line 14 stands at tap 0.", ["0"]),
]


@pytest.mark.parametrize(("result", "text"), TRUE)
def test_true_sentences_pass(told: Told, result: str, text: str) -> None:
    """What the results say may be said in many ways, and each number that is no quotation has evidence."""
    grounded = told(text, result)
    assert grounded.unsupported_numbers == ()
    assert grounded.answer == text
    assert grounded.evidence or "PATL" in text


@pytest.mark.parametrize(("result", "text", "unsupported"), [f[1:] for f in FALSE], ids=[f[0] for f in FALSE])
def test_false_sentences_are_caught(told: Told, result: str, text: str, unsupported: list[str]) -> None:
    """A number that no fact says of that element and field is named as it was written."""
    assert [d.text for d in told(text, result).doubts] == unsupported


def test_a_scripted_liar_is_caught(told: Told) -> None:
    """One invented and one swapped number among true ones: exactly these two are named."""
    text = (
        "If HV1 Line 54 trips, HV1 Line 75 is loaded to 155.6 %. Losing EHV Ext_grid 8 loads HV1 Line 58 to 105.7 %. "
        "In all, 52 of 104 outages leave a limit and 12.4 MW of load is lost."
    )
    assert told(text, "contingencies").unsupported_numbers == ("105.7 %", "12.4 MW")


def test_rounding_goes_both_ways(told: Told) -> None:
    """78.562 % may be told with fewer decimals, never with wrong ones."""
    assert told("HV1 Line 54 is at 79 %, precisely 78.56 %.", "power_flow").unsupported_numbers == ()
    assert told("HV1 Line 54 is at 78 %, precisely 78.57 %.", "power_flow").unsupported_numbers == ("78 %", "78.57 %")


def test_evidence_names_call_and_path(told: Told) -> None:
    """With several calls of a turn the evidence says which one supports the number."""
    grounded = told("Losses are 18.7 MW. If HV1 Line 54 trips, HV1 Line 75 is at 155.6 %.", "power_flow", "contingencies")
    assert [(e.tool_call, e.path) for e in grounded.evidence] == [("E1", "losses_mw"), ("E2", "worst[0].max_loading_percent")]


@pytest.mark.parametrize("name", ["HV1 Line 14", "Line 5-6 (1)", "Bus 12", "hv1 line 14", "EHV Ext_grid 8"])
def test_digits_of_names_are_no_numbers(told: Told, name: str) -> None:
    """A name may be written in any case; its digits need no evidence."""
    grounded = told(f"Nothing is known about {name} here.", "power_flow")
    assert grounded.unsupported_numbers == ()
    assert grounded.evidence == ()


def test_a_fact_without_any_call_is_unsupported(told: Told) -> None:
    """Without results no number can be a fact."""
    assert told("HV1 Line 54 is at 78.6 %.").unsupported_numbers == ("78.6 %",)
