"""The turn under way, read from the conversation: what was asked, which calls each brain has made, and who is in charge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import ValidationError

from agent.answer import Call
from agent.brains.author import REWRITE, Author, author_of


@dataclass(frozen=True)
class Turn:
    """`before`: the conversation up to and with the question. `now`: what followed it."""

    before: tuple[BaseMessage, ...]
    now: tuple[BaseMessage, ...]

    @property
    def question(self) -> str:
        return str(self.before[-1].text) if self.before else ""

    @property
    def rewrite(self) -> str | None:
        """The instruction to write the last text again, when that is what is asked for."""
        last = self.now[-1] if self.now else None
        return str(last.content) if isinstance(last, SystemMessage) and last.additional_kwargs.get(REWRITE) else None

    @property
    def authors(self) -> tuple[Author, ...]:
        return tuple(a for m in self.now if isinstance(m, AIMessage) and (a := author_of(m)) is not None)

    def by(self, name: str) -> tuple[BaseMessage, ...]:
        """The messages of one brain in this turn, with the results of its calls."""
        own = [m for m in self.now if isinstance(m, AIMessage) and (a := author_of(m)) is not None and a.name == name]
        wanted = {call["id"] for m in own for call in m.tool_calls}
        return tuple(m for m in self.now if m in own or (isinstance(m, ToolMessage) and m.tool_call_id in wanted))

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call of the turn that has come back, whoever wanted it."""
        return tuple(call_of(m) for m in self.now if isinstance(m, ToolMessage))

    @property
    def next_call(self) -> int:
        """For ids that do not repeat in what is remembered of the conversation."""
        return 1 + sum(len(m.tool_calls) for m in (*self.before, *self.now) if isinstance(m, AIMessage))


def turn_of(messages: Sequence[BaseMessage]) -> Turn:
    start = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=-1)
    return Turn(tuple(messages[: start + 1]), tuple(messages[start + 1 :]))


def call_of(message: ToolMessage) -> Call:
    """The call as the graph recorded it; from the text where the record is missing."""
    try:
        return Call.model_validate(message.artifact)
    except ValidationError:
        return Call(id=str(message.tool_call_id), tool=str(message.name or "tool"), ok=False, error=str(message.content))


def final_texts(messages: Iterable[BaseMessage]) -> Iterable[BaseMessage]:
    """What persons and brains have said to one another, without the work between."""
    return (m for m in messages if isinstance(m, HumanMessage) or (isinstance(m, AIMessage) and not m.tool_calls))
