"""What of a brain's text is shown: a language model is asked once to say it again, then only what holds is left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, SystemMessage

from agent.answer import Answer
from agent.app import App
from agent.app.watch import Watch
from agent.conversation import EvidenceNotFound
from agent.graph import first_state
from agent.grounding import check_evidence
from evals.doubles.fresh_app import fresh_app
from evals.doubles.scripted_model import ScriptedModel, calling
from evals.doubles.scripted_turn import scripted_answer
from guardrails.people import LOCAL, Person, Role
from tools.context import StudyContext
from tools.registry import run_study

QUESTION = "What is the most loaded branch?"
OLGA = Person(name="olga", role=Role.OPERATOR)


@pytest.fixture
def app(tmp_path: Path, grid_cache: Path) -> Iterator[App]:
    """The training grid; nobody runs its plant."""
    with fresh_app(tmp_path / "data", grid_cache, grid="training", owned=False) as app:
        yield app


@pytest.fixture
def truth(app: App) -> str:
    """A true sentence about the present state."""
    found = run_study("power_flow", {}, StudyContext(app.present()[0], app.limits())).model_dump()
    return f"{found['max_loading_element']} is loaded to {found['max_loading_percent']:.1f} %."


def said(app: App, *replies: AIMessage) -> tuple[Answer, ScriptedModel]:
    """The answer, and the model with what it was shown."""
    study, brain = app.study_context(), ScriptedModel(replies=list(replies))
    turn = replace(app.turn(study, LOCAL, "s", Watch()), brain=brain)
    result = app.graph.invoke(first_state(QUESTION, "training", "local"), {"configurable": {"thread_id": "s"}}, context=turn)
    return Answer.model_validate({"question": QUESTION, **result["answer"]}), brain


def remembered(app: App, session: str = "s") -> str:
    """The last message that the conversation keeps."""
    return str(app.graph.get_state({"configurable": {"thread_id": session}}).values["messages"][-1].content)


def held(answer: Answer) -> Answer:
    assert check_evidence(answer.model_dump(mode="json")) == []
    return answer


def test_a_model_that_corrects_itself_is_shown_as_it_says_it_then(app: App, truth: str) -> None:
    """It is told what is unsupported and what the results say; nothing of the first text is left anywhere."""
    answer, brain = said(app, calling("power_flow"), AIMessage("HV9 Line 9 is loaded to 97.3 %."), AIMessage(truth))
    asked = [m for m in brain.seen[-1] if isinstance(m, SystemMessage)]
    assert [m.additional_kwargs for m in asked] == [{"aeip_rewrite": True}]
    assert "97.3 %" in str(asked[0].content)
    assert "highest loading" in str(asked[0].content)
    assert (held(answer).answer, answer.rewritten, answer.unsupported) == (truth, True, ())
    assert remembered(app) == truth


def test_a_stubborn_model_keeps_its_true_sentences_only(app: App, truth: str) -> None:
    """It is asked once; then the results' own words stand for the sentence, and the answer says so."""
    text = f"{truth} T Line 99 is at 97.3 %, says Article 99. That is grave."
    answer, brain = said(app, calling("power_flow"), AIMessage(text), AIMessage(text))
    assert len(brain.seen) == 3
    assert held(answer).answer.startswith(truth)
    assert "was replaced by the results' own words" in answer.answer
    assert "highest loading" in answer.answer
    assert not any(lie in answer.answer for lie in ("T Line 99", "97.3", "Article 99", "That is grave"))
    assert {(str(u.kind), u.text) for u in answer.unsupported} == {("name", "T Line 99"), ("number", "97.3 %"), ("clause", "Article 99")}
    assert answer.unsupported_numbers == ("97.3 %",)
    assert "97.3" not in remembered(app)


def test_a_model_that_fails_at_saying_it_again_costs_the_sentence_only(app: App, truth: str) -> None:
    """The answer of the results is there all the same."""
    answer, _ = said(app, calling("power_flow"), AIMessage(f"{truth} The oil is at 73.4 °C."))
    assert answer.answer.startswith(truth)
    assert "73.4" not in answer.answer


def test_a_tool_called_instead_of_saying_it_again_is_not_run(app: App) -> None:
    """What was asked for is a text."""
    answer, _ = said(app, calling("power_flow"), AIMessage("It is at 97.3 %."), calling("contingency_analysis"))
    assert [c.tool for c in answer.tool_calls] == ["power_flow"]
    assert "97.3" not in answer.answer


