"""Heat and life of transformers: which study is planned, what is kept apart, how the next message varies it."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.brains.embedded.celsius import temperatures
from agent.brains.embedded.durations import hours_asked
from agent.brains.embedded.frame import Dialogue, Frame, Intent
from agent.brains.embedded.held_load import held_load
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.plans.kit import style_of
from agent.brains.embedded.sentence import read
from agent.brains.embedded.understand import Understanding
from grid_models.twin.profiles import Grid

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("for two hours", 2.0),
        ("half an hour", 0.5),
        ("90 minutes", 1.5),
        ("an hour and a half", 1.5),
        ("three and a half hours", 3.5),
        ("1 h 30 min", 1.5),
        ("two hours and 15 minutes", 2.25),
        ("2h", 2.0),
        ("a 48-hour forecast", 48.0),
        ("1,5 h", 1.5),
        ("the next three days", 72.0),
        ("a fortnight", 336.0),
        ("tomorrow", 48.0),
        ("this week", 168.0),
        ("in the next week", 168.0),
        ("overnight", 24.0),
        ("next month", 720.0),
        ("for two hours in the next 48 hours", 2.0),
        ("in the last two hours", None),
        ("two hours ago", None),
        ("30 years old", None),
        ("2 % per year", None),
        ("2 % a year", None),
        ("and trafo 3", None),
    ],
)
def test_time_to_come(said: str, hours: float | None) -> None:
    """A duration or a named time is in hours; what is past, an age or a rate is none."""
    assert hours_asked(said) == hours


@pytest.mark.parametrize(
    ("said", "ambient", "limit"),
    [
        ("at 35 degrees", 35.0, None),
        ("35°C", 35.0, None),
        ("minus ten degrees", -10.0, None),
        ("at -10 °C", -10.0, None),
        ("ten degrees below zero", -10.0, None),
        ("at 95 °F", 35.0, None),
        ("a heat wave of 38 °C", 38.0, None),
        ("ambient above 40 °C", 40.0, None),
        ("stay below 120 °C at 30 °C", 30.0, 120.0),
        ("reach 55 degrees", None, 55.0),
        ("the 118 °C limit", None, 118.0),
        ("130 % for 35 hours", None, None),
    ],
)
def test_temperatures_by_their_role(said: str, ambient: float | None, limit: float | None) -> None:
    """The air's temperature and a limit of the transformer are kept apart by the words around them."""
    found = temperatures(said)
    assert found.ambient_celsius == ambient
    assert (found.limit.value if found.limit else None) == limit


def test_a_difference_is_no_temperature() -> None:
    """'Five degrees warmer' is not held as five degrees."""
    assert temperatures("5 degrees warmer").shifted
    assert temperatures("5 degrees warmer").ambient_celsius is None


@pytest.mark.parametrize(
    ("said", "percent", "growth"),
    [
        ("can trafo 3 carry 130 %", 130.0, None),
        ("trafo 3 at 1.3 times its rating", 130.0, None),
        ("trafo 3 at 1.2 pu", 120.0, None),
        ("overload HV1 Trafo 3 by 25 %", 125.0, None),
        ("25 % above its rating", 125.0, None),
        ("trafo 3 at full load", 100.0, None),
        ("twice its rating", 200.0, None),
        ("2 % load growth per year", None, 2.0),
        ("annual growth of 1.5 %", None, 1.5),
        ("loads shrink 1 % a year", None, -1.0),
        ("trafo 3 at 120 % with 2 % growth a year", 120.0, 2.0),
        ("stay below 100 %", None, None),
        ("with 90 % confidence", None, None),
        ("at 35 degrees for 2 hours", None, None),
    ],
)
def test_shares_by_their_role(grids: dict[str, Grid], said: str, percent: float | None, growth: float | None) -> None:
    """A load of the rating and a growth a year are kept apart; a bound and a probability are neither."""
    found = held_load(read(said, grids["hv"].model.registry))
    assert (found.percent, found.growth) == (percent, growth)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("which transformer will overheat first and why?", "why"),
        ("which transformer will overheat first?", "first"),
        ("how hot will trafo 4 get this week?", "temperature"),
        ("when will HV1 Trafo 5 reach its limit?", "when"),
        ("can HV1 Trafo 3 carry 130 % for two hours?", "carry"),
        ("how long can trafo 1 carry 150 %?", "how_long"),
        ("how much life does running trafo 2 at 120 % for 6 hours cost?", "life"),
        ("how much life is left in trafo 3?", "years"),
        ("how long has trafo 2 got left?", "years"),
        ("how much time is left for trafo 2?", "years"),
        ("how much time is left for trafo 2 at 130 %?", "how_long"),
        ("remaining life of the transformers", "years"),
        ("would trafo 3 overheat in the next two days?", ""),
        ("which transformer ages fastest?", "ageing"),
        ("degree of polymerisation of trafo 2", "polymerisation"),
        ("what if the fans of trafo 3 fail?", "cooling"),
        ("what would relieve trafo 3 so that it stays cool?", "relief"),
        ("what would help trafo 4 if trafo 3 is out?", "relief"),
        ("should we replace trafo 1?", "years"),
    ],
)
def test_what_of_it_is_asked(grids: dict[str, Grid], question: str, topic: str) -> None:
    """The writer is told which part of the result is the answer."""
    understood = Understanding(grids["hv"].model.registry, meaning=None).of(question, Memory())
    assert isinstance(understood, Frame)
    assert (understood.intent, understood.topic) == (Intent.THERMAL, topic)


