"""The last answer in another form or unit: nothing runs anew, and a message that says anything else is a question."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.brains.embedded.frame import Telling
from agent.brains.embedded.sentence import read
from agent.brains.embedded.telling import telling_asked

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("sentence", "form", "unit"),
    [
        ("in kV please", "", "kv"),
        ("and what is that in amperes?", "", "a"),
        ("can you give it in per unit", "", "pu"),
        ("in degrees Fahrenheit", "", "fahrenheit"),
        ("just the figure, in MW", "number", "mw"),
        ("put that into a table", "table", ""),
        ("shorter please", "sentence", ""),
        ("a bit more detail", "details", ""),
        ("what does that mean in plain English?", "plain", ""),
        ("why is that important?", "why", ""),
    ],
)
def test_forms_and_units(converse: Start, sentence: str, form: str, unit: str) -> None:
    """By their words, whatever fillers stand around them."""
    assert telling_asked(read(sentence, converse().brain.registry)) == Telling.model_validate({"form": form, "unit": unit})


@pytest.mark.parametrize(
    "sentence",
    [
        "buses above 121 in kV",
        "show the lines in more detail than the transformers",
        "explain the loading of line 54",
        "a summary of the grid",
        "how many lines are there",
        "set it to 20 MW",
        "more load",
        "thanks",
    ],
)
def test_other_messages_are_none(converse: Start, sentence: str) -> None:
    """A word of the trade beside them makes them questions of their own."""
    assert telling_asked(read(sentence, converse().brain.registry)) is None


def test_nothing_runs_anew(converse: Start) -> None:
    """The calls of the turn before are recalled; the thread goes on."""
    talk = converse()
    talk.ask("what if line 14 trips?")
    talk.ask("as a table")
    assert talk.calls == []
    assert talk.told["recalled"] is True
    talk.ask("and line 15?")
    assert talk.last.args == {"changes": [{"kind": "open", "element": "HV1 Line 15"}]}


def test_nothing_to_tell_again(converse: Start) -> None:
    """At the start of a conversation there is no answer to tell in another way."""
    talk = converse()
    talk.ask("in kV")
    assert talk.told["recalled"] is False


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("how hot does trafo 3 get in fahrenheit?", "fahrenheit"),
        ("list lines above 60 % with their current in amps", "a"),
        ("what is the total load in GW", "gw"),
        ("which line is in use", ""),
        ("is line 14 in a bad state?", ""),
        ("set sgen 12 to 5 MW", ""),
    ],
)
def test_the_unit_that_a_question_names(converse: Start, sentence: str, unit: str) -> None:
    """It runs its study, and its answer is told in the unit."""
    conversation = converse("hv")
    assert told_in(conversation, sentence) == unit


def told_in(conversation: Any, sentence: str) -> str:
    """The unit in the frame that the answer left behind."""
    left = conversation.ask(sentence).additional_kwargs["aeip"].get("frame")
    return str((left or {}).get("told_in", ""))
