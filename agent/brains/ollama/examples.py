"""Few-shot by retrieval: which example questions are like this one, and which calls were right for them?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.brains.embedded.classifier import masked
from agent.brains.ollama.data_file import yaml_file
from agent.brains.ollama.reading import Reading
from agent.brains.ollama.tool import Tool
from knowledge.embedding import Encoder, encoder

SHOWN = 4
_SAME_TOOL = 1.0  # as much as all words being the same


@dataclass(frozen=True)
class Example:
    """A question with names as 'Line A', and the calls that are right for it."""

    say: str
    calls: tuple[tuple[str, dict[str, Any]], ...]

    @property
    def line(self) -> str:
        """As the prompt shows it."""
        calls = "; ".join(f"{tool} {json.dumps(args, ensure_ascii=False)}" for tool, args in self.calls)
        return f'"{self.say}" -> {calls}'


@lru_cache
def examples() -> tuple[Example, ...]:
    rows = yaml_file("examples.yaml")
    return tuple(Example(str(r["say"]), tuple((str(c["tool"]), dict(c.get("args") or {})) for c in r["calls"])) for r in rows)


def nearest(reading: Reading, offered: Sequence[Tool]) -> tuple[Example, ...]:
    """The examples most like the question that use only offered tools; by words where the grammar is clear, by MiniLM where it is not."""
    names = {tool.name for tool in offered}
    usable = [e for e in examples() if all(tool in names for tool, _ in e.calls)]
    question = masked(reading.sentence)
    scores = _by_words(question, usable, reading.studies) if reading.studies else _by_similarity(question, usable)
    ranked = sorted(zip(scores, usable, strict=True), key=lambda pair: -pair[0])
    return tuple(example for _, example in ranked[:SHOWN])


def _by_words(question: str, usable: Sequence[Example], tools: Sequence[str]) -> list[float]:
    """Shared words over all words, and whether the first call is one that the embedded brain would make."""
    words = set(question.casefold().split())
    others = [set(e.say.casefold().strip("?.").split()) for e in usable]
    shared = [len(words & other) / len(words | other) for other in others]
    return [s + _SAME_TOOL * (e.calls[0][0] in tools) for s, e in zip(shared, usable, strict=True)]


def _by_similarity(question: str, usable: Sequence[Example]) -> list[float]:
    """Cosines; shared words where the embedding model cannot be used."""
    vectors = _vectors()
    if vectors is None:
        return _by_words(question, usable, ())
    model, known = vectors
    at = {e.say: i for i, e in enumerate(examples())}
    cosines = known @ model([question])[0]
    return [float(cosines[at[e.say]]) for e in usable]


@lru_cache(maxsize=1)
def _vectors() -> tuple[Encoder, NDArray[np.float32]] | None:
    model = encoder()
    return None if model is None else (model, model([e.say for e in examples()]))
