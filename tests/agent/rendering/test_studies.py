"""How connections, causes, pairs, comparisons and other methods are told; the results are real ones of the default grid and case39."""

from collections.abc import Callable

import pytest

from agent.answer import Call
from agent.rendering import pictures, write_answer
from tools.contingency_analysis import ContingencyResult
from tools.explain_loading import ExplainResult
from tools.power_flow_result import PowerFlowResult
from tools.topology import TopologyResult

Say = Callable[..., str]
RESULTS = {
    "topology": TopologyResult,
    "explain_loading": ExplainResult,
    "contingency_analysis": ContingencyResult,
    "power_flow": PowerFlowResult,
}
STUDIES = [
    "path",
    "bridges",
    "ties",
    "isolate",
    "why_54",
    "why_out",
    "pairs",
    "pairs_dc",
    "after_change",
    "two_groups",
    "dc",
    "no_solution",
]


@pytest.mark.parametrize("name", STUDIES)
def test_the_stored_results_have_the_form_of_today(call: Callable[..., Call], name: str) -> None:
    """A field that a study renames or drops makes the stored result invalid, and the writer's tests worthless."""
    stored = call(name)
    fields = {k: v for k, v in stored.result.items() if k != "headline"}
    assert RESULTS[stored.tool].model_validate(fields).headline() == stored.result["headline"]


FOCI = {
    "topology": ["topology"],
    "explain_loading": ["explain", "relief"],
    "contingency_analysis": ["n1", "lost_load", "elements"],
    "power_flow": ["state", "voltages", "loadings", "whatif", "losses"],
}


def test_every_number_of_every_study_is_grounded(call: Callable[..., Call], answer: Say, any_study: str) -> None:
    """However it was asked; the fixture checks each number against its evidence."""
    for focus in FOCI[call(any_study).tool]:
        assert "(no value)" not in answer(any_study, focus=focus)


def test_neighbours_are_named_first(answer: Say) -> None:
    """Then the branches with lengths where there are any, then what hangs there."""
    text = answer("neighbours")
    assert text.startswith("**HV1 Bus 5 is connected to EHV Bus 143, HV1 Bus 47,")
    assert "| HV1 Line 54 | HV1 Bus 47 | 110.0 kV | 18.8 km |" in text
    assert "- HV1 Load 6, 0.5 MW" in text
    assert "Length" not in answer("neighbours_39")


def test_a_path_says_what_was_kept_small_and_how_firm_it_is(answer: Say) -> None:
    """Branches, measures, the way, and whether one outage parts the ends."""
    text = answer("path")
    assert text.startswith("**Fewest branches: 4 branches (67.805 Ω, 0.057 pu) between Bus 5 and Bus 16**")
    assert "2 paths share no branch: no single outage parts the two." in text
    assert answer("path_km").startswith("**Shortest: ")
    assert "There is no second way: losing Line 16-19 (1) parts the two." in answer("one_way")


def test_no_path_says_what_would_join(answer: Say) -> None:
    """Whole sentences; a what-if names its change."""
    text = answer("no_path")
    assert text.startswith("**There is no path between Bus 16 and Bus 19.** No branch in service joins them.")
    assert "Closing Line 16-19 (1) (Bus 16 and Bus 19) would join them." in text
    assert "This is after opening Line 16-19 (1); nothing was switched." in text


def test_islands_and_what_is_dead(answer: Say) -> None:
    """One piece, or what is cut off with its load and generation."""
    assert answer("islands") == "**The grid is in one piece; nothing is dead.**"
    assert "1 part is without supply**: 4 busbars, 680.0 MW of load and 1140.0 MW of generation." in answer("dead_part")


def test_radial_or_not(answer: Say) -> None:
    """All of them, or yes and no for one."""
    assert answer("bridges").startswith("**28 branches hold something in supply alone**: 58.4 MW of 104.5 MW of load")
    assert answer("radial").startswith("**HV1 Line 12 is radial**: 10.0 MW of load and 37.3 MW of generation hang on it alone")
    assert answer("not_radial").startswith("**HV1 Line 14 is not radial**")


def test_the_exchange_between_areas_has_a_direction(answer: Say) -> None:
    """No sign that a reader has to interpret."""
    assert answer("ties").startswith("**2 branches join areas.** Exchange: 113.2 MW from area 2 to area 1 over 2 ties in service.")
    assert answer("no_ties").startswith("**There are no ties between areas in this grid.**")


def test_isolating_is_a_list_with_its_price(answer: Say) -> None:
    """Openings in order, what they cost, and that nothing was done."""
    text = answer("isolate")
    assert text.startswith("**HV1 Line 12 is isolated by 2 openings, in this order:**\n\n1. open HV1 Switch 47 (breaker at ")
    assert "It costs 10.0 MW of load and 37.3 MW of generation" in text
    assert text.lower().count("nothing was switched") == 1


