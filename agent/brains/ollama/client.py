"""One request to the model: streamed, so that silence, slowness and a stop are noticed, and read into a text and wishes for calls."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from pydantic import JsonValue

from agent.brains.ollama.failure import ModelFailed, reason
from agent.brains.ollama.rescue import Wish, rescued
from agent.brains.ollama.thinking import spoken
from grid_models.errors import AeipError

if TYPE_CHECKING:
    from langchain_ollama import ChatOllama

_CONNECT_S = 1.0
_TELL_EVERY_S = 0.3


class WritingStopped(AeipError):
    """The person stopped the model."""


@dataclass(frozen=True)
class Reply:
    """What the model said, without thoughts, or the calls it wants; `seconds` it took."""

    text: str
    wishes: tuple[Wish, ...]
    seconds: float


@dataclass(frozen=True)
class Client:
    """`total_s`: for all requests of a turn; `chunk_s`: the longest silence. `on_event` hears how much was written, never what."""

    model: str
    url: str
    context_tokens: int
    total_s: float
    chunk_s: float
    on_event: Callable[[dict[str, JsonValue]], None] = field(default=lambda event: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)

    def ask(self, messages: Sequence[BaseMessage], schemas: Sequence[dict[str, Any]], spent_s: float) -> Reply:
        """Raises ModelFailed with the reason, WritingStopped when the person has had enough."""
        began = time.monotonic()
        try:
            whole = self._streamed(messages, schemas, began + self.total_s - spent_s)
        except (ModelFailed, WritingStopped):
            raise
        except Exception as error:  # whatever a server sends must end in an answer of the embedded brain
            raise ModelFailed(reason(error, self.model, self.url, self.chunk_s)) from error
        text = spoken(str(whole.text))
        made = tuple(Wish(call["name"], dict(call["args"])) for call in whole.tool_calls)
        return Reply(text, made or rescued(text), time.monotonic() - began)

    def _streamed(self, messages: Sequence[BaseMessage], schemas: Sequence[dict[str, Any]], deadline: float) -> AIMessageChunk:
        chat = _chat(self.model, self.url, self.context_tokens, self.chunk_s)
        whole: AIMessageChunk | None = None
        written, told = 0, time.monotonic()
        self._look(deadline)
        for chunk in chat.stream(list(messages), tools=list(schemas)) if schemas else chat.stream(list(messages)):
            self._look(deadline)
            assert isinstance(chunk, AIMessageChunk)
            whole = chunk if whole is None else whole + chunk
            written += len(str(chunk.text))
            if time.monotonic() - told >= _TELL_EVERY_S:
                told = time.monotonic()
                self.on_event({"type": "writing", "model": self.model, "characters": written})
        return _complete(whole)

    def _look(self, deadline: float) -> None:
        """Between chunks: has the person had enough, or has it taken too long?"""
        if self.cancelled():
            raise WritingStopped("The language model was stopped before it had answered; ask again to have its answer.")
        if time.monotonic() > deadline:
            raise ModelFailed(f"it took longer than {self.total_s:g} s")


def _complete(whole: AIMessageChunk | None) -> AIMessageChunk:
    """A stream that ends without saying so was cut: half an answer is none."""
    ended: Mapping[str, Any] = whole.response_metadata if whole is not None else {}
    if whole is None or not ended.get("done"):
        raise ModelFailed("its answer broke off")
    if ended.get("done_reason") == "length":
        raise ModelFailed("its answer did not fit into its context; AEIP_OLLAMA_CONTEXT_TOKENS sets a larger one")
    return whole


@lru_cache(maxsize=8)
def _chat(model: str, url: str, context_tokens: int, chunk_s: float) -> "ChatOllama":
    """Built once and used by every turn; nothing is asked of the server yet. Proxies of the environment are not for a model at hand."""
    import httpx
    from langchain_ollama import ChatOllama

    patience = httpx.Timeout(chunk_s, connect=min(_CONNECT_S, chunk_s))
    return ChatOllama(
        model=model,
        base_url=url,
        temperature=0,
        num_ctx=context_tokens,
        client_kwargs={"timeout": patience, "trust_env": False},
    )
