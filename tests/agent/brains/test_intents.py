"""Which question a sentence asks, and when the assistant would rather ask back."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.intents import judge, judged
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.sentence import read
from agent.brains.embedded.understand import Understanding
from grid_models.twin.profiles import Grid


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("how is the grid doing?", Intent.STATE),
        ("any violations right now", Intent.STATE),
        ("how many transformers are there", Intent.COUNT),
        ("most loaded lines", Intent.LOADINGS),
        ("voltages out of band?", Intent.VOLTAGES),
        ("total losses", Intent.LOSSES),
        ("net import", Intent.BALANCE),
        ("how loaded is line 14", Intent.DETAIL),
        ("what if line 14 trips", Intent.WHAT_IF),
        ("which single outage hurts most", Intent.N1),
        ("open line 14", Intent.ACT),
        ("do not open line 14", Intent.KEEP),
        ("what is waiting for approval", Intent.QUEUE),
        ("approve 7", Intent.DECIDE),
        ("can I trust the telemetry", Intent.ESTIMATE),
        ("trend of line 14", Intent.HISTORY),
        ("any alarms", Intent.ALARMS),
        ("acknowledge the alarm", Intent.ACKNOWLEDGE),
        ("what can you do", Intent.HELP),
        ("frequency nadir after losing 300 MW", Intent.FREQUENCY),
        ("does losing line 14 cascade", Intent.CASCADE),
        ("current grid frequency", Intent.UNBUILT),
        ("write a poem", Intent.OFF_TOPIC),
    ],
)
def test_intent(grids: dict[str, Grid], question: str, intent: Intent) -> None:
    """Words alone decide; no similarity is asked."""
    understood = Understanding(grids["hv"].model.registry, meaning=None).of(question, Memory())
    assert isinstance(understood, Frame)
    assert understood.intent is intent


def test_parts_of_a_question(grids: dict[str, Grid]) -> None:
    """Count, kind and threshold are read beside the intent."""
    understood = Understanding(grids["hv"].model.registry, meaning=None).of("the five lines loaded above 60 %", Memory())
    assert isinstance(understood, Frame)
    assert (understood.top, understood.kind) == (5, "line")
    assert understood.threshold is not None
    assert (understood.threshold.op, understood.threshold.value) == (">", 60.0)


def test_the_meaning_is_asked_only_in_doubt(grids: dict[str, Grid]) -> None:
    """A clear sentence never loads the model; an unclear one is looked at as a whole."""
    asked: list[str] = []

    def meaning(text: str) -> NDArray[np.float32]:
        asked.append(text)
        return np.zeros(384, dtype=np.float32)

    registry = grids["hv"].model.registry
    assert judge(read("which lines are the most loaded right now", registry), meaning).intent is Intent.LOADINGS
    assert not asked
    judge(read("what evaporates over there", registry), meaning)
    assert asked == ["what evaporates over there"]


def test_below_the_margin_it_asks_back() -> None:
    """Two meanings that are equally near are offered, not guessed; what is unlikely is not."""
    found = judged({(Intent.LOSSES, ""): 0.48, (Intent.VOLTAGES, ""): 0.47, (Intent.HELP, ""): 0.01})
    assert found.intent is None
    assert found.options == (Intent.LOSSES, Intent.VOLTAGES)


def test_names_are_hidden_from_the_meaning(grids: dict[str, Grid]) -> None:
    """Only what is said counts, not about which element."""
    seen: list[str] = []
    judge(read("hmm hmm HV1 Line 14 hmm and HV1 Trafo 2 losses voltage", grids["hv"].model.registry), lambda t: seen.append(t))
    assert seen
    assert all("14" not in text for text in seen)


@pytest.mark.parametrize("word", ["frequency", "relay settings", "load forecast", "health index", "short circuit"])
def test_what_is_not_built_is_said(converse: Callable[..., Any], word: str) -> None:
    """An honest refusal instead of a study of something else."""
    talk = converse(meaning=None)
    reply = talk.ask(f"what about the {word}?")
    assert talk.told["status"] == "refused"
    assert "not built yet" in str(reply.content)


@pytest.mark.parametrize(("question", "link"), [("approve 7", "/approvals#7"), ("yes, approve it", "/approvals")])
def test_typed_words_decide_nothing(converse: Callable[..., Any], question: str, link: str) -> None:
    """The place of decision is named; no tool runs."""
    talk = converse()
    reply = talk.ask(question)
    assert link in str(reply.content)
    assert not talk.calls


@pytest.mark.parametrize("question", ["How does the grid look right now?", "Does everything look right?", "How does it look just now?"])
def test_a_doubt_in_meters_hides_no_state(grids: dict[str, Grid], question: str) -> None:
    """'Look right' is a doubt only beside a measurement, and never takes the 'right' of 'right now'; words alone decide."""
    understood = Understanding(grids["hv"].model.registry, meaning=None).of(question, Memory())
    assert isinstance(understood, Frame)
    assert understood.intent is Intent.STATE
