"""Small pure steps: calls in texts, arguments, thoughts, and results that fit."""

import json
from typing import Any

import pytest

from agent.answer import Call
from agent.brains.author import Author, author_of, last_author, signed
from agent.brains.ollama.compact import compact
from agent.brains.ollama.rescue import rescued
from agent.brains.ollama.thinking import spoken
from agent.brains.ollama.tidy import tidied


@pytest.mark.parametrize(
    "text",
    [
        "The losses are 18.7 MW.",
        "",
        'The limits are {"low": 0.9, "high": 1.1} pu.',
        "[1, 2, 3]",
        '{"name": 5}',
        "{" * 500,
        "[" * 3000,
        '{"name": "HV1 Line 14", "p_mw": 3}',
    ],
)
def test_a_text_without_a_call_has_none(text: str) -> None:
    """JSON that names no tool is no call; deep nesting ends."""
    assert rescued(text) == ()


def test_several_calls_come_in_their_order() -> None:
    """As tags, one after the other."""
    text = "".join(f"<tool_call>{json.dumps({'name': name, 'arguments': {}})}</tool_call>" for name in ("a", "b"))
    assert [wish.tool for wish in rescued(text)] == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "field", "expected"),
    [
        ("A", {"type": "array", "items": {"type": "string"}}, ["A"]),
        ('["A", "B"]', {"type": "array", "items": {"type": "string"}}, ["A", "B"]),
        ([["A", "B"], "C"], {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, [["A", "B"], ["C"]]),
        ({"kind": "open"}, {"type": "array", "items": {"type": "object", "properties": {}}}, [{"kind": "open"}]),
        ([{"a": None}], {"type": "array", "items": {"type": "object", "properties": {"a": {}}}}, [{}]),
        ("[unfinished", {"type": "array", "items": {"type": "string"}}, ["[unfinished"]),
        (3, {"type": "integer"}, 3),
    ],
)
def test_the_form_of_an_argument_is_mended(given: Any, field: dict[str, Any], expected: Any) -> None:
    """Its content never is."""
    assert tidied({"x": given}, {"properties": {"x": field}}) == {"x": expected}


def test_nothing_said_is_left_out() -> None:
    """Except where the word is a choice of the tool."""
    schema = {"properties": {"a": {"type": "string"}, "b": {"type": "string", "enum": ["none", "all"]}}}
    assert tidied({"a": "null", "b": "none", "c": None}, schema) == {"b": "none"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>hm</think>Yes.", "Yes."),
        ("<THINKING>a</THINKING>\nYes.<think>b</think>", "Yes."),
        ("the template ate the tag</think>Yes.", "Yes."),
        ("<think>never ended", ""),
        ("Yes.<|im_end|>", "Yes."),
        ("Less than 5 MW < 6 MW.", "Less than 5 MW < 6 MW."),
    ],
)
def test_thoughts_are_taken_off(text: str, said: str) -> None:
    """And nothing else is."""
    assert spoken(text) == said


def test_a_large_result_is_cut_by_rows_and_says_so() -> None:
    """The headline first, the top rows kept, valid JSON, within the bound."""
    rows = [{"element": f"HV1 Line {i}", "loading_percent": 100.0 - i / 7} for i in range(500)]
    call = Call(id="E1", tool="power_flow", result={"rows": rows, "headline": "All is well.", "empty": [], "note": "x" * 5000})
    text = compact(call)
    body = json.loads(text.split("\n", 1)[1])
    assert len(text) < 2100
    assert next(iter(body)) == "headline"
    assert body["rows"][0] == rows[0]
    assert str(body["rows"][-1]).endswith("more")
    assert len(compact(call, 300)) < 400


def test_a_failed_call_tells_its_error() -> None:
    """The model must know that there is no result."""
    assert compact(Call(id="E1", tool="power_flow", ok=False, error="It diverged.")) == "power_flow failed: It diverged."


def test_a_signature_stays_with_its_message() -> None:
    """What a checkpoint keeps of it is plain; a message that nobody signed has no author."""
    from langchain_core.messages import AIMessage

    author = Author("ollama:x", note="Why.", strikes=2, seconds=1.5, free=True)
    message = signed(AIMessage("Yes.", additional_kwargs={"aeip": {"status": "answered"}}), author)
    restored = AIMessage.model_validate(json.loads(message.model_dump_json()))
    assert author_of(restored) == author
    assert restored.additional_kwargs["aeip"] == {"status": "answered"}
    assert author_of(AIMessage("Yes.")) is None
    assert last_author([restored, AIMessage("No.")]) == author
    assert author_of(AIMessage("", additional_kwargs={"aeip_brain": {"nam": 1}})) is None
