"""Which passages answer best? Words and meaning, each ranking for itself, fused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.index.asked import Asked
from knowledge.index.fusion import fused
from knowledge.index.meaning import PLACES, Meaning
from knowledge.index.words import Words

_WORDS_COUNT = 1.5  # times meaning; calibrated as `answered` is


@dataclass(frozen=True)
class Ranked:
    """A passage's position, its fused score, and how much of the question it has: share of the words, cosine; None where not compared."""

    at: int
    score: float
    coverage: float | None
    cosine: float | None


def ranked(asked: Asked, pool: Sequence[int], words: Words, meaning: Meaning | None, *, by_words: bool = True) -> list[Ranked]:
    """Best first. The whole question is compared; what it asks besides names is what a passage should cover."""
    cosines = meaning.nearest(asked.whole, pool) if meaning is not None else None
    rankings = [(_by_words(asked.whole, pool, words), _WORDS_COUNT)] if by_words else []
    if cosines is not None:
        rankings.append((sorted(cosines, key=lambda at: (-cosines[at], at)), 1.0))
    return [
        Ranked(at, score, words.coverage(asked.concepts, at) if by_words else None, _cosine(at, cosines)) for at, score in fused(rankings)
    ]


def _cosine(at: int, cosines: Mapping[int, float] | None) -> float | None:
    """What is not among the nearest is no nearer than the last of them."""
    return None if cosines is None else cosines.get(at, min(cosines.values(), default=0.0))


def _by_words(question: str, pool: Sequence[int], words: Words) -> list[int]:
    scores = words.scores(question)
    allowed = np.asarray(pool, dtype=np.intp)
    shared = allowed[scores[allowed] > 0]
    return [int(at) for at in shared[np.argsort(-scores[shared], kind="stable")][:PLACES]]