def test_causes_are_the_flow_and_its_groups(answer: Say) -> None:
    """Small groups are no cause; the shares are those of the result."""
    text = answer("why_54", focus="explain")
    assert text.startswith("**HV1 Line 54 carries 111.8 MW from HV1 Bus 219 to HV1 Bus 218 (78.6 % of its permanent rating)**")
    assert "mostly because of wind and other generation." in text
    assert "mostly because of load." in answer("why_5_6", focus="explain")
    assert "- Open HV1 Line 54: 111.9 MW of the flow" in answer("why_after", focus="explain")


def test_only_the_kind_asked_for_is_listed(answer: Say) -> None:
    """'Which generators push power through it' lists no loads."""
    shares = answer("why_5_6", focus="explain", kind="generator").split("largest single shares")[1].split("relieve")[0]
    assert "- Generator at Bus 39: -523.1 MW" in shares
    assert "- Load" not in shares


def test_relief_is_told_alone_when_asked_for(answer: Say) -> None:
    """The flow and the list, no shares."""
    text = answer("why_54", focus="relief")
    assert "What would relieve it most:" in text
    assert "Shares of the flow" not in text


def test_what_carries_nothing_has_no_causes(answer: Say) -> None:
    """The study's own sentence."""
    assert "out of service" in answer("why_out", focus="explain")
    assert "%" not in answer("why_unrated", focus="explain").split("\n")[0]


def test_pairs_are_n_2(answer: Say) -> None:
    """How many were solved and how; the failed ones once, by their own reason."""
    text = answer("pairs")
    assert text.startswith("**Not N-2 secure: 711 of 1035 pairs break a limit or lose load.**")
    assert "The gravest pairs, " in text
    assert "- Line 5-8 (1) and Line 6-7 (1)\n" in text
    assert text.count("leaves a grid without a power flow") == 1
    assert "All 1035 pairs were solved in AC" in text
    assert answer("pairs_dc").startswith("**Not N-2 secure: 566 of 1035 pairs")


@pytest.mark.parametrize("name", ["pairs_dc", "n1_dc"])
def test_dc_outages_say_so(answer: Say, name: str) -> None:
    """A reader must not take them for AC."""
    assert answer(name).endswith("By the DC approximation, which knows no voltages or reactive power.")


def test_kinds_of_outages(answer: Say) -> None:
    """Counted by their kind; the end of all supply is called by its name."""
    text = answer("busbars")
    assert text.startswith("**28 of 39 outages of a busbar break a limit or lose load.**")
    assert "**Losing Bus 31 is a total loss of supply**: 6254.2 MW of load go dark." in text
    assert "1 outage has no power-flow solution" in answer("generators_out")
    assert answer("infeed_39").startswith("**Losing Infeed at Bus 31 is a total loss of supply**")
    assert answer("bus_16").startswith("**Losing Bus 16** takes 1839.1 MW of load")


def test_of_two_groups_the_graver_is_named(answer: Say) -> None:
    """Set against each other on purpose."""
    assert "Losing HV1 Line 54 and HV1 Line 58 is the graver of the two." in answer("two_groups")


def test_a_change_is_judged_against_without_it(answer: Say) -> None:
    """Before and after in the first sentence, then what got better and worse."""
    text = answer("after_change")
    assert text.startswith("After setting the active power of HV1 Sgen 65 to 0 MW: **Not N-1 secure:")
    assert "Without the change: " in text.split("\n")[0]
    assert "overloads are gone, above all HV1 Line 77 from 133.0 % to 42.0 % after losing HV1 Line 61" in text


def test_which_branches_overload_most_often(answer: Say) -> None:
    """Seen from the branch."""
    text = answer("after_change", focus="elements")
    assert "is overloaded by" in text.split("\n")[0]
    assert "| Branch | Outages | Worst loading | After losing |" in text


def test_dc_has_no_voltages(answer: Say) -> None:
    """They are not judged, and nothing is shown in their place."""
    for focus in ("state", "voltages", "whatif"):
        text = answer("dc_after" if focus == "whatif" else "dc", focus=focus)
        assert "A DC power flow knows no voltages" in text
        assert "(no value)" not in text
        assert "pu" not in text


def test_fast_decoupled_is_named(answer: Say) -> None:
    """The method is part of the answer."""
    assert answer("fast_decoupled", focus="state").endswith("Solved by the fast decoupled method.")


def test_no_solution_says_where_and_what_would_restore_it(answer: Say) -> None:
    """The study's explanation, whole."""
    text = answer("no_solution", focus="whatif")
    assert text.startswith("**After these changes (scale loads by 3) the power flow has no solution.**")
    assert "would restore it" in text


def test_unknown_security_is_not_security() -> None:
    """Nothing found, but not everything could be judged."""
    result = {"cases": 5, "secure": None, "secure_note": "2 of 9 branches have no rating", "total": 0, "ratings_usable": True, "worst": []}
    text = write_answer([Call(id="E1", tool="contingency_analysis", args={}, result=result)], "", {"focus": "n1"})
    assert "no proof of security:** 2 of 9 branches have no rating." in text


def test_causes_are_shown_as_bars_that_add_or_oppose(call: Callable[..., Call]) -> None:
    """The words say the sign too: colour is not the only one to tell."""
    (picture,) = pictures([call("why_54")])
    assert "HV1 Sgen 65 65.8 MW" in picture.alt
    assert "negative ones oppose it" in picture.title
