"""Which passages may answer? Those valid on a day, of the documents and for the areas asked for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property, lru_cache

from knowledge.index.areas import Place, place_of
from knowledge.passage import Passage


class Filters:
    """Of one fixed set of passages; what is found for a day or an area is remembered, since thousands are looked at."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self.valid_on = lru_cache(maxsize=4)(self._valid_on)
        self.is_known = lru_cache(maxsize=256)(self._is_known)
        self._holding = lru_cache(maxsize=64)(self._holding_in)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where each passage holds."""
        return tuple(map(place_of, self._passages))

    def _valid_on(self, day: date) -> tuple[int, ...]:
        """Positions of what is in force; of one clause in several editions the newest of them."""
        begun = [at for at, passage in enumerate(self._passages) if passage.valid_from is None or passage.valid_from <= day]
        newest: dict[tuple[str, str], date] = {}
        for at in begun:
            newest[self._clause(at)] = max(newest.get(self._clause(at), date.min), self._start(at))
        return tuple(at for at in begun if self._start(at) == newest[self._clause(at)])

    def of_documents(self, pool: Iterable[int], documents: Collection[str]) -> list[int]:
        """Positions in the pool of passages of these documents; the pool where none are asked for."""
        return [at for at in pool if not documents or self._passages[at].document in documents]

    def for_areas(self, pool: Iterable[int], areas: Collection[str]) -> list[int]:
        """Positions in the pool of passages that may be told for one of these areas; the pool where none are asked for."""
        if not areas:
            return list(pool)
        holding = frozenset[int]().union(*(self._holding(area) for area in areas))
        return [at for at in pool if at in holding]

    def _is_known(self, area: str) -> bool:
        """Whether any passage is about the area."""
        return any(place.is_about(area) for place in self.places)

    def _holding_in(self, area: str) -> frozenset[int]:
        return frozenset(at for at, place in enumerate(self.places) if place.holds_in(area))

    def _clause(self, at: int) -> tuple[str, str]:
        return self._passages[at].document, self._passages[at].clause

    def _start(self, at: int) -> date:
        return self._passages[at].valid_from or date.min
