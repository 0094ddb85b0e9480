"""What do grid codes, guides, procedures and added documents say to a question? The one door of the knowledge base."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from knowledge.clauses import load_clauses
from knowledge.embedding import Encoder, encoder
from knowledge.found import Found
from knowledge.index.meaning import PassageMeaning
from knowledge.index.search import Search
from knowledge.passage import Passage, passage_of
from knowledge.vectors import Progress, no_progress


class Added(Protocol):
    """What users added: the passages of this moment, and a version that changes with them."""

    @property
    def version(self) -> str: ...

    def passages(self) -> tuple[Passage, ...]: ...


class Nothing:
    """No document was added."""

    version = ""

    def passages(self) -> tuple[Passage, ...]:
        return ()


class Library:
    """Thread-safe. Reads nothing before it is asked; what is added later is found by the next question. `model` None: words alone."""

    def __init__(
        self,
        folder: Path,
        passages: Sequence[Passage] | None = None,
        *,
        server: str | None = None,
        added: Added | None = None,
        model: Callable[[], Encoder | None] | None = encoder,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._folder, self._shipped, self._server, self._model = folder, passages, server, model
        self._added, self._today = added or Nothing(), today
        self._lock = threading.Lock()
        self._search: tuple[str, Search] | None = None

    def search(
        self, query: str, *, document: str | None = None, jurisdiction: str | None = None, on: date | None = None, top: int = 5
    ) -> Found:
        """The passages that answer, at most `top`, of clauses valid on the day `on` (today where None). An odd query is no error."""
        return self._current().found(query, document, jurisdiction, on or self._today(), max(top, 1))

    def prepare(self, progress: Progress = no_progress) -> None:
        """Encode what is new, and build and open what a question would wait for; `progress` is told how many passages are encoded."""
        self._current().prepare(progress)

    def _current(self) -> Search:
        with self._lock:
            version = self._added.version
            if self._search is None or self._search[0] != version:
                shipped = tuple(map(passage_of, load_clauses().values())) if self._shipped is None else tuple(self._shipped)
                self._search = (version, self._of((*shipped, *self._added.passages())))
            return self._search[1]

    def _of(self, passages: Sequence[Passage]) -> Search:
        if self._model is None:
            return Search(passages)
        return Search(passages, PassageMeaning(passages, self._folder, self._server, self._model))
