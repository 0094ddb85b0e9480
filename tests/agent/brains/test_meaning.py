"""The sentence model is a help: nothing fails without it."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.brains.embedded.meaning import meaning
from knowledge import embedding


def test_without_the_model_the_assistant_asks_back(monkeypatch: pytest.MonkeyPatch, converse: Callable[..., Any]) -> None:
    """A missing model costs understanding, never an answer."""

    def missing() -> embedding.Encoder:
        raise ImportError("no such package")

    monkeypatch.setattr(embedding, "load_encoder", missing)
    embedding.forget_encoder()
    meaning.cache_clear()
    try:
        talk = converse()
        talk.ask("what on earth is up over there, mate")
        assert talk.told["status"] in ("needs_clarification", "answered", "refused")
    finally:
        embedding.forget_encoder()
        meaning.cache_clear()