_CARRIED = {"transformer": "HV1 Trafo 3", "load_percent": 130.0, "horizon_hours": 2.0, "ambient_celsius": 35.0}


@pytest.mark.parametrize(
    ("turns", "calls"),
    [
        (
            [
                "can HV1 Trafo 3 carry 130 % for two hours at 35 degrees?",
                "how much life does it cost?",
                "how many hours of life is that?",
                "and at 40 degrees?",
                "and 140 %?",
                "for half an hour",
                "and trafo 4?",
                "without fans",
                "how long can it carry that?",
            ],
            [
                _CARRIED,
                _CARRIED,
                _CARRIED,
                _CARRIED | {"ambient_celsius": 40.0},
                _CARRIED | {"ambient_celsius": 40.0, "load_percent": 140.0},
                _CARRIED | {"ambient_celsius": 40.0, "load_percent": 140.0, "horizon_hours": 0.5},
                _CARRIED | {"ambient_celsius": 40.0, "load_percent": 140.0, "horizon_hours": 0.5, "transformer": "HV1 Trafo 4"},
                {"transformer": "HV1 Trafo 4", "load_percent": 140.0, "horizon_hours": 0.5, "ambient_celsius": 40.0, "cooling_lost": True},
                {"transformer": "HV1 Trafo 4", "load_percent": 140.0, "ambient_celsius": 40.0, "cooling_lost": True},
            ],
        ),
        (
            ["how hot will trafo 4 get this week?", "with 20 % more load", "and if trafo 3 trips?", "how hot is it now?"],
            [
                {"transformer": "HV1 Trafo 4", "horizon_hours": 168.0},
                {"transformer": "HV1 Trafo 4", "horizon_hours": 168.0, "changes": [{"kind": "scale", "group": "loads", "factor": 1.2}]},
                {"transformer": "HV1 Trafo 4", "horizon_hours": 168.0, "changes": [{"kind": "open", "element": "HV1 Trafo 3"}]},
                {"transformer": "HV1 Trafo 4"},
            ],
        ),
        (["which transformer overheats first?", "why?", "what would help?"], [{}, {}, {}]),
        (["does trafo 3 overheat in summer?", "35"], [None, {"transformer": "HV1 Trafo 3", "ambient_celsius": 35.0}]),
        (
            ["can it carry 130 % for an hour?", "trafo 3"],
            [None, {"transformer": "HV1 Trafo 3", "load_percent": 130.0, "horizon_hours": 1.0}],
        ),
        (["how long can trafo 3 be overloaded?", "140 %"], [None, {"transformer": "HV1 Trafo 3", "load_percent": 140.0}]),
    ],
)
def test_the_next_message_varies_or_completes_the_study(converse: Start, turns: list[str], calls: list[dict[str, Any] | None]) -> None:
    """Only what is said anew is replaced; None: something is asked back."""
    talk = converse()
    for turn, args in zip(turns, calls, strict=True):
        talk.ask(turn)
        assert (talk.last.args if talk.calls else None) == args, turn
        assert talk.told["status"] == ("answered" if args is not None else "needs_clarification"), turn


@pytest.mark.parametrize(
    ("turns", "tool"),
    [
        (["how hot is trafo 3?", "how loaded is it?"], "grid_data"),
        (["how hot is trafo 3?", "what if line 54 trips?"], "power_flow"),
        (["can trafo 3 carry 130 % for an hour?", "why is it loaded so much?"], "explain_loading"),
        (["how loaded is trafo 3?", "can it carry 150 % for one hour?"], "thermal_rul"),
    ],
)
def test_other_questions_stay_what_they_are(converse: Start, turns: list[str], tool: str) -> None:
    """A talk about heat does not swallow the next question, and hears one that begins elsewhere."""
    talk = converse()
    for turn in turns:
        talk.ask(turn)
    assert talk.last.tool == tool


