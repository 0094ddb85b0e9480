"""What was said before: the dialogue so far and the tool calls of the present turn, read from the conversation's messages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from agent.answer import Call
from agent.brains.embedded.frame import Dialogue, Frame


@dataclass(frozen=True)
class Told:
    """The last turn that ran a study: what was asked, how it was understood, and its results."""

    question: str
    frame: Frame
    rounds: tuple[tuple[Call, ...], ...]


@dataclass(frozen=True)
class Memory:
    """The turns before this one. `latest` is what the last answer left behind; `about` and `listed` the last elements anyone spoke of."""

    latest: Dialogue | None = None
    about: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()  # the elements that requests were about, one after the other
    told: Told | None = None
    elsewhere: Frame | None = None  # the last request about another grid, where this one was only just turned to


@dataclass(frozen=True)
class Turn:
    """The present question, the rounds of calls made for it so far, and the calls of all turns (for unique ids)."""

    question: str
    rounds: tuple[tuple[Call, ...], ...]
    memory: Memory
    earlier_calls: int


def present_turn(messages: Sequence[BaseMessage]) -> Turn:
    """Split a conversation into what came before and the turn under way."""
    start = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=len(messages))
    before, now = messages[:start], messages[start:]
    question = str(now[0].text) if now else ""
    memory = _memory(before)
    if not before and now:
        memory = replace(memory, elsewhere=_elsewhere(now[0]))
    return Turn(question, tuple(_rounds(now)), memory, sum(len(m.tool_calls) for m in before if isinstance(m, AIMessage)))


def _rounds(messages: Sequence[BaseMessage]) -> list[tuple[Call, ...]]:
    """One tuple of calls for every request of calls, in the order they were asked for."""
    results = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
    rounds: list[tuple[Call, ...]] = []
    for message in messages:
        if isinstance(message, AIMessage) and message.tool_calls:
            made = [(w, results.get(str(w["id"]))) for w in message.tool_calls]
            rounds.append(tuple(_call(w["name"], w["args"], m) for w, m in made if m is not None))
    return rounds


def _call(tool: str, args: dict[str, object], message: ToolMessage) -> Call:
    """The call as the graph recorded it; from the message's text where the record is missing."""
    try:
        return Call.model_validate(message.artifact)
    except ValidationError:
        pass
    try:
        content = json.loads(str(message.content))
        result = content.get("result", content) if isinstance(content, dict) else {}
        return Call.model_validate({"id": message.tool_call_id, "tool": tool, "args": args, "result": result})
    except (json.JSONDecodeError, ValidationError):
        return Call.model_validate({"id": message.tool_call_id, "tool": tool, "args": args, "ok": False, "error": str(message.content)})


def _memory(messages: Sequence[BaseMessage]) -> Memory:
    dialogues = [d for m in messages if isinstance(m, AIMessage) and not m.tool_calls and (d := _dialogue(m)) is not None]
    about = next((d.about for d in reversed(dialogues) if d.about), ())
    listed = next((d.listed or d.about for d in reversed(dialogues) if d.listed or len(d.about) > 1), ())
    spoken = tuple(dict.fromkeys(n for d in dialogues for n in requested(d.frame)))
    return Memory(dialogues[-1] if dialogues else None, about, listed, spoken, _told(messages))


def requested(frame: Frame | None) -> tuple[str, ...]:
    """The elements that a request itself is about, not those that its answer brought up."""
    return () if frame is None else (*frame.elements, *(c.element for c in frame.changes if c.element))


def _elsewhere(first: BaseMessage) -> Frame | None:
    try:
        return Dialogue.model_validate(first.additional_kwargs.get("before")).frame
    except ValidationError:
        return None


def _told(messages: Sequence[BaseMessage]) -> Told | None:
    """From the last turn with tool calls; None where another brain understood it."""
    at = max((i for i, m in enumerate(messages) if isinstance(m, ToolMessage)), default=-1)
    start = max((i for i, m in enumerate(messages[: at + 1]) if isinstance(m, HumanMessage)), default=-1)
    answer = next((m for m in messages[at + 1 :] if isinstance(m, AIMessage)), None)
    dialogue = _dialogue(answer) if answer is not None and start >= 0 else None
    if dialogue is None or dialogue.frame is None:
        return None
    return Told(str(messages[start].text), dialogue.frame, tuple(_rounds(messages[start : at + 1])))


def _dialogue(message: AIMessage) -> Dialogue | None:
    try:
        return Dialogue.model_validate(message.additional_kwargs.get("aeip"))
    except ValidationError:
        return None  # another brain's answer, or a version's that stored other fields: nothing to remember
