"""Cascades and frequency: amounts by their role, what fails, what is changed first, follow-ups, and what stays another study."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.brains.embedded.cascades import cascade
from agent.brains.embedded.changes import spoken_changes
from agent.brains.embedded.disturbance_amounts import disturbance_amounts
from agent.brains.embedded.frame import Frame
from agent.brains.embedded.frequency import frequency
from agent.brains.embedded.plans.kit import style_of
from agent.brains.embedded.power_lost import power_said
from agent.brains.embedded.sentence import read
from agent.brains.embedded.spread_said import spread_said
from grid_models.twin.profiles import Grid


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("19,000 MVA·s", 19_000.0, "mws"),
        ("19 000 MWs", 19_000.0, "mws"),
        ("19 GW·s", 19_000.0, "mws"),
        ("150 GVAs", 150_000.0, "mws"),
        ("2.5 GJ", 2_500.0, "mws"),
        ("1.2 GW", 1_200.0, "mw"),
        ("1,200 MW", 1_200.0, "mw"),
        ("0.5 Hz/s", 0.5, "hz_per_s"),
        ("500 mHz", 0.5, "hz"),
        ("1.5 %/Hz", 1.5, "percent_per_hz"),
        ("2 per cent per Hz", 2.0, "percent_per_hz"),
        ("500 ms", 0.5, "s"),
        ("two minutes", 120.0, "s"),
    ],
)
def test_units(text: str, value: float, unit: str) -> None:
    """Power, energy, rates and times are told apart by their units."""
    (amount,) = disturbance_amounts(f"with {text} of it")
    assert (amount.value, amount.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("if 2 GW disappear in a system of 60 GW load", {"loss_mw": 2000.0, "load_mw": 60_000.0}),
        ("if 400 MW of load drop off", {"lost_load_mw": 400.0}),
        ("load shed after losing 1200 MW", {"loss_mw": 1200.0}),
        ("at 60 Hz", {"frequency_hz": 60.0}),
        ("stay above 49.2 Hz", {"limit_hz": 49.2}),
        ("by at most 0.8 Hz", {"limit_hz": 49.2}),
        ("below 50 Hz", {"limit_hz": 50.0}),
        ("10 GWs of synthetic inertia", {"synthetic_gws": 10.0}),
        ("no UFLS", {"shedding": "none"}),
        ("in Great Britain", {"area": "great britain"}),
        ("5 % droop", {"droop": 0.05}),
    ],
)
def test_roles_of_power(grids: dict[str, Grid], text: str, said: dict[str, object]) -> None:
    """The words around an amount decide what it is; nothing else is taken as said."""
    found = power_said(read(text, grids["hv"].model.registry), 50.0).model_dump(exclude_defaults=True)
    assert found == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("within 30 minutes", {"horizon_minutes": 30.0}),
        ("nobody acts for two hours", {"horizon_minutes": 120.0}),
        ("operators react after 5 minutes", {"reaction_minutes": 5.0}),
        ("nobody can act for 10 minutes", {"reaction_minutes": 10.0}),
        ("operators act at once", {"reaction_minutes": 0.0}),
        ("with instantaneous relays", {"relay": "instant"}),
        ("ratings 10 % higher", {"rating_factor": 1.1}),
        ("if the ratings were doubled", {"rating_factor": 2.0}),
        ("ratings at 90 %", {"rating_factor": 0.9}),
        ("1,000 samples", {"samples": 1000}),
        ("failure of line 1, how likely is it", {"samples": 200}),
        ("HV1 Line 58 with 300 samples of hidden failures, seed 3", {"samples": 300, "seed": 3}),
        ("chance that line 12 samples more", {"samples": 200}),
        ("how likely is it", {"samples": 200}),
        ("hidden failure probability 2 %, seed 7", {"hidden_failure_probability": 0.02, "samples": 200, "seed": 7}),
    ],
)
def test_what_is_said_of_a_cascade(grids: dict[str, Grid], text: str, said: dict[str, object]) -> None:
    """Times by their role, relays, ratings and samples; nothing else is taken as said."""
    assert spread_said(read(text, grids["hv"].model.registry)).model_dump(exclude_none=True) == said


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("what would stop the cascade after losing line 54", "stops"),
        ("how likely is a cascade after losing line 54", "risk"),
        ("how much load is lost in the cascade from line 54", "loss"),
        ("when does the first relay trip if line 54 fails", "time"),
        ("why does the loss of line 54 cascade", "pathway"),
        ("into which islands does the cascade from line 54 split the grid", "islands"),
        ("what happens next if line 54 trips", "cascade"),
        ("how much load is shed if 500 MW are lost at 10 GWs", "shed"),
        ("how many MW would be shed if 20 GW trip", "shed"),
        ("what happens if nobody acts after line 54 trips", "cascade"),
        ("RoCoF for losing 500 MW", "rate"),
        ("smallest inertia that keeps 49.2 Hz for a loss of 500 MW", "inertia"),
        ("where does the frequency settle if 500 MW are lost", "settling"),
        ("how low does the frequency fall if 500 MW are lost", "frequency"),
    ],
)
def test_what_the_answer_begins_with(grids: dict[str, Grid], question: str, focus: str) -> None:
    """The writer is told what was asked about first, in its own words."""
    registry = grids["hv"].model.registry
    sentence = read(question, registry)
    spoken = spoken_changes(sentence, registry)
    frame = cascade(sentence, spoken, registry, None, None) or frequency(sentence, spoken, registry, None, None)
    assert isinstance(frame, Frame)
    assert style_of(frame)["focus"] == focus


def asked(converse: Callable[..., Any], *questions: str, grid: str = "hv") -> Any:
    talk = converse(grid, meaning=None)
    for question in questions:
        talk.ask(question)
    return talk


def test_a_cascade_is_varied_and_keeps_its_arguments(converse: Callable[..., Any]) -> None:
    """Follow-ups keep outages, relays and samples; a name takes the place of the last, 'as well' adds it."""
    talk = asked(converse, "Would losing lines 54 and 75 cascade with instant relays?", "what would have stopped it?")
    assert talk.last.args == {"outages": ["HV1 Line 54", "HV1 Line 75"], "relay": "instant"}
    talk.ask("and if operators react after 5 minutes?")
    assert talk.last.args == {"outages": ["HV1 Line 54", "HV1 Line 75"], "relay": "instant", "reaction_minutes": 5.0}
    talk.ask("and line 12?")
    assert talk.last.args["outages"] == ["HV1 Line 12"]
    talk.ask("and trafo 3 as well")
    assert talk.last.args["outages"] == ["HV1 Line 12", "HV1 Trafo 3"]


def test_a_cascade_begins_with_what_was_studied_before(converse: Callable[..., Any]) -> None:
    """'Would that cascade?' after a what-if takes its outages."""
    talk = asked(converse, "What if lines 54 and 75 trip?", "would that cascade?")
    assert (talk.last.tool, talk.last.args) == ("cascade", {"outages": ["HV1 Line 54", "HV1 Line 75"]})
    talk = asked(converse, "What if lines 54 and 75 trip?", "Would that black out the city?")
    assert (talk.last.tool, talk.last.args) == ("cascade", {"outages": ["HV1 Line 54", "HV1 Line 75"]})


def test_what_is_out_already_is_changed_first(converse: Callable[..., Any]) -> None:
    """Only what is lost now is the outage."""
    talk = asked(converse, "With line 12 out, would losing line 54 cascade?")
    assert talk.last.args == {"outages": ["HV1 Line 54"], "changes": [{"kind": "open", "element": "HV1 Line 12"}]}


@pytest.mark.parametrize(
    "question",
    [
        "When would the overcurrent relay of HV1 Line 75 trip if HV1 Line 54 is lost?",
        "How long until the relay on line 75 trips if line 54 is lost?",
        "Would line 75 be lost in the cascade if line 54 fails?",
        "When line 54 trips, would line 75 trip too?",
    ],
)
def test_what_is_asked_about_is_no_outage(converse: Callable[..., Any], question: str) -> None:
    """Only what the condition loses fails; the branch whose relay or trip is asked about does not."""
    talk = asked(converse, question)
    assert (talk.last.tool, talk.last.args) == ("cascade", {"outages": ["HV1 Line 54"]})


@pytest.mark.parametrize(
    "question", ["If line 54 trips and line 75 fails, does it cascade?", "Will lines 54 and 75 trip others if they fail?"]
)
def test_what_is_supposed_stays_an_outage(converse: Callable[..., Any], question: str) -> None:
    """Every failure of the condition counts, and so does what is asked about where nothing else is supposed."""
    assert asked(converse, question).last.args == {"outages": ["HV1 Line 54", "HV1 Line 75"]}


def test_the_most_loaded_line_is_found_first(converse: Callable[..., Any]) -> None:
    """A study finds it, then it fails."""
    talk = asked(converse, "what if the most loaded line trips and nobody does anything?")
    assert [c.tool for c in talk.calls] == ["power_flow", "cascade"]
    assert talk.last.args == {"outages": [talk.calls[0].result["top_loadings"][0]["element"]]}


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("All three external grids are lost: what happens next?", 3),
        ("What cascades if we lose all infeeds?", 3),
        ("Would losing all six transformers at once cascade?", 6),
        ("We lose every external grid at once, what happens next?", 3),
        ("All four external grids are lost: what happens next?", 0),
        ("Which of all the transformers would cascade?", 0),
        ("If any of all the infeeds trips, what follows?", 0),
    ],
)
def test_all_of_a_kind_fail_together(converse: Callable[..., Any], question: str, count: int) -> None:
    """'All' is one outage of them all, where the number that is said is theirs; 'any of all' is none."""
    calls = [c for c in asked(converse, question).calls if c.tool == "cascade"]
    assert [len(c.args["outages"]) for c in calls] == ([count] if count else [])


def test_missing_outages_are_asked_for(converse: Callable[..., Any]) -> None:
    """What was said already is kept until the outage is named."""
    talk = asked(converse, "Simulate a cascade with thermal relays", "line 54 and trafo 3")
    assert talk.last.args == {"outages": ["HV1 Line 54", "HV1 Trafo 3"], "relay": "thermal"}


def test_a_missing_loss_is_asked_for(converse: Callable[..., Any]) -> None:
    """A power, a bare number or an element completes the question; follow-ups keep the rest."""
    for answer, args in (("450 MW", {"loss_mw": 450.0}), ("450", {"loss_mw": 450.0}), ("HV1 Sgen 54", {"element": "HV1 Sgen 54"})):
        talk = asked(converse, "RoCoF with 19 GWs of inertia", answer)
        assert talk.last.args == {**args, "inertia_gws": 19.0}
    talk.ask("and without load shedding?")
    assert talk.last.args == {"element": "HV1 Sgen 54", "inertia_gws": 19.0, "shedding": "none"}


@pytest.mark.parametrize("grid", ["hv", "case39"])
def test_the_largest_infeed_is_found_first(converse: Callable[..., Any], grid: str) -> None:
    """Of all that bring power now, infeeds and machines, it is the one that brings most; what draws power is none."""
    talk = asked(converse, "What if we lose the largest infeed?", grid=grid)
    assert [c.tool for c in talk.calls] == ["grid_data", "grid_data", "frequency_response"]
    present = {r["element"]: r["p_mw"] for c in talk.calls[:2] for r in c.result["rows"]}
    assert present[talk.last.args["element"]] == max(present.values()) > 0.0


def test_the_loss_of_a_load_lifts_frequency(converse: Callable[..., Any]) -> None:
    """What it draws is read and lost."""
    talk = asked(converse, "what happens to the frequency if HV1 Load 3 is lost")
    assert talk.last.args == {"lost_load_mw": pytest.approx(talk.calls[0].result["rows"][0]["p_mw"], abs=1e-6)}


@pytest.mark.parametrize(
    ("question", "tool"),
    [
        ("open line 54 to stop the cascade", "propose_action"),
        ("reduce HV1 Sgen 54 to 10 MW, the frequency is too high", "propose_action"),
        ("what if line 54 trips", "power_flow"),
        ("worst case if we lose one more element while line 14 is out", "contingency_analysis"),
        ("which single outage is worst", "contingency_analysis"),
    ],
)
def test_orders_and_other_studies_stay(converse: Callable[..., Any], question: str, tool: str) -> None:
    """An order beside a cascade stays an order; the effect of an outage stays a power flow or an N-1."""
    assert asked(converse, question).last.tool == tool


def test_an_order_is_never_hidden_by_a_disturbance(converse: Callable[..., Any]) -> None:
    """What is forbidden is not studied away, and nothing is proposed."""
    talk = asked(converse, "Do not open line 54, it may cascade")
    assert not talk.calls
    assert "HV1 Line 54 stays" in talk.messages[-1].content


@pytest.mark.parametrize("said", ["Do not do anything after opening line 54", "nobody acts or opens line 54", "Nobody may open line 54"])
def test_that_nobody_acts_is_a_prohibition_where_no_event_follows(converse: Callable[..., Any], said: str) -> None:
    """Only 'nobody acts after', or 'if we do not act', is the condition of a cascade."""
    talk = asked(converse, said)
    assert not talk.calls
    assert "HV1 Line 54 stays" in talk.messages[-1].content


@pytest.mark.parametrize(
    "question",
    [
        "450 or 500 MW lost at 19 GWs: RoCoF?",
        "frequency if line 54 trips",
        "does losing line 54 cascade within 3000 minutes?",
        "nadir for a loss of 0 MW",
    ],
)
def test_what_cannot_be_studied_is_said(converse: Callable[..., Any], question: str) -> None:
    """No value is chosen for the person, and nothing beyond the study's bounds is called."""
    talk = asked(converse, question)
    assert talk.told["status"] == "refused"
    assert not talk.calls
