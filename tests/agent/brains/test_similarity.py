"""Similarity to example utterances: only the published weights are used, and doubt is decided by them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.brains.embedded import similarity
from agent.brains.embedded.frame import Intent
from agent.brains.embedded.vocabulary import data_file
from tools.topology import Query


def test_utterances_belong_to_intents() -> None:
    """Every heading is an intent, or a capability that is not built; the everyday intents have at least ten examples."""
    known = {i.value for i in Intent} | {f"unbuilt:{name}" for name in data_file("replies.yaml")["unbuilt_what"]}
    known |= {f"topology:{query}" for query in Query}
    utterances = data_file("utterances.yaml")
    assert set(utterances) <= known
    assert all(len(texts) >= 10 for name, texts in utterances.items() if ":" not in name)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A file that is not the published model is not loaded."""
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"something else")
    with pytest.raises(ValueError, match="published model"):
        similarity.check_weights(file)


def test_without_the_model_the_assistant_asks_back(monkeypatch: pytest.MonkeyPatch, converse: Callable[..., Any]) -> None:
    """A missing model costs understanding, never an answer."""

    def missing() -> similarity.Encoder:
        raise ImportError("no such package")

    monkeypatch.setattr(similarity, "load_encoder", missing)
    similarity._examples.cache_clear()
    similarity.similarities.cache_clear()
    try:
        talk = converse()
        talk.ask("what on earth is up over there, mate")
        assert talk.told["status"] in ("needs_clarification", "answered")
    finally:
        similarity._examples.cache_clear()
        similarity.similarities.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("which equipment is nearly at its maximum", "loadings"),
        ("how much evaporates on the way", "losses"),
        ("tell me a bedtime story", "off_topic"),
    ],
)
def test_nearest_utterances(question: str, intent: str) -> None:
    """The intent of the most similar utterance is the right one."""
    found = similarity.similarities(question)
    assert max(found, key=lambda name: found[name]).split(":")[0] == intent
