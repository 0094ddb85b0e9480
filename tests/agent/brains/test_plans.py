"""Several steps, two cases and conditions in one message: each part is read by itself, and none becomes an order that the whole is not."""

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("sentence", "tools"),
    [
        ("1. show the losses 2. check N-1 3. show the islands", ["power_flow", "contingency_analysis", "topology"]),
        ("first the losses, then the neighbours of HV1 Bus 8, finally N-1", ["power_flow", "topology", "contingency_analysis"]),
        ("show the two most loaded lines, followed by an outage of each", ["power_flow", "contingency_analysis"]),
        ("Which bus has the lowest voltage and what feeds it?", ["power_flow", "topology"]),
        ("do not open line 14; then show the losses", ["power_flow"]),
    ],
)
def test_steps_run_in_their_order(converse: Start, sentence: str, tools: list[str]) -> None:
    """Whatever joins them."""
    talk = converse()
    talk.ask(sentence)
    assert [c.tool for c in talk.calls] == tools


@pytest.mark.parametrize(
    "sentence",
    [
        "what if we first look at the losses, then open line 14",
        "do not show me the losses, then open line 14",
        "suppose somebody checks the losses; then opens line 14",
        "would it be wise to look at the losses and then open line 14?",
        "show the losses, then do not open line 14",
    ],
)
def test_a_step_is_no_order_where_the_message_is_none(converse: Start, sentence: str) -> None:
    """'What if' in front of the steps holds for all of them."""
    talk = converse()
    talk.ask(sentence)
    assert "propose_action" not in [c.tool for c in talk.calls]


def test_remedy_for_the_worst_outage(converse: Start) -> None:
    """The branch that it overloads most, explained with the outage in place."""
    talk = converse()
    talk.ask("the three most loaded lines, then an outage of each, then what to do about the worst")
    worst = talk.calls[1].result["worst"][0]
    assert talk.last.args["element"] == worst["overloaded"][0]["element"]
    assert talk.last.args["changes"] == [{"kind": "open", "element": worst["outage"][0]}]


def test_a_step_that_fails_keeps_what_was_found(converse: Start) -> None:
    """The unknown name is told after the losses, and nothing after it runs."""
    talk = converse("case39")
    reply = talk.ask("show the losses, then the loading of line 77-78, then the islands")
    assert [c.tool for c in talk.calls] == ["power_flow"]
    assert talk.told["status"] == "refused"
    assert str(reply.content).startswith("power_flow(E1)")


@pytest.mark.parametrize(("bound", "tool"), [(60, "explain_loading"), (95, "alarms")])
def test_condition_with_another_way(converse: Start, bound: int, tool: str) -> None:
    """The value is read first; one of both ways is gone."""
    talk = converse()
    talk.ask(f"check whether HV1 Line 54 is above {bound} %; if so explain its loading, otherwise show the alarms")
    assert [c.tool for c in talk.calls] == ["grid_data", tool]


@pytest.mark.parametrize(
    "sentence",
    [
        "Compare the base case against 20 % more load",
        "AC against DC: how do the loadings differ?",
    ],
)
def test_two_cases_are_two_studies(converse: Start, sentence: str) -> None:
    """Of one kind, and with different arguments."""
    talk = converse("case39")
    talk.ask(sentence)
    assert [c.tool for c in talk.calls] == ["power_flow", "power_flow"]
    assert talk.calls[0].args != talk.calls[1].args


@pytest.mark.parametrize("sentence", ["open line 14 or line 15, whichever is better"])
def test_a_comparison_in_an_order_compares_nothing(converse: Start, sentence: str) -> None:
    """An order stays what it is."""
    talk = converse()
    talk.ask(sentence)
    assert "power_flow" not in [c.tool for c in talk.calls]
