"""What was said before: the dialogue so far and the tool calls of the present turn, read from the conversation's messages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from agent.answer import Call
from agent.brains.embedded.frame import Dialogue, Frame, Intent


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
    lookup: Frame | None = None  # what was looked up last, where that was the last answer; `latest` is then of the answer before it
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
    lookup = _lookup(dialogues[-1].frame) if dialogues else None
    latest = _before_lookups(dialogues) if lookup else dialogues[-1] if dialogues else None
    return Memory(latest, about, listed, spoken, _told(messages), lookup)


def _lookup(frame: Frame | None) -> Frame | None:
    """What was looked up, alone or behind a study."""
    while frame is not None and frame.intent is not Intent.KNOWLEDGE:
        frame = frame.then if isinstance(frame.then, Frame) else None
    return frame


def _before_lookups(dialogues: Sequence[Dialogue]) -> Dialogue | None:
    """A look into a book leaves the talk about the grid where it was; only what was asked back is asked no more."""
    found = next((d for d in reversed(dialogues) if d.frame is None or d.frame.intent is not Intent.KNOWLEDGE), None)
    return found if found is dialogues[-1] else found.model_copy(update={"asked": None}) if found else None


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
