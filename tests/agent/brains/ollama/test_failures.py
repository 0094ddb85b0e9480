"""However a language model fails, the embedded brain answers the same question rightly, and the answer says so."""

from typing import Any

import pytest

from agent.answer import Status
from evals.doubles.ollama_server import FAILURES, Reply, saying, unused_url, wanting, writing

QUESTION = "How large are the losses?"
RIGHT = "**Losses 0.1 MW.**"  # what the embedded brain says of this grid
REASONS = {
    "missing": "`ollama pull scripted` brings it",
    "out of memory": "out of memory",
    "no tools": "does not support tools",
    "overloaded": "server busy",
    "error in mid-stream": "llama runner process has terminated",
    "cut in mid-stream": "the connection broke off",
    "unfinished": "its answer broke off",
    "silent from the start": "nothing came for 0.4 s",
    "silent in mid-stream": "nothing came for 0.4 s",
    "slow": "it took longer than 0.5 s",
    "garbage on the wire": "the server sent what cannot be read",
    "context full": "did not fit into its context",
}
NONSENSE = {
    "empty": saying(""),
    "garbage": saying("}{ ]]", " %% 12"),
    "thoughts only": saying("<think>the losses are 7 MW"),
    "invented number": saying("The losses are 99.9 MW."),
    "no call at all": saying("The losses are moderate."),
    "unknown tool": wanting("horoscope", sign="libra"),
    "unknown tool as text": writing("horoscope", sign="libra"),
    "bad arguments": wanting("power_flow", method="magic"),
    "a table of its own": saying('{"losses_mw": 99.9}'),
    "an element nobody named": wanting("grid_data", elements=["T Line 2"]),
}


def test_every_failure_has_its_reason() -> None:
    """A new failure of the double is tested, too."""
    assert set(REASONS) == set(FAILURES)


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_a_server_that_fails(ask: Any, failure: str) -> None:
    """Right answer, right brain, and one sentence with the reason."""
    told = ask(QUESTION, FAILURES[failure], total_s=0.5 if failure == "slow" else 5.0)
    _answered_by_the_embedded_brain(told, REASONS[failure])


def test_a_server_that_is_down(ask: Any) -> None:
    """Nothing listens at the address: no waiting."""
    told = ask(QUESTION, url=unused_url())
    _answered_by_the_embedded_brain(told, "no server is reachable at 127.0.0.1:")
    assert told.server.asked == []


@pytest.mark.parametrize("nonsense", sorted(NONSENSE))
def test_nonsense_three_times(ask: Any, nonsense: str) -> None:
    """Two replies are told what was wrong with them; the third ends the model's turn."""
    told = ask(QUESTION, NONSENSE[nonsense])
    _answered_by_the_embedded_brain(told, "nothing it said could be used")
    assert len(told.server.asked) == 3
    assert [len(body["messages"]) for body in told.server.asked] == [2, 4, 6]
    assert "That cannot be used" in told.server.asked[1]["messages"][-1]["content"]


def test_a_model_that_calls_the_same_again_and_again(ask: Any) -> None:
    """A circle: it is asked for the answer without tools, and when it calls once more the embedded brain answers."""
    told = ask(QUESTION, wanting("power_flow"))
    _answered_by_the_embedded_brain(told, "it went in circles")
    assert told.tools == ["power_flow", "power_flow"]  # the model's, and the embedded brain's own
    assert not told.server.asked[-1].get("tools")


def test_a_model_that_dies_after_its_first_study(ask: Any) -> None:
    """The embedded brain begins the question anew: it does not see what the model had called."""
    told = ask(QUESTION, wanting("grid_data", kind="line"), FAILURES["cut in mid-stream"])
    _answered_by_the_embedded_brain(told, "the connection broke off")
    assert told.tools == ["grid_data", "power_flow"]


def test_a_study_of_the_model_that_failed_is_not_the_status_of_the_embedded_answer(ask: Any) -> None:
    """The model asked for something impossible and died; the question itself is answered."""
    told = ask("Which lines are the most loaded?", wanting("grid_data", sort_by="beauty", kind="line"), FAILURES["missing"])
    assert told.answer.status is Status.ANSWERED
    assert [call.ok for call in told.answer.tool_calls] == [False, True]


def test_the_embedded_brain_stays_in_charge_until_the_turn_ends(ask: Any) -> None:
    """A server that comes back in mid-turn is not asked again; in the next turn it is."""
    told = ask(QUESTION, FAILURES["missing"], wanting("power_flow"), saying("Losses are 0.1 MW."))
    assert len(told.server.asked) == 1
    following = told.again(QUESTION)
    assert following.brain == "ollama:scripted"
    assert following.answer.startswith("Losses are 0.1 MW.")


def test_both_brains_remember_one_dialogue(ask: Any) -> None:
    """'It' is what the model's turn was about, though the model has died since."""
    what_if = wanting("power_flow", changes=[{"kind": "open", "element": "T Line 1"}])
    told = ask("What if T Line 1 trips?", what_if, saying("Fine."), Reply(status=500))
    following = told.again("And how is it loaded now?")
    assert following.brain == "embedded"
    assert "T Line 1" in following.answer


def _answered_by_the_embedded_brain(told: Any, reason: str) -> None:
    answer = told.answer
    assert answer.answer.startswith(RIGHT)
    assert "The language model scripted did not answer (" in answer.answer
    assert reason in answer.answer
    assert answer.answer.count("; the embedded brain answered.") == 1
    assert (answer.status, answer.brain, answer.unsupported_numbers) == (Status.ANSWERED, "embedded", ())
    assert answer.tool_calls[-1].tool == "power_flow"
