"""A language model that says what it is told to: for liars, and for everything that must hold whatever the brain says."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import JsonValue, PrivateAttr

from grid_models.errors import AeipError


class ScriptEnded(AeipError):
    """The model was asked more often than its script has replies."""


class ScriptedModel(BaseChatModel):
    """Replays `replies` in order; `seen` keeps what it was shown each time."""

    replies: list[AIMessage]
    _seen: list[list[BaseMessage]] = PrivateAttr(default_factory=list)

    @property
    def seen(self) -> Sequence[Sequence[BaseMessage]]:
        return self._seen

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        if len(self._seen) >= len(self.replies):
            raise ScriptEnded(f"The scripted model has {len(self.replies)} replies and was asked once more; a longer script would work.")
        reply = self.replies[len(self._seen)]
        self._seen.append(list(messages))
        return ChatResult(generations=[ChatGeneration(message=reply)])


def calling(tool: str, **args: JsonValue) -> AIMessage:
    """A reply that wants one tool run."""
    return AIMessage("", tool_calls=[{"name": tool, "args": args, "id": f"wanted-{tool}", "type": "tool_call"}])
