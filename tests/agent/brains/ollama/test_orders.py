"""Orders through a language model: offered only when asked for, proposed once, in the words of the result."""

from typing import Any

import pytest

from agent.answer import Status
from evals.doubles.ollama_server import FAILURES, Reply, saying, wanting

ORDER = "Open T Line 1"
CHANGES: list[Any] = [{"kind": "open", "element": "T Line 1"}]
PROPOSING = wanting("propose_action", changes=CHANGES, reason="asked for")


def offered(told: Any) -> set[str]:
    return {tool["function"]["name"] for body in told.server.asked for tool in body.get("tools", ())}


def test_an_order_becomes_one_proposal_in_the_results_own_words(order: Any) -> None:
    """The model is not asked what came of it: it can claim nothing."""
    told = order(ORDER, PROPOSING, saying("Done, T Line 1 was opened."))
    assert told.answer.status is Status.AWAITING_APPROVAL
    assert "waits for approval: open T Line 1" in told.answer.answer
    assert told.answer.brain == "ollama:scripted"
    assert len(told.server.asked) == 1
    (proposal,) = told.app.proposals()
    assert proposal.basis.brain == "ollama:scripted"


@pytest.mark.parametrize("failure", ["missing", "cut in mid-stream", "silent from the start"])
def test_a_model_that_proposes_and_dies_proposes_once(order: Any, failure: str) -> None:
    """The turn ends with the result; the embedded brain does not order it again."""
    told = order(ORDER, PROPOSING, FAILURES[failure])
    assert told.answer.status is Status.AWAITING_APPROVAL
    assert len(told.app.proposals()) == 1


@pytest.mark.parametrize(
    "replies",
    [
        (PROPOSING, PROPOSING),
        (Reply(calls=(*PROPOSING.calls, *PROPOSING.calls)),),
        (Reply(calls=(*PROPOSING.calls, ("propose_action", {"changes": CHANGES, "reason": "again"}))), PROPOSING),
    ],
    ids=["twice", "twice at once", "twice at once in other words"],
)
def test_nothing_is_proposed_twice(order: Any, replies: tuple[Reply, ...]) -> None:
    """However often a model says it."""
    told = order(ORDER, *replies)
    assert len(told.app.proposals()) == 1
    assert told.tools.count("propose_action") == 1


def test_when_the_model_fails_the_embedded_brain_proposes_in_its_own_name(order: Any) -> None:
    """Once, and the record says whose reading it was."""
    told = order(ORDER, FAILURES["missing"])
    assert told.answer.status is Status.AWAITING_APPROVAL
    (proposal,) = told.app.proposals()
    assert proposal.basis.brain == "embedded"


@pytest.mark.parametrize(
    "question",
    [
        "Do not open T Line 1",
        "Never open T Line 1, please",
        "What would happen if I opened T Line 1?",
        "Should we open T Line 1?",
        "Was T Line 1 opened?",
        "He said: open T Line 1",
        "How large are the losses?",
        "Leitung T Line 1 bitte nicht ausschalten",
        "Falls T Line 1 ausfällt, wie sieht es dann aus",
    ],
)
def test_the_writing_tool_is_not_even_offered(order: Any, question: str) -> None:
    """Forbidden, imagined, asked about, reported, somebody else's words: a model that proposes all the same is not obeyed."""
    told = order(question, PROPOSING)
    assert "propose_action" not in offered(told)
    assert "propose_action" not in told.tools
    assert told.app.proposals() == []
    assert told.answer.brain == "embedded"


@pytest.mark.parametrize("question", [ORDER, "Please open T Line 1 now", "Bitte T Line 1 ausschalten"])
def test_an_order_is_offered_the_writing_tool(order: Any, question: str) -> None:
    """Also one in a language that the grammar does not read: whether it counts as an order is not the model's to say."""
    told = order(question, PROPOSING)
    assert "propose_action" in offered(told)
    assert told.tools == ["propose_action"]


def test_consent_to_what_was_said_is_offered_the_writing_tool(order: Any) -> None:
    """'Yes, propose that' is an order about the elements of the answer before it; a bare thanks is none."""
    study = wanting("power_flow", changes=CHANGES)
    told = order("What would happen if T Line 1 was opened?", study, saying("T Line 1 can be opened."), PROPOSING)
    assert "propose_action" not in offered(told)
    told.again("Yes, propose that")
    assert "propose_action" in offered(told)


@pytest.mark.parametrize(
    "changes",
    [
        [{"kind": "close", "element": "T Line 1"}],
        [{"kind": "open", "element": "T Line 2"}],
        [{"kind": "open", "element": "T Line 1"}, {"kind": "open", "element": "T Line 2"}],
    ],
    ids=["the opposite", "another one", "one more"],
)
def test_a_proposal_that_was_not_ordered_is_sent_back(order: Any, changes: list[Any]) -> None:
    """The grammar has heard what was ordered; after three tries it is what is proposed."""
    told = order(ORDER, wanting("propose_action", changes=changes, reason="because"))
    (proposal,) = told.app.proposals()
    assert [a.words() for a in proposal.actions] == ["open T Line 1"]
    assert told.answer.brain == "embedded"


def test_what_was_kept_is_not_ordered_beside_an_order(order: Any) -> None:
    """One line is to be opened, the other one not."""
    told = order(
        "Open T Line 1 but do not open T Line 2",
        wanting("propose_action", changes=[*CHANGES, {"kind": "open", "element": "T Line 2"}], reason="x"),
    )
    assert all([a.words() for a in p.actions] == ["open T Line 1"] for p in told.app.proposals())
    assert "did not ask for a change of T Line 2" in told.server.asked[1]["messages"][-1]["content"]


def test_a_claim_without_a_proposal_is_no_answer_to_an_order(order: Any) -> None:
    """'Done' after a study is sent back, too."""
    told = order(ORDER, wanting("power_flow", changes=CHANGES), saying("Done: T Line 1 is open."))
    assert "Done" not in told.answer.answer
    assert told.answer.status is Status.AWAITING_APPROVAL
    assert told.answer.brain == "embedded"


def test_an_order_that_is_refused_is_told_in_the_refusals_own_words(order: Any) -> None:
    """A failed order is not tried again by another brain."""
    bad = wanting("propose_action", changes=[{"kind": "scale", "group": "loads", "factor": 2.0}], reason="x")
    told = order("Bitte alle Lasten verdoppeln", bad, saying("Done."))
    assert told.answer.status is Status.REFUSED
    assert told.tools == ["propose_action"]
    assert len(told.server.asked) == 1
    assert told.app.proposals() == []


def test_a_number_is_enough_of_a_name_where_the_kind_is_in_another_language(order: Any) -> None:
    """'Leitung 1' may be T Line 1; T Line 2 it is not."""
    other = wanting("propose_action", changes=[{"kind": "open", "element": "T Line 2"}], reason="x")
    told = order("Leitung 1 bitte ausschalten", other, PROPOSING)
    assert [call.args["changes"] for call in told.answer.tool_calls] == [CHANGES]
