"""Which passages answer best? Words and meaning, each ranking for itself, fused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge.index.fusion import fused
from knowledge.index.words import Words

_DEPTH = 50  # places of each ranking that are fused


class Meaning(Protocol):
    """Passages by meaning."""

    def nearest(self, question: str, pool: Collection[int] | None) -> Mapping[int, float]:
        """Cosines of the passages nearest to a question, by position; `pool` None stands for all."""
        ...


@dataclass(frozen=True)
class Ranked:
    """A passage's position, its fused score, and how much of the question it has: share of the words, cosine (None without meaning)."""

    at: int
    score: float
    coverage: float
    cosine: float | None


def ranked(question: str, words_asked: str, pool: Sequence[int], words: Words, meaning: Meaning | None) -> list[Ranked]:
    """Best first. `question` is compared by meaning and words; `words_asked`, what it asks besides names, is what passages cover."""
    rankings = [_by_words(question, pool, words)]
    cosines: Mapping[int, float] = {}
    if meaning is not None:
        cosines = meaning.nearest(question, pool)
        rankings.append(sorted(cosines, key=lambda at: (-cosines[at], at))[:_DEPTH])
    least = min(cosines.values(), default=0.0)  # what is not among the nearest is no nearer than the last of them
    return [
        Ranked(at, score, words.coverage(words_asked, at), cosines.get(at, least) if meaning is not None else None)
        for at, score in fused(rankings)
    ]


def _by_words(question: str, pool: Sequence[int], words: Words) -> list[int]:
    scores = words.scores(question)
    allowed = np.asarray(pool, dtype=np.intp)
    shared = allowed[scores[allowed] > 0]
    return [int(at) for at in shared[np.argsort(-scores[shared], kind="stable")][:_DEPTH]]
