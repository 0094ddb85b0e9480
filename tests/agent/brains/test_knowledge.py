"""Questions about codes, standards and terms reach the knowledge base; questions about the present grid do not; a talk goes on unharmed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

QUESTIONS = yaml.safe_load((Path(__file__).parent / "knowledge.yaml").read_text(encoding="utf-8"))
WHAT_IF = "What if HV1 Line 14 trips?"


def tools(talk: Any) -> list[str]:
    return [call.tool for call in talk.calls]


def looked_up(talk: Any) -> dict[str, Any]:
    """The arguments of the turn's one search."""
    (call,) = [call for call in talk.calls if call.tool == "knowledge_search"]
    return dict(call.args)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["q"][:40])
def test_each_question_reaches_its_tool(converse: Callable[..., Any], asked: dict[str, Any]) -> None:
    """A book for rules and terms, the grid for what is now, both where one is held against the other."""
    talk = converse()
    talk.ask(asked["q"])
    found, wanted = tools(talk), asked["tool"] if isinstance(asked["tool"], list) else [asked["tool"]]
    assert (found[-1] if found else None) in wanted
    assert ("knowledge_search" in found) == ("knowledge_search" in wanted)
    assert "both" not in asked or asked["both"] in found


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("Could you please tell me what N-1 means?", "what N-1 means?"),
        ("Hi, what does article 35 say, please?", "what does article 35 say"),
        ("what is the four-eyes principle", "what is the four-eyes principle"),
        ("I would like to know who may approve a switching order, thanks", "who may approve a switching order"),
    ],
)
def test_courtesy_is_not_searched_for(converse: Callable[..., Any], said: str, query: str) -> None:
    """The person's own words without it, spelt as they were."""
    talk = converse()
    talk.ask(said)
    assert looked_up(talk)["query"] == query


def test_document_place_and_day_go_along_only_where_they_are_said(converse: Callable[..., Any]) -> None:
    """Each by what the words name."""
    talk = converse()
    talk.ask("What did SO GL article 27 require on 1 January 2020?")
    assert looked_up(talk) == {"query": "What did SO GL article 27 require on 1 January 2020?", "document": "SO GL", "on": "2020-01-01"}
    talk.ask("voltage range in GB")
    assert looked_up(talk) == {"query": "voltage range in GB", "jurisdiction": "Great Britain"}
    talk.ask("what is a remedial action?")
    assert set(looked_up(talk)) == {"query"}


@pytest.mark.parametrize(
    ("then", "found"),
    [
        (
            "and in Ireland?",
            {"query": "voltage range at 220 kV in Ireland and Northern Ireland", "jurisdiction": "Ireland and Northern Ireland"},
        ),
        ("what about 400 kV?", {"query": "voltage range at 400 kV in GB", "jurisdiction": "Great Britain"}),
        ("and the frequency?", {"query": "frequency range at 220 kV in GB", "jurisdiction": "Great Britain"}),
        ("and in the DCC?", {"query": "voltage range at 220 kV in GB DCC", "document": "DCC", "jurisdiction": "Great Britain"}),
        ("show the whole passage", {"query": "voltage range at 220 kV in GB", "jurisdiction": "Great Britain"}),
        ("which edition is that?", {"query": "voltage range at 220 kV in GB", "jurisdiction": "Great Britain"}),
    ],
)
def test_a_follow_up_varies_what_was_looked_up(converse: Callable[..., Any], then: str, found: dict[str, Any]) -> None:
    """What it names takes the place of its like; what of a passage is wished looks it up again."""
    talk = converse()
    talk.ask("voltage range at 220 kV in GB")
    talk.ask(then)
    got = looked_up(talk)
    assert {k: v.casefold() if k == "query" else v for k, v in got.items()} == {
        k: v.casefold() if k == "query" else v for k, v in found.items()
    }


def test_a_look_into_a_book_leaves_the_talk_where_it_was(converse: Callable[..., Any]) -> None:
    """'And line 15?' after it is still about the outage studied before, 'it' still the line."""
    talk = converse()
    talk.ask(WHAT_IF)
    talk.ask("What does the grid code say about outages?")
    assert tools(talk) == ["knowledge_search"]
    talk.ask("and line 15?")
    assert tools(talk) == ["power_flow"]
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Line 15"}]
    talk = converse()
    talk.ask(WHAT_IF)
    talk.ask("what is a remedial action")
    talk.ask("how loaded is it?")
    assert talk.last.args["elements"] == ["HV1 Line 14"]


def test_yes_after_a_lookup_confirms_nothing_asked_before(converse: Callable[..., Any]) -> None:
    """What was asked back is over when the person turned to the book."""
    talk = converse()
    talk.ask("Set HV1 Sgen 64 to a lower value")
    assert talk.told["status"] == "needs_clarification"
    talk.ask("What does the grid code say about curtailment?")
    talk.ask("yes")
    assert "propose_action" not in tools(talk)


def test_the_present_grid_after_a_lookup_is_not_looked_up(converse: Callable[..., Any]) -> None:
    """A question with a meaning of its own is no follow-up."""
    talk = converse()
    talk.ask("voltage range in GB")
    for asked, tool in (("Which lines are loaded most?", "power_flow"), ("and the losses?", "power_flow"), ("List all loads", "grid_data")):
        talk.ask(asked)
        assert tools(talk) == [tool], asked


def test_an_order_beside_a_code_stays_an_order(converse: Callable[..., Any]) -> None:
    """Naming a clause takes nothing away from a request, and adds none."""
    talk = converse()
    talk.ask("Open HV1 Line 14 as article 35 requires")
    assert "propose_action" in tools(talk)
    talk = converse()
    talk.ask("Does article 35 require that we open lines?")
    assert tools(talk) == ["knowledge_search"]