@pytest.mark.parametrize(
    "question",
    [
        "can trafo 3 carry 130 % for three months?",
        "how hot will trafo 3 get in two years?",
        "can trafo 3 carry 500 % for an hour?",
        "can trafo 3 carry 130 % at 95 degrees for two hours?",
        "how hot does trafo 3 get if it is 5 degrees warmer?",
        "can trafo 3 carry 130 % for two hours and 140 % for one hour?",
        "can trafo 99 carry 130 % for an hour?",
        "will line 54 overheat?",
        "can line 14 carry 120 % for an hour?",
        "how hot was trafo 3 yesterday?",
        "switch off the fans of trafo 3",
    ],
)
def test_what_cannot_be_asked_is_refused(converse: Start, question: str) -> None:
    """Nothing that was said is dropped in silence, and nothing else is studied in its place."""
    talk = converse()
    talk.ask(question)
    assert talk.told["status"] == "refused"
    assert not talk.calls


def test_years_of_life_are_no_horizon(converse: Start) -> None:
    """'Another ten years' asks for the life that is left, which no forecast of temperatures has to reach."""
    talk = converse()
    talk.ask("will the transformers survive another ten years?")
    assert (talk.last.tool, talk.last.args) == ("thermal_rul", {})


@pytest.mark.parametrize(
    ("question", "args"),
    [
        ("what if the fans of trafo 3 fail?", {"transformer": "HV1 Trafo 3", "cooling_lost": True}),
        ("loss of life of HV1 Trafo 4", {"transformer": "HV1 Trafo 4"}),
        ("can we run trafo 3 at 120 % for an hour?", {"transformer": "HV1 Trafo 3", "load_percent": 120.0, "horizon_hours": 1.0}),
        (
            "would trafo 3 overheat without fans if trafo 4 tripped?",
            {"transformer": "HV1 Trafo 3", "cooling_lost": True, "changes": [{"kind": "open", "element": "HV1 Trafo 4"}]},
        ),
        (
            "can trafo 3 carry 30 % more load for two hours?",
            {"transformer": "HV1 Trafo 3", "horizon_hours": 2.0, "changes": [{"kind": "scale", "group": "loads", "factor": 1.3}]},
        ),
        (
            "would opening trafo 4 overheat trafo 3?",
            {"transformer": "HV1 Trafo 3", "changes": [{"kind": "open", "element": "HV1 Trafo 4"}]},
        ),
    ],
)
def test_only_the_grid_is_changed(converse: Start, question: str, args: dict[str, Any]) -> None:
    """Lost fans, lost life and a held load switch nothing; an outage beside them does."""
    talk = converse()
    talk.ask(question)
    assert (talk.last.tool, talk.last.args) == ("thermal_rul", args)


@pytest.mark.parametrize(
    "order",
    ["open HV1 Trafo 3, it is overheating", "please switch trafo 2 off, its oil is too hot", "disconnect trafo 6 before it overheats"],
)
def test_an_order_stays_an_order(converse: Start, order: str) -> None:
    """Heat as a reason makes no study of it."""
    talk = converse()
    talk.ask(order)
    assert talk.last.tool == "propose_action"


@pytest.mark.parametrize("question", ["don't open trafo 3, it is hot", "open trafo 3 if its hot-spot is above 120 °C"])
def test_a_prohibition_or_condition_acts_on_nothing(converse: Start, question: str) -> None:
    """Neither becomes a proposal."""
    talk = converse()
    talk.ask(question)
    assert not talk.calls


def test_the_writer_is_told_what_comes_first(grids: dict[str, Grid]) -> None:
    """A follow-up without words of its own keeps the emphasis of the question before."""
    understanding = Understanding(grids["hv"].model.registry, meaning=None)
    first = understanding.of("how hot is trafo 3?", Memory())
    assert isinstance(first, Frame)
    second = understanding.of("and trafo 4?", Memory(latest=Dialogue(status="answered", frame=first)))
    assert isinstance(second, Frame)
    assert style_of(second)["focus"] == "temperature"
    assert style_of(second)["element"] == "HV1 Trafo 4"


def test_several_transformers_have_a_call_each(converse: Start) -> None:
    """The study takes one transformer or all of them."""
    talk = converse()
    talk.ask("how hot are trafo 1 and trafo 2?")
    assert [c.args for c in talk.calls] == [{"transformer": "HV1 Trafo 1"}, {"transformer": "HV1 Trafo 2"}]
