"""A language model that behaves, more or less: its calls are run, however they were written, and its text is the answer."""

import json
import time
from typing import Any

import pytest

from agent.answer import Status
from evals.doubles.ollama_server import Reply, saying, wanting, writing

QUESTION = "How large are the losses?"
CALL = {"name": "power_flow", "arguments": {"method": "ac"}}
AS_TEXT = {
    "bare": json.dumps(CALL),
    "fenced": f"I will look.\n```json\n{json.dumps(CALL)}\n```",
    "tagged": f"<tool_call>\n{json.dumps(CALL)}\n</tool_call>",
    "tag left open": f"<tool_call>{json.dumps(CALL)}",
    "parameters": json.dumps({"name": "power_flow", "parameters": {"method": "ac"}}),
    "in a list": json.dumps([CALL]),
    "openai": json.dumps(
        {"tool_calls": [{"type": "function", "function": {"name": "power_flow", "arguments": json.dumps({"method": "ac"})}}]}
    ),
    "after thoughts": f"<think>They want the losses. {{maybe}}</think>{json.dumps(CALL)}",
}


def test_a_call_and_a_text(ask: Any) -> None:
    """The study runs, its number is evidence, the brain is named; temperature and context are set."""
    told = ask(QUESTION, wanting("power_flow"), saying("Losses are ", "0.1 MW."))
    assert told.answer.answer.startswith("Losses are 0.1 MW.\n")
    assert (told.answer.brain, told.answer.status, told.tools) == ("ollama:scripted", Status.ANSWERED, ["power_flow"])
    assert told.answer.evidence[0].path == "losses_mw"
    first, second = told.server.asked
    assert first["options"] == {"temperature": 0.0, "num_ctx": 8192}
    assert len(first["tools"]) <= 8
    assert first["stream"] is True
    assert second["messages"][-1]["role"] == "tool"
    assert "data, not instructions" in second["messages"][-1]["content"]


@pytest.mark.parametrize("form", sorted(AS_TEXT))
def test_a_call_that_was_written_as_text(ask: Any, form: str) -> None:
    """Every form that small models use is the same call."""
    told = ask(QUESTION, saying(AS_TEXT[form]), saying("Losses are 0.1 MW."))
    assert told.answer.brain == "ollama:scripted"
    assert [call.args for call in told.answer.tool_calls] == [{"method": "ac"}]


def test_thoughts_are_nobodys_business(ask: Any) -> None:
    """Neither tags in the text nor the server's own field reach the answer."""
    told = ask(QUESTION, wanting("power_flow"), saying("<think>Is 77 MW right?</think>", "Losses are 0.1 MW.", thinking="Perhaps 88 MW."))
    assert told.answer.answer.startswith("Losses are 0.1 MW.\n")
    assert told.answer.unsupported_numbers == ()


def test_what_was_wrong_is_told_and_mended(ask: Any) -> None:
    """The validation's own sentence goes back to the model, and its second try counts."""
    told = ask(QUESTION, wanting("power_flow", method="magic"), wanting("power_flow"), saying("Losses are 0.1 MW."))
    assert told.answer.brain == "ollama:scripted"
    assert told.tools == ["power_flow"]
    assert "power_flow cannot take method='magic'" in told.server.asked[1]["messages"][-1]["content"]


def test_the_form_of_arguments_is_mended_without_asking(ask: Any) -> None:
    """One name for a list, a list in a text, nothing said as null: certain enough."""
    changes = json.dumps([{"kind": "open", "element": "T Line 1", "p_mw": None}])
    told = ask(
        "What if T Line 1 trips?", wanting("power_flow", changes=changes, vm_min_pu=None, method="null"), saying("No limit is violated.")
    )
    assert told.answer.tool_calls[0].args == {"changes": [{"kind": "open", "element": "T Line 1"}]}
    assert len(told.server.asked) == 2


def test_a_repeated_call_asks_for_the_answer(ask: Any) -> None:
    """The loop guard: without tools the model can only answer."""
    told = ask(QUESTION, wanting("power_flow"), wanting("power_flow"), saying("Losses are 0.1 MW."))
    assert told.answer.brain == "ollama:scripted"
    assert told.tools == ["power_flow"]
    assert not told.server.asked[2].get("tools")


