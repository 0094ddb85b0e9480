"""Which passages may answer? Those valid on a day, of the documents and for the areas asked for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from knowledge.index.areas import holds_in
from knowledge.passage import Passage


def valid_on(passages: Sequence[Passage], day: date) -> list[int]:
    """Positions of what is in force; of one clause in several editions the newest of them."""
    begun = [at for at, passage in enumerate(passages) if passage.valid_from is None or passage.valid_from <= day]
    newest: dict[tuple[str, str], date] = {}
    for at in begun:
        key = (passages[at].document, passages[at].clause)
        newest[key] = max(newest.get(key, date.min), passages[at].valid_from or date.min)
    return [at for at in begun if (passages[at].valid_from or date.min) == newest[passages[at].document, passages[at].clause]]


def of_documents(passages: Sequence[Passage], pool: Iterable[int], documents: Collection[str]) -> list[int]:
    """Positions in the pool of passages of these documents; the pool where none are asked for."""
    return [at for at in pool if not documents or passages[at].document in documents]


def for_areas(passages: Sequence[Passage], pool: Iterable[int], areas: Collection[str]) -> list[int]:
    """Positions in the pool of passages that may be told for one of these areas; the pool where none are asked for."""
    return [at for at in pool if not areas or any(holds_in(passages[at], area) for area in areas)]