@pytest.mark.parametrize("text", ["You are welcome.", "Good morning! What can I do for you?", "I can study that; which line do you mean?"])
def test_courtesy_needs_no_study(app: App, text: str) -> None:
    """What states nothing of the grid passes as it is."""
    answer, _ = said(app, AIMessage(text))
    assert (answer.answer, answer.unsupported, answer.rewritten) == (text, (), False)


def test_the_embedded_brain_s_text_stands_or_falls_as_a_whole(app: App, truth: str) -> None:
    """It writes by reference; where a number of it does not hold, the results speak for themselves."""
    own = AIMessage(f"{truth} It is at 97.3 %.", additional_kwargs={"aeip": {"status": "answered"}})
    answer, brain = said(app, calling("power_flow"), own)
    assert len(brain.seen) == 2
    assert answer.answer.startswith("highest loading")


def asks(app: App, *replies: AIMessage, person: Person = LOCAL) -> Answer:
    return held(scripted_answer(app, replies, QUESTION, session="long", person=person))


def test_an_earlier_turn_s_result_supports_a_number_and_its_id_is_its_own(app: App, truth: str) -> None:
    """Calls are counted through a conversation; the answer carries the earlier call that it rests on."""
    first = asks(app, calling("power_flow"), AIMessage(truth))
    again = asks(app, AIMessage(f"As I said: {truth}"))
    third = asks(app, calling("grid_data", kind="summary"), AIMessage("Done."))
    assert [c.id for c in first.tool_calls] == ["E1"]
    assert ([c.id for c in again.tool_calls], [c.id for c in again.earlier_calls]) == ([], ["E1"])
    assert (again.unsupported, {e.tool_call for e in again.evidence}) == ((), {"E1"})
    assert "earlier state" not in again.answer
    assert [c.id for c in third.tool_calls] == ["E2"]


def test_a_number_of_an_earlier_state_is_told_as_such(app: App, truth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was true then; the answer says of when it is."""
    asks(app, calling("power_flow"), AIMessage(truth))
    later = replace(app.present()[0], plant_time=app.present()[0].plant_time.replace(year=2017))
    monkeypatch.setattr(app, "known", lambda *_: (later, "standing", None))
    assert "*What is told from E1 is of an earlier state of the grid" in asks(app, AIMessage(truth)).answer


def test_another_person_s_results_support_nothing(app: App, truth: str) -> None:
    """Whoever comes into a conversation finds nothing in it."""
    asks(app, calling("power_flow"), AIMessage(truth))
    answer = asks(app, AIMessage(truth), AIMessage(truth), person=OLGA)
    assert answer.unsupported
    assert truth not in answer.answer


def evidence_of(app: App, session: str, person: Person) -> Sequence[str]:
    return [kept.call.id for kept in app.conversation_calls(session, person)]


def test_evidence_resolves_after_a_restart_and_for_its_person_only(tmp_path: Path, grid_cache: Path) -> None:
    """The id, the path and the state are those of the answer; a stranger learns nothing, not even that there is something."""
    with fresh_app(tmp_path / "data", grid_cache, grid="training", owned=False) as app:
        answer = app.ask(QUESTION, session="kept", person=OLGA)
        app.ask("And the losses?", session="kept", person=OLGA)
        settings = app.settings
    proof, again = answer.evidence[0], App(settings)
    found = again.evidence("kept", proof.tool_call, OLGA, proof.path)
    assert found.at is not None
    assert (found.at.text, found.state_id, found.question) == (proof.text, answer.state_id, QUESTION)
    assert evidence_of(again, "kept", OLGA) == ["E1", "E2"]
    with pytest.raises(EvidenceNotFound, match="it has E1, E2"):
        again.evidence("kept", "E3", OLGA)
    with pytest.raises(EvidenceNotFound, match=r"no number at 'no\.such'"):
        again.evidence("kept", "E1", OLGA, "no.such")
    for session, person in (("kept", LOCAL), ("other", OLGA)):
        with pytest.raises(EvidenceNotFound, match=f"There is no conversation '{session}' of yours"):
            again.evidence(session, "E1", person)
