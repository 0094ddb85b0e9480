"""Which passages share the question's words? BM25, and how much of the question each passage covers."""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.index.tokens import tokens
from knowledge.passage import Passage

if TYPE_CHECKING:
    from bm25s import BM25

_TITLE_COUNTS = 2  # a title's word says more of what a passage is about than one of its text


def searched_text(passage: Passage) -> str:
    """What of a passage the words are looked for in."""
    heading = f"{passage.title}. {' '.join(passage.tags)}. "
    return f"{heading * _TITLE_COUNTS}{passage.document} {passage.clause}. {passage.text}"


class Words:
    """The index of words over passages, in memory."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._found = [tokens(searched_text(passage)) for passage in passages]
        self._tokens = [frozenset(words) for words in self._found]
        self._seen = Counter(token for words in self._tokens for token in words)

    def scores(self, question: str) -> NDArray[np.float32]:
        """(passages,) BM25; 0 where no word is shared."""
        asked = [token for token in tokens(question) if token in self._seen]
        if not asked:
            return np.zeros(len(self._tokens), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(asked), dtype=np.float32)

    @cached_property
    def _bm25(self) -> "BM25":
        """Imported here: it brings numba, for which a question that names a clause need not wait."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells of every index it builds
        found = bm25s.BM25(method="lucene")
        found.index(self._found, show_progress=False)
        return found

    def coverage(self, asked: Collection[str], at: int) -> float:
        """Share of these words that the passage has, rare words counting more and words of no passage most; 0 without words."""
        wanted = {token: self.rarity(token) for token in asked}
        total = sum(wanted.values())
        return sum(weight for token, weight in wanted.items() if token in self._tokens[at]) / total if total else 0.0

    def has(self, token: str) -> bool:
        """Whether any passage has it."""
        return token in self._seen

    def rarity(self, token: str) -> float:
        """Inverse document frequency, as BM25 counts it."""
        seen = self._seen[token]
        return log(1 + (len(self._tokens) - seen + 0.5) / (seen + 0.5))
