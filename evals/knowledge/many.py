"""Thousands of passages for the bench, made of those that ship: other orders of their sentences, vectors near theirs; always the same."""

from collections.abc import Iterator, Sequence
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from knowledge.clauses import load_clauses
from knowledge.index.sentences import sentences
from knowledge.passage import Passage, passage_of

_SPREAD = 0.02  # of a component of a vector of 384: variants of one passage have a cosine of about 0.93 with it
_SEED = 9


def many_passages(wanted: int) -> list[Passage]:
    """What ships first, then its passages with their sentences turned around, from documents of their own."""
    shipped = [passage_of(clause) for clause in load_clauses().values()]
    return list(islice(_endless(shipped), wanted))


def many_vectors(own: NDArray[np.float32], wanted: int) -> NDArray[np.float32]:
    """(wanted, 384) unit vectors: `own`, of what ships, again and again with noise; encoding the variants would take minutes."""
    rows = own[np.arange(wanted) % len(own)].copy()
    rows[len(own) :] += np.random.default_rng(_SEED).normal(0.0, _SPREAD, (wanted - len(own), rows.shape[1])).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _endless(shipped: Sequence[Passage]) -> Iterator[Passage]:
    yield from shipped
    for turn in count(1):
        for passage in shipped:
            told = sentences(passage.text)
            by = turn % len(told)
            text = " ".join((*told[by:], *told[:by]))
            named = {"id": f"{passage.id}-{turn}", "document": f"Manual {turn}", "source": f"manual-{turn}.pdf", "verified": "user"}
            yield passage.model_copy(update={**named, "text": text, "facts": {}})
