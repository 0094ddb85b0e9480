"""The Ollama brain as a LangChain chat model: messages in, checked tool calls or a text out; the embedded brain where the model fails."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import ConfigDict

from agent.brains.author import Author, signed
from agent.brains.embedded.brain import EmbeddedBrain
from agent.brains.ollama.calls import Checked, checked
from agent.brains.ollama.client import Client, Reply, WritingStopped
from agent.brains.ollama.conversation import conversation, filled
from agent.brains.ollama.data_file import prompt
from agent.brains.ollama.endings import after_writing, answered, stopped
from agent.brains.ollama.failure import ModelFailed
from agent.brains.ollama.judge import text_problem
from agent.brains.ollama.reading import Reading, reading
from agent.brains.ollama.rescue import Wish
from agent.brains.ollama.router import chosen
from agent.brains.ollama.schema import function_schema
from agent.brains.ollama.tool import Tool
from agent.brains.ollama.turn import Turn, turn_of

EMBEDDED = "embedded"
MAX_STRIKES = 3  # unusable replies in a turn; the first two are told what was wrong
MAX_ROUNDS = 5  # rounds of calls in a turn; below the graph's own limit, so that an answer is asked for before it cuts off
_LONGEST_BACK = 1000  # characters of an unusable reply that the model is shown again


class OllamaBrain(BaseChatModel):
    """A language model that calls tools, held on a short rein. `fallback` reads every question first and answers where the model fails.

    It keeps no state: what a turn has used up stands with its messages (`agent.brains.author`).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    fallback: EmbeddedBrain
    tools: tuple[Tool, ...]
    plant_time: str

    @property
    def _llm_type(self) -> str:
        return "ollama"

    @property
    def name_of_brain(self) -> str:
        return f"ollama:{self.client.model}"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.reply(messages))])

    def reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The next message, signed by the brain that made it. A brain that has stepped in stays in charge until the turn ends."""
        turn = turn_of(messages)
        stepped_in = next((a for a in turn.authors if a.name == EMBEDDED), None)
        try:
            if turn.rewrite is not None:
                return self._rewritten(turn, by_model=stepped_in is None)
            if stepped_in is not None:
                return self._embedded(turn, stepped_in.note)
            if any(call.tool in self._writing for call in turn.calls):
                return signed(after_writing(turn, self._writing, self.fallback.write), Author(self.name_of_brain))
            return self._asked(turn, reading(turn.question, turn.before, self.fallback))
        except ModelFailed as failed:
            return self._embedded(turn, f"The language model {self.client.model} did not answer ({failed}); the embedded brain answered.")
        except WritingStopped as enough:
            return signed(stopped(str(enough)), Author(self.name_of_brain))

    @property
    def _writing(self) -> frozenset[str]:
        return frozenset(tool.name for tool in self.tools if tool.writes)

    def _asked(self, turn: Turn, read: Reading) -> AIMessage:
        """Ask until something usable comes. Raises ModelFailed after three unusable replies or a second circle."""
        strikes = max((a.strikes for a in turn.authors), default=0)
        before_s = spent_s = sum(a.seconds for a in turn.authors)
        offered = chosen(read, self.tools, self.fallback.meaning) if self._rounds(turn) < MAX_ROUNDS else ()
        messages = conversation(turn, self.name_of_brain, read, offered, self.fallback.registry, self.plant_time)
        messages += [] if offered else [HumanMessage(prompt("finish"))]
        while strikes < MAX_STRIKES:
            reply = self.client.ask(messages, [function_schema(tool) for tool in offered], spent_s)
            spent_s += reply.seconds
            found = self._judged(reply, offered, turn, read)
            if isinstance(found, AIMessage):
                return signed(found, Author(self.name_of_brain, "", strikes, round(spent_s - before_s, 3), free=not found.tool_calls))
            if found.repeated:
                offered, messages = (), [*messages, HumanMessage(prompt("finish"))]
                continue
            strikes += 1
            messages += _sent_back(reply, found.problem, offered)
        raise ModelFailed("nothing it said could be used")

    def _judged(self, reply: Reply, offered: Sequence[Tool], turn: Turn, read: Reading) -> AIMessage | Checked:
        """The next message of the turn, or what is wrong with the reply."""
        if not reply.wishes:
            problem = text_problem(reply.text, turn, read, self._writing)
            return Checked(problem=problem) if problem else answered(reply.text, turn, read)
        if not offered:
            raise ModelFailed("it went in circles")
        found = checked(reply.wishes, offered, turn.calls, (*turn.before, *turn.now), read, self.fallback.registry)
        return _calling(found.wishes, turn) if found.wishes else found

    def _rounds(self, turn: Turn) -> int:
        return sum(isinstance(m, AIMessage) and bool(m.tool_calls) for m in turn.by(self.name_of_brain))

    def _rewritten(self, turn: Turn, *, by_model: bool) -> AIMessage:
        """The text once more under an instruction, without tools. The embedded brain's stays as it is; no text where the model fails."""
        last = next(m for m in reversed(turn.now) if isinstance(m, AIMessage))
        if not by_model:
            return last
        read = reading(turn.question, turn.before, self.fallback)
        messages = conversation(turn, self.name_of_brain, read, (), self.fallback.registry, self.plant_time)
        try:
            reply = self.client.ask([*messages, HumanMessage(str(turn.rewrite))], (), sum(a.seconds for a in turn.authors))
        except ModelFailed:
            return last.model_copy(update={"content": "", "id": None})
        return last.model_copy(update={"content": "" if reply.wishes else reply.text, "id": None})

    def _embedded(self, turn: Turn, note: str) -> AIMessage:
        """The embedded brain's next message. It sees its own rounds of this turn only: it replays its plan with them."""
        message = self.fallback.reply([*turn.before, *turn.by(EMBEDDED)])
        return signed(message, Author(EMBEDDED, note))


def _calling(wishes: Sequence[Wish], turn: Turn) -> AIMessage:
    calls = [
        {"name": w.tool, "args": w.args, "id": f"model-{number}", "type": "tool_call"} for number, w in enumerate(wishes, turn.next_call)
    ]
    return AIMessage("", tool_calls=calls)


def _sent_back(reply: Reply, problem: str, offered: Sequence[Tool]) -> list[BaseMessage]:
    """What the model said, and what was wrong with it."""
    wanted = "; ".join(f"{wish.tool} {wish.args}" for wish in reply.wishes)[:_LONGEST_BACK]
    told = filled("repair", problem=problem, tools=", ".join(tool.name for tool in offered) or "none")
    return [AIMessage(reply.text[:_LONGEST_BACK] or wanted or "..."), HumanMessage(told)]
