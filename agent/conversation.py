"""What a conversation's messages hold of its turns: who asked, about which grid, and the calls that were made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from pydantic import ValidationError

from agent.answer import Call
from grid_models.errors import AeipError

FACTS = "aeip"  # of a tool's message: the state that the call was made on


class EvidenceNotFound(AeipError):
    """No call of this id in a conversation of this person. Whether it is another's is not told."""


@dataclass(frozen=True)
class Made:
    """A call with its turn: the question, who asked it, and the state it was made on."""

    call: Call
    question: str
    person: str
    grid: str
    state_id: str
    plant_time: str
    source: str


def made_calls(messages: Sequence[AnyMessage]) -> Iterator[Made]:
    """All calls of a conversation, in order."""
    asked: HumanMessage | None = None
    for message in messages:
        if isinstance(message, HumanMessage):
            asked = message
        elif isinstance(message, ToolMessage) and asked is not None and (call := _call(message)) is not None:
            of, facts = asked.additional_kwargs, message.additional_kwargs.get(FACTS, {})
            state = {name: str(facts.get(name, "")) for name in ("state_id", "plant_time", "source")}
            yield Made(call, str(asked.text), str(of.get("person", "")), str(of.get("grid", "")), **state)


def turn_messages(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages of the last turn, the question first."""
    start = max(i for i, m in enumerate(messages) if isinstance(m, HumanMessage))
    return list(messages[start:])


def earlier_messages(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Those of the turns before it that are about the same grid and were asked by the same person."""
    now = turn_messages(messages)
    same, kept = False, list[AnyMessage]()
    for message in messages[: len(messages) - len(now)]:
        if isinstance(message, HumanMessage):
            same = all(message.additional_kwargs.get(k) == now[0].additional_kwargs.get(k) for k in ("grid", "person"))
        if same:
            kept.append(message)
    return kept


def last_calls(messages: Sequence[AnyMessage]) -> list[Call]:
    """The calls of the last turn that made any. Told again they took no time."""
    at = max(i for i, m in enumerate(messages) if isinstance(m, ToolMessage))
    made = [_call(m) for m in turn_messages(messages[: at + 1]) if isinstance(m, ToolMessage)]
    return [call.model_copy(update={"elapsed_ms": 0.0}) for call in made if call is not None]


def next_id(messages: Sequence[AnyMessage], made_now: int) -> str:
    """The number of the next call: calls are counted through a conversation, so that an id names one call for ever."""
    now = len(turn_messages(messages))
    return f"E{sum(isinstance(m, ToolMessage) for m in messages[: len(messages) - now]) + made_now + 1}"


def _call(message: ToolMessage) -> Call | None:
    try:
        return Call.model_validate(message.artifact)
    except ValidationError:
        return None
