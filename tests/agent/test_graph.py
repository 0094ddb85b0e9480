"""One turn of the conversation, whatever the brain says."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage
from pydantic import JsonValue

from agent.app import App
from agent.app.watch import Watch
from agent.graph import MAX_ROUNDS, build_graph, first_state
from evals.doubles.fresh_app import fresh_app
from evals.doubles.scripted_model import ScriptedModel, calling
from guardrails.people import LOCAL


@pytest.fixture
def app(tmp_path: Path, grid_cache: Path) -> Iterator[App]:
    """A data folder without an owner: the standing start."""
    with fresh_app(tmp_path / "data", grid_cache, owned=False) as found:
        yield found


def played(
    app: App, replies: list[AIMessage], question: str = "What is the state?"
) -> tuple[dict[str, JsonValue], list[dict[str, JsonValue]]]:
    """The answer and the events of one turn with a scripted brain."""
    events: list[dict[str, JsonValue]] = []
    study = app.study_context(watch=Watch(events.append))
    turn = replace(app.turn(study, LOCAL, "s", Watch(events.append)), brain=ScriptedModel(replies=replies))
    return build_graph().invoke(first_state(question, study.state.model.name), context=turn)["answer"], events


def test_each_call_runs_once_and_is_told_as_it_happens(app: App) -> None:
    """Start and end of every call reach the watcher, and its number is evidence."""
    answer, events = played(app, [calling("power_flow"), AIMessage("Losses are ⟦E1|losses_mw⟧.")])
    assert [(e["type"], e["id"]) for e in events] == [("tool_start", "E1"), ("tool_end", "E1")]
    assert answer["answer"] == "Losses are 18.7 MW."
    assert answer["status"] == "answered"


def test_a_brain_that_goes_in_circles_is_stopped(app: App) -> None:
    """The results' own sentences are shown instead of one more round."""
    answer, events = played(app, [calling("power_flow") for _ in range(MAX_ROUNDS + 5)])
    assert sum(e["type"] == "tool_start" for e in events) == MAX_ROUNDS
    assert "highest loading" in str(answer["answer"])


@pytest.mark.parametrize(
    ("tool", "args", "status"),
    [
        ("grid_data", {"elements": ["HV1 Line 999"]}, "refused"),
        ("grid_data", {"elements": ["no such thing"]}, "refused"),
        ("grid_data", {"colour": "red"}, "refused"),
        ("horoscope", {}, "refused"),
        ("power_flow", {"changes": [{"kind": "close", "element": "HV1 Line 14"}]}, "refused"),
        ("propose_action", {"changes": [], "reason": "x"}, "refused"),
        ("propose_action", {"changes": [{"kind": "scale", "group": "loads", "factor": 2.0}], "reason": "x"}, "refused"),
        ("propose_action", {"changes": [{"kind": "open", "element": "HV1 Line 12"}], "reason": "x"}, "refused"),
        ("propose_action", {"changes": [{"kind": "open", "element": "HV1 Line 14"}], "reason": "x"}, "awaiting_approval"),
    ],
)
def test_what_a_tool_refuses_is_the_status_whatever_the_brain_says(app: App, tool: str, args: dict[str, JsonValue], status: str) -> None:
    """Safety never depends on the brain: it may claim success, the status and the proposals tell the truth."""
    answer, _ = played(app, [calling(tool, **args), AIMessage("All done, everything was executed.")], "Open HV1 Line 12 and HV1 Line 14.")
    assert answer["status"] == status
    executed = [p for p in app.proposals() if p.status.value == "executed"]
    assert executed == []


def test_an_error_inside_a_tool_is_a_sentence_and_a_failed_answer(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, nothing lost, and the person learns that nothing was changed."""

    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("agent.toolbox._result", broken)
    answer, _ = played(app, [calling("power_flow"), AIMessage("")])
    assert answer["status"] == "failed"
    assert "nothing was changed" in str(answer["answer"])