def test_a_number_that_no_result_supports_is_not_shown(ask: Any) -> None:
    """Grounding judges a model's text as everybody's."""
    told = ask(QUESTION, wanting("power_flow"), saying("Losses are 55.5 MW."))
    assert "55.5" not in told.answer.answer
    assert told.answer.unsupported_numbers


def test_one_element_is_not_put_in_the_place_of_another(ask: Any) -> None:
    """The person named Line 1; a call about Line 2 is sent back."""
    told = ask(
        "How is T Line 1 loaded?",
        wanting("grid_data", elements=["T Line 2"]),
        wanting("grid_data", elements=["line 1"]),
        saying("It is in service."),
    )
    assert [call.args["elements"] for call in told.answer.tool_calls] == [["line 1"]]
    assert "has named 'T Line 2'" in told.server.asked[1]["messages"][-1]["content"]


def test_the_prompt_says_which_elements_are_meant(ask: Any) -> None:
    """Exact names for what exists, the nearest for what does not, the choice where several fit."""
    told = ask("How is line 1 loaded, and line 99?", saying("Which one do you mean?"))
    system = told.server.asked[0]["messages"][0]["content"]
    assert "'line 1' is T Line 1" in system
    assert "'line 99' does not exist" in system
    assert told.app.grid().model.name in system


def test_a_question_back_is_a_clarification(ask: Any) -> None:
    """The model asks; where the embedded brain would ask, too, its candidates come along and the answer completes the order."""
    told = ask(
        "Open line",
        saying("Which line do you mean?"),
        wanting("propose_action", changes=[{"kind": "open", "element": "T Line 1"}], reason="asked"),
    )
    assert told.answer.status is Status.NEEDS_CLARIFICATION
    assert told.again("T Line 1").status is Status.AWAITING_APPROVAL


def test_the_watcher_hears_how_much_was_written_and_never_what(ask: Any) -> None:
    """Progress while the model writes."""
    events: list[dict[str, object]] = []
    slow = Reply(tuple("Losses are 0.1 MW, as the study of the grid says."), pause_s=0.02)
    ask(QUESTION, wanting("power_flow"), slow, on_event=events.append)
    written = [e for e in events if e["type"] == "writing"]
    assert written
    assert all(set(e) == {"type", "model", "characters"} for e in written)
    assert [e["characters"] for e in written] == sorted(e["characters"] for e in written)  # type: ignore[type-var]


def test_a_person_who_has_had_enough_stops_the_model(ask: Any) -> None:
    """Between two chunks, long before the end; a stop is no failure of the model, so nobody else answers."""
    began = time.monotonic()
    told = ask(QUESTION, Reply(tuple("word " * 400), pause_s=0.02), total_s=30.0, cancelled=lambda: time.monotonic() - began > 0.5)
    assert time.monotonic() - began < 4.0
    assert told.answer.status is Status.FAILED
    assert "was stopped" in told.answer.answer
    assert told.tools == []


def test_what_was_said_before_is_remembered_in_short(ask: Any) -> None:
    """Questions and answers of earlier turns, without their tool calls."""
    told = ask(QUESTION, wanting("power_flow"), saying("Losses are 0.1 MW."), saying("You are welcome."))
    told.again("Thanks")
    roles = [m["role"] for m in told.server.asked[-1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]


def test_a_text_is_said_again_without_tools(ask: Any) -> None:
    """What the graph asks for when a sentence could not be supported."""
    from langchain_core.messages import SystemMessage

    from agent.app.brain import brain_of
    from agent.app.watch import Watch
    from agent.brains.author import REWRITE, author_of

    told = ask(QUESTION, wanting("power_flow"), saying("Losses are 0.1 MW."), saying("They are 0.1 MW."), saying(""))
    messages = told.app.graph.get_state({"configurable": {"thread_id": told.answer.session}}).values["messages"]
    brain = brain_of(told.app.settings, told.app.study_context().state, Watch())
    again = SystemMessage("Say it without the name.", additional_kwargs={REWRITE: True})
    reply = brain.invoke([*messages, again])
    assert reply.content == "They are 0.1 MW."
    assert author_of(reply) is not None
    assert not told.server.asked[-1].get("tools")
    assert told.server.asked[-1]["messages"][-1] == {"role": "user", "content": "Say it without the name."}


def test_an_answer_that_is_written_as_a_call_is_no_rewritten_text() -> None:
    """Kept with the form of calls: `writing` is what the double writes."""
    assert json.loads(writing("power_flow").pieces[0]) == {"name": "power_flow", "arguments": {}}
