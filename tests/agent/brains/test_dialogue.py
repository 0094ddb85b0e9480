"""What was said before completes what is said now."""

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


def test_value_completes_a_request(converse: Start) -> None:
    """A missing amount is asked for; the answer completes the same request."""
    talk = converse()
    talk.ask("curtail HV1 Sgen 70 because of high voltage")
    assert talk.told["status"] == "needs_clarification"
    assert not talk.calls
    talk.ask("20 MW")
    assert talk.last.args == {"changes": [{"kind": "set_p", "element": "HV1 Sgen 70", "p_mw": 20.0}], "reason": "because of high voltage"}


def test_relative_value_is_made_absolute(converse: Start) -> None:
    """MW are never a delta: the present value is read first."""
    talk = converse("case39")
    talk.ask("reduce generator 30 by 50 MW")
    assert [c.tool for c in talk.calls] == ["grid_data", "propose_action"]
    assert talk.last.args["changes"] == [{"kind": "set_p", "element": "Generator at Bus 30", "p_mw": 200.0}]


def test_element_completes_a_request(converse: Start) -> None:
    """A missing element is asked for."""
    talk = converse()
    talk.ask("open it")
    assert talk.told["status"] == "needs_clarification"
    talk.ask("line 14")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Line 14"}]


def test_few_elements_are_offered(converse: Start) -> None:
    """Where few elements of the kind exist they are the candidates."""
    talk = converse()
    talk.ask("open the transformer")
    assert talk.told["candidates"] == [f"HV1 Trafo {i}" for i in range(1, 7)]


def test_ambiguous_name_is_chosen_by_place(converse: Start) -> None:
    """'The second one' of the candidates; the question stays the same."""
    talk = converse("case39")
    talk.ask("what if the line at bus 16 trips?")
    assert len(talk.told["candidates"]) == 5
    talk.ask("the second one")
    assert (talk.last.tool, talk.last.args) == ("power_flow", {"changes": [{"kind": "open", "element": "Line 16-17 (1)"}]})


def test_ambiguous_order_is_completed_to_a_proposal(converse: Start) -> None:
    """An order with an ambiguous name proposes only what the person then names."""
    talk = converse()
    talk.ask("open the breaker of line 14")
    assert not talk.calls
    talk.ask("HV1 Switch 57")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Switch 57"}]


@pytest.mark.parametrize(
    ("answer", "tool"), [("propose", "propose_action"), ("yes please", "propose_action"), ("study", "power_flow"), ("no", None)]
)
def test_unclear_mood_is_asked(converse: Start, answer: str, tool: str | None) -> None:
    """A suggestion is neither done nor dropped: the person decides."""
    talk = converse()
    talk.ask("we should open line 14")
    assert talk.told["status"] == "needs_clarification"
    talk.ask(answer)
    assert [c.tool for c in talk.calls] == ([tool] if tool else [])


def test_pronoun(converse: Start) -> None:
    """'It' is the element of the last answer."""
    talk = converse()
    talk.ask("how loaded is trafo 2?")
    talk.ask("what if it trips?")
    assert talk.last.args == {"changes": [{"kind": "open", "element": "HV1 Trafo 2"}]}
    talk.ask("open it")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Trafo 2"}]


def test_pronoun_after_a_list_is_not_guessed(converse: Start) -> None:
    """'It' after a list of five means nothing certain: it is asked back, not taken as the first."""
    talk = converse()
    talk.ask("what are the five most loaded lines?")
    talk.ask("open it")
    assert talk.told["status"] == "needs_clarification"
    assert not talk.calls


def test_rank_in_a_list(converse: Start) -> None:
    """'The second one' of the list that was shown."""
    talk = converse()
    talk.ask("what are the five most loaded lines?")
    talk.ask("what if the second one trips?")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Line 75"}]


def test_them(converse: Start) -> None:
    """'Them' are all of the list."""
    talk = converse()
    talk.ask("show the three most loaded lines")
    talk.ask("n-1 for them")
    assert talk.last.args["elements"] == ["HV1 Line 54", "HV1 Line 75", "HV1 Line 49"]


def test_ellipsis_and_correction(converse: Start) -> None:
    """The last question again with another element."""
    talk = converse()
    talk.ask("what if line 14 trips?")
    for sentence, name in (("and line 15?", "HV1 Line 15"), ("same for trafo 2", "HV1 Trafo 2"), ("no, I meant 3", "HV1 Trafo 3")):
        talk.ask(sentence)
        assert talk.last.args == {"changes": [{"kind": "open", "element": name}]}


def test_ellipsis_of_an_order_is_confirmed(converse: Start) -> None:
    """'And line 15' after an order is no order yet."""
    talk = converse()
    talk.ask("open line 14")
    talk.ask("and line 15")
    assert not talk.calls
    talk.ask("yes")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Line 15"}]


