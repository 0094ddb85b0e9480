"""The sentence model: only the published weights are used, and nothing fails without it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.brains.embedded import meaning


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A file that is not the published model is not loaded."""
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"something else")
    with pytest.raises(ValueError, match="published model"):
        meaning.check_weights(file)


def test_without_the_model_the_assistant_asks_back(monkeypatch: pytest.MonkeyPatch, converse: Callable[..., Any]) -> None:
    """A missing model costs understanding, never an answer."""

    def missing() -> meaning.Encoder:
        raise ImportError("no such package")

    monkeypatch.setattr(meaning, "load_encoder", missing)
    meaning.encoder.cache_clear()
    meaning.meaning.cache_clear()
    try:
        talk = converse()
        talk.ask("what on earth is up over there, mate")
        assert talk.told["status"] in ("needs_clarification", "answered", "refused")
    finally:
        meaning.encoder.cache_clear()
        meaning.meaning.cache_clear()
