"""Questions on the live grid: which call is planned, and how the next message varies it."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.since import since_asked, span_s
from agent.brains.embedded.understand import Understanding
from grid_models.twin.profiles import Grid

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ("in the last hour", "1 h"),
        ("over the past 30 minutes", "30 min"),
        ("half an hour ago", "30 min"),
        ("the last quarter of an hour", "15 min"),
        ("for two hours", "2 h"),
        ("in the last 90 seconds", "1.5 min"),
        ("in the last minutes", "15 min"),
        ("since 10:00", "10:00"),
        ("since 9", "09:00"),
        ("at 6 pm", "18:00"),
        ("since noon", "12:00"),
        ("today", "00:00"),
        ("yesterday", "2 day"),
        ("this week", "7 day"),
        ("since 2016-08-12 10:00", "2016-08-12T10:00"),
        ("in 20 minutes", None),
        ("over 30 % loaded", None),
        ("line 54 at 10", None),
    ],
)
def test_past_time(said: str, since: str | None) -> None:
    """A past time is passed on as the history takes it; what is to come, a share or a number is none."""
    assert since_asked(said) == since


def test_span() -> None:
    """An age is in seconds."""
    assert span_s("older than two minutes") == 120.0
    assert span_s("older than ever") is None


@pytest.mark.parametrize(
    ("turns", "calls"),
    [
        (
            [
                "how did the loading of line 54 develop in the last hour",
                "and since noon?",
                "for line 14",
                "and the flow?",
                "what about trafo 2",
            ],
            [
                {"element": "HV1 Line 54", "quantity": "loading", "since": "1 h"},
                {"element": "HV1 Line 54", "quantity": "loading", "since": "12:00"},
                {"element": "HV1 Line 14", "quantity": "loading", "since": "12:00"},
                {"element": "HV1 Line 14", "quantity": "flow", "since": "12:00"},
                {"element": "HV1 Trafo 2", "quantity": "flow", "since": "12:00"},
            ],
        ),
        (
            ["show me the load since 10:00", "and the wind?", "only HV1 Load 7", "and in total"],
            [
                {"quantity": "load", "since": "10:00"},
                {"quantity": "generation", "since": "10:00"},
                {"element": "HV1 Load 7", "quantity": "load", "since": "10:00"},
                {"quantity": "load", "since": "10:00"},
            ],
        ),
        (
            ["any alarms?", "only the unacknowledged ones", "for line 75", "all of them"],
            [
                {"status": "standing"},
                {"status": "unacknowledged"},
                {"status": "unacknowledged", "element": "HV1 Line 75"},
                {"status": "all", "element": "HV1 Line 75"},
            ],
        ),
        (
            ["can I trust the telemetry?", "with a threshold of 4", "and with 5?", "only flag them", "and nothing older than 60 s"],
            [
                {},
                {"threshold": 4.0},
                {"threshold": 5.0},
                {"threshold": 5.0, "bad_data": "flag"},
                {"threshold": 5.0, "bad_data": "flag", "max_age_s": 60.0},
            ],
        ),
    ],
)
def test_the_next_message_varies_the_last_call(converse: Start, turns: list[str], calls: list[dict[str, Any]]) -> None:
    """Only what is said anew is replaced; the rest of the call stays."""
    talk = converse()
    for turn, args in zip(turns, calls, strict=True):
        talk.ask(turn)
        assert talk.last.args == args, turn


def test_past_of_what_was_just_answered(converse: Start) -> None:
    """After the present value of an element, a time alone asks for its past."""
    talk = converse()
    talk.ask("how loaded is line 54?")
    talk.ask("and an hour ago?")
    assert (talk.last.tool, talk.last.args) == ("history", {"element": "HV1 Line 54", "quantity": "loading", "since": "1 h"})
    talk.ask("how loaded is it?")
    assert talk.last.tool == "grid_data"


def test_element_of_a_trend_is_asked_for(converse: Start) -> None:
    """A loading of nothing is not guessed; the element completes the same question."""
    talk = converse()
    talk.ask("how did the loading develop in the last hour?")
    assert talk.told["status"] == "needs_clarification"
    talk.ask("line 54")
    assert talk.last.args == {"element": "HV1 Line 54", "quantity": "loading", "since": "1 h"}


@pytest.mark.parametrize(
    "order", ["acknowledge the alarm", "ack the overload on line 75", "mark the alarm on trafo 2 as seen", "silence all alarms"]
)
def test_acknowledging_is_no_chat_matter(converse: Start, order: str) -> None:
    """It needs a name: the answer says where it is done, and nothing is called."""
    talk = converse()
    assert "aeip alarms ack" in str(talk.ask(order).content)
    assert not talk.calls


@pytest.mark.parametrize(
    ("question", "tool"),
    [
        ("what is the voltage at HV1 Bus 12?", "grid_data"),
        ("what would change if line 14 trips?", "power_flow"),
        ("what happens if the load rises by 10 %?", "power_flow"),
        ("open line 14, the alarm bothers me", "propose_action"),
        ("can we open line 14 for two hours?", "power_flow"),
        ("may I set HV1 Sgen 70 to 5 MW over the next hour?", "power_flow"),
        ("what if the load grows over the next hour by 5 %", "power_flow"),
    ],
)
def test_studies_and_orders_stay_what_they_are(converse: Start, question: str, tool: str) -> None:
    """A word of the live grid beside a study or an order does not change it."""
    talk = converse()
    talk.ask(question)
    assert talk.last.tool == tool


def test_an_order_against_keeps_everything(converse: Start) -> None:
    """A doubted reading is no reason to act on what the person spoke against."""
    talk = converse()
    talk.ask("don't open line 14, the reading is wrong")
    assert not talk.calls


def test_an_order_beside_an_acknowledgement_is_not_lost(converse: Start) -> None:
    """What a chat cannot do does not swallow what it can."""
    talk = converse()
    talk.ask("acknowledge the alarm and open line 14")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Line 14"}]


@pytest.mark.parametrize("question", ["what were the losses an hour ago", "is the tap of trafo 2 changing?"])
def test_what_is_not_recorded_is_said(converse: Start, question: str) -> None:
    """No other value is shown in its place."""
    talk = converse()
    talk.ask(question)
    assert talk.told["status"] == "refused"
    assert not talk.calls


def test_unknown_element_is_refused(converse: Start) -> None:
    """A follow-up with a name that does not exist studies nothing."""
    talk = converse()
    talk.ask("any alarms?")
    talk.ask("and line 999?")
    assert talk.told["status"] == "refused"
    assert not talk.calls


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("How old is the data?", "age"),
        ("When was the last update?", "age"),
        ("Do we have enough measurements?", "redundancy"),
        ("Show the largest residuals", "residuals"),
        ("Which meters could lie without us noticing?", "critical"),
        ("How far off is the measured voltage at HV1 Bus 85 from the estimate?", "element"),
        ("Which measurements at Substation 2 are stale?", "age"),
    ],
)
def test_what_of_the_estimate_is_asked(grids: dict[str, Grid], question: str, focus: str) -> None:
    """The writer is told which part of the estimate is the answer."""
    understood = Understanding(grids["hv"].model.registry, meaning=None).of(question, Memory())
    assert isinstance(understood, Frame)
    assert (understood.intent, understood.topic) == (Intent.ESTIMATE, focus)