def test_other_amount_kind_and_count(converse: Start) -> None:
    """'And 30 %?', 'and transformers?', 'top 10?'"""
    talk = converse()
    talk.ask("what if load grows by 20 %?")
    talk.ask("and 30 %?")
    assert talk.last.args == {"changes": [{"kind": "scale", "group": "loads", "factor": 1.3}]}
    talk.ask("top 5 lines by loading")
    talk.ask("and transformers?")
    assert talk.last.args == {"kind": "transformer", "sort_by": "loading_percent", "top": 5}
    talk.ask("top 10?")
    assert talk.last.args["top"] == 10


def test_steps_with_data_between(converse: Start) -> None:
    """The second step studies what the first one found."""
    talk = converse()
    talk.ask("show the five most loaded lines, then an outage of each")
    assert [c.tool for c in talk.calls] == ["power_flow", "contingency_analysis"]
    assert talk.last.args["elements"] == [r["element"] for r in talk.calls[0].result["top_loadings"]]


@pytest.mark.parametrize(("bound", "proposed"), [(70, True), (90, False)])
def test_condition_on_a_present_value(converse: Start, bound: int, proposed: bool) -> None:
    """The value is read first; the request goes on only where the condition holds."""
    talk = converse()
    reply = talk.ask(f"if line 54 is above {bound} %, open line 14")
    assert (talk.last.tool == "propose_action") is proposed
    if not proposed:
        assert "⟦E1|rows[0].loading_percent⟧" in str(reply.content)


def test_offered_questions_can_be_chosen(converse: Start) -> None:
    """What is not understood is answered with whole questions to choose from."""
    talk = converse(meaning=None)
    talk.ask("blah blah foo")
    assert talk.told["status"] == "needs_clarification"
    assert len(talk.told["asked"]["choices"]) >= 2
    talk.ask("the first one")
    assert talk.calls


def test_new_question_drops_the_old_one(converse: Start) -> None:
    """A whole new question is answered, not pressed into the old one's gap."""
    talk = converse()
    talk.ask("curtail HV1 Sgen 70")
    talk.ask("what are the total losses?")
    assert talk.last.tool == "power_flow"


def test_courtesy_keeps_the_thread(converse: Start) -> None:
    """'Thanks' does not forget what 'it' is."""
    talk = converse()
    talk.ask("how loaded is trafo 2?")
    talk.ask("thanks")
    talk.ask("what if it fails")
    assert talk.last.args == {"changes": [{"kind": "open", "element": "HV1 Trafo 2"}]}


def test_mistyped_name_is_confirmed_before_acting(converse: Start) -> None:
    """One clear nearest name is good enough to look at, never to act on."""
    talk = converse()
    talk.ask("loading of HV1 Lin 14")
    assert talk.last.args == {"kind": "line", "elements": ["HV1 Line 14"]}
    talk.ask("open HV1 Lin 14")
    assert not talk.calls
    assert talk.told["candidates"] == ["HV1 Line 14"]


def test_number_alone_is_confirmed_before_acting(converse: Start) -> None:
    """A bare number is read as the line of that number; nothing is proposed before it was said which one is meant."""
    talk = converse()
    talk.ask("open 61, then cap Sgen 88 to 30 MW")
    assert not talk.calls
    assert talk.told["candidates"] == ["HV1 Line 61"]
    talk.ask("yes")
    assert talk.last.args["changes"] == [
        {"kind": "open", "element": "HV1 Line 61"},
        {"kind": "set_p", "element": "HV1 Sgen 88", "p_mw": 30.0},
    ]


@pytest.mark.parametrize("order", ["open 61 if HV1 Line 54 is above 10 %", "open HV1 Lin 14 if HV1 Line 54 is above 10 %"])
def test_guessed_name_is_not_acted_on_under_a_condition(converse: Start, order: str) -> None:
    """A condition that holds does not make a guess certain."""
    talk = converse()
    talk.ask(order)
    assert not talk.calls


def test_twin_of_what_was_spoken_of(converse: Start) -> None:
    """'Its twin' after an answer about one circuit."""
    talk = converse()
    talk.ask("loading of HV1 Line 75")
    talk.ask("and its twin?")
    assert talk.last.args["elements"] == ["HV1 Line 54"]


def test_two_values_are_two_changes(converse: Start) -> None:
    """Active and reactive power in one order: neither is dropped; steps of both are asked back."""
    talk = converse()
    talk.ask("Set HV1 Sgen 47 to 5 MW and 3 Mvar")
    assert talk.last.args["changes"] == [
        {"kind": "set_p", "element": "HV1 Sgen 47", "p_mw": 5.0},
        {"kind": "set_q", "element": "HV1 Sgen 47", "q_mvar": 3.0},
    ]
    talk.ask("raise HV1 Sgen 47 by 5 MW and 3 Mvar")
    assert (talk.told["status"], talk.calls) == ("needs_clarification", [])


def test_it_is_of_the_kind_that_was_asked_for(converse: Start) -> None:
    """A transformer may stand above the most loaded line: 'it' is the line."""
    talk = converse("case39")
    talk.ask("which line is most loaded")
    talk.ask("what if it trips?")
    assert talk.last.args == {"changes": [{"kind": "open", "element": "Line 16-19 (1)"}]}
