"""The embedded brain as a LangChain chat model: messages in, tool calls or the final text out. It keeps no state of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict, Field

from agent.answer import Call
from agent.brains.embedded.classifier import Meaning
from agent.brains.embedded.frame import Ask, Dialogue, Frame, Intent, Refusal
from agent.brains.embedded.meaning import meaning
from agent.brains.embedded.memory import Told, Turn, present_turn
from agent.brains.embedded.plans.kit import Kit, Retell, Said, Style, Wanted, Write
from agent.brains.embedded.plans.table import step
from agent.brains.embedded.understand import Understanding
from grid_models.twin.registry import Registry


def headlines(calls: Sequence[Call], question: str, style: Style) -> str:
    """The results' own sentences: what is said where no writer is passed in."""
    return "\n\n".join(str(c.result.get("headline") or c.tool) for c in calls)


def as_it_was(text: str, calls: Sequence[Call], style: Style) -> str:
    """An answer told again in the same words: where no writer is passed in."""
    return text


class EmbeddedBrain(BaseChatModel):
    """Understands control-room English with a grammar of the domain and plans tool calls; no language model.

    `registry`: the names of the grid. `write`: turns calls, the question and a style into the text of an answer, numbers as markers.
    `retell`: turns such a text into another form or unit.
    `meaning`: a sentence as a vector, used only where the words alone leave doubt; None switches it off.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    registry: Registry
    write: Write = headlines
    retell: Retell = as_it_was
    areas: tuple[str, ...] = ()
    meaning: Meaning | None = meaning
    tools: tuple[Any, ...] = Field(default=(), repr=False)

    @property
    def _llm_type(self) -> str:
        return "embedded"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """A copy that carries the tools. This brain knows its tools by name; the argument is what LangChain asks for."""
        return self.model_copy(update={"tools": tuple(tools)})

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.reply(messages))])

    def reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The next message: calls to make, or the final text."""
        turn = present_turn(messages)
        understood = Understanding(self.registry, self.areas, self.meaning).of(turn.question, turn.memory)
        if isinstance(understood, Ask):
            return _final(Said(understood.text, "needs_clarification", understood.candidates, asked=understood), understood.frame)
        if isinstance(understood, Refusal):
            return _final(Said(understood.text, "refused", understood.candidates), None)
        if understood.telling is not None and turn.memory.told is not None:
            return self._again(understood, turn.memory.told)
        following = step(understood, Kit(self.registry, self.write, turn.question), turn.rounds)
        if isinstance(following, Said):
            return _final(self._in_unit(following, understood.told_in, turn), understood)
        return _calls(following, turn)

    def _in_unit(self, said: Said, unit: str, turn: Turn) -> Said:
        """'... in amps': the numbers in the unit that the question named, where they have it."""
        calls = [call for made in turn.rounds for call in made]
        return replace(said, text=self.retell(said.text, calls, {"told_in": unit})) if unit else said

    def _again(self, frame: Frame, told: Told) -> AIMessage:
        """The plan of the last answer replayed with the results it had: nothing runs, only the words are others."""
        style: Style = {k: v for k, v in (frame.telling.model_dump() if frame.telling else {}).items() if v}
        kit = Kit(self.registry, self.write, told.question, {"details": True} if style.get("form") == "details" else {})
        said = step(frame, kit, told.rounds)
        calls = [call for made in told.rounds for call in made]
        text = self.retell(said.text, calls, style) if isinstance(said, Said) else headlines(calls, told.question, style)
        again = replace(said, text=text) if isinstance(said, Said) else Said(text)
        return _final(again, frame.model_copy(update={"telling": None}), recalled=True)


def _calls(wanted: Sequence[Wanted], turn: Turn) -> AIMessage:
    first = turn.earlier_calls + sum(len(made) for made in turn.rounds) + 1
    calls = [{"name": w.tool, "args": dict(w.args), "id": f"call-{first + i}", "type": "tool_call"} for i, w in enumerate(wanted)]
    return AIMessage("", tool_calls=calls)


def _final(said: Said, frame: Frame | None, *, recalled: bool = False) -> AIMessage:
    """The text with what it leaves for the dialogue. A courtesy leaves the frame before it in place by leaving none."""
    remembered = (
        frame if frame is not None and frame.intent not in (Intent.GREETING, Intent.THANKS, Intent.HELP, Intent.OFF_TOPIC) else None
    )
    dialogue = Dialogue.model_validate(
        {
            "status": said.status,
            "candidates": said.candidates,
            "asked": said.asked,
            "frame": remembered,
            "about": said.about or (frame.elements if frame else ()),
            "listed": said.listed,
            "recalled": recalled,
        }
    )
    return AIMessage(said.text, additional_kwargs={"aeip": dialogue.as_kwargs()})
