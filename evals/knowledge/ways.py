"""Three ways to search the same passages: by words only, by meaning only, and as the product does, by both."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge.clauses import load_clauses
from knowledge.embedding import encoder
from knowledge.index.meaning import PassageMeaning
from knowledge.index.search import Search
from knowledge.passage import Passage, passage_of


def ways(folder: Path, passages: Sequence[Passage] | None = None) -> Mapping[str, Search]:
    """By name. Clauses that are named, filters and the judgement whether something answers are the product's in each of them."""
    stored = tuple(map(passage_of, load_clauses().values())) if passages is None else tuple(passages)
    meaning = PassageMeaning(stored, folder, None, encoder)
    return {"words": Search(stored), "meaning": Search(stored, meaning, by_words=False), "fused": Search(stored, meaning)}
