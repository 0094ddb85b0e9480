"""Which passages mean what a question means? Nearest vectors in Chroma; compared one by one where Chroma cannot be used."""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import MODEL_SHA256, Encoder
from knowledge.index.collection import Shelf, nearest
from knowledge.passage import Passage
from knowledge.vectors import Progress, Vectors, no_progress

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

PLACES = 50
_AT_ONCE = 128  # passages that a question waits for; about ten seconds
_REMEMBERED = 512  # questions
_log = logging.getLogger(__name__)


class Meaning(Protocol):
    """Passages by meaning."""

    def nearest(self, question: str, pool: Sequence[int]) -> Mapping[int, float] | None:
        """Cosines of the passages of the pool nearest to a question, by position; None where the meaning is not known."""
        ...

    def likeness(self, question: str, texts: Sequence[str]) -> Sequence[float] | None:
        """Cosines of texts with a question; None where the meaning is not known."""
        ...

    @property
    def silence(self) -> str:
        """Why `nearest` gives None; empty where it does not."""
        ...

    def prepare(self, progress: Progress = no_progress) -> None:
        """Do now what a question would wait for, or would do without."""
        ...


class PassageMeaning:
    """Of one fixed set of passages. Thread-safe; nothing is loaded before the first question, which waits for the model and the index.

    No question waits for many passages that nobody has encoded yet: until `prepare` has done it, the meaning is not known.
    """

    def __init__(self, passages: Sequence[Passage], folder: Path, server: str | None, model: Callable[[], Encoder | None]) -> None:
        self._texts = [understood_text(passage) for passage in passages]
        self._vectors, self._shelf = Vectors(folder / "vectors" / "vectors.db"), Shelf(folder, server)
        self._model, self._lock = model, threading.Lock()
        self._collection: Collection | None = None
        self._told, self._waiting = False, True
        self._question = lru_cache(maxsize=_REMEMBERED)(self._encoded)

    def nearest(self, question: str, pool: Sequence[int]) -> Mapping[int, float] | None:
        """As `Meaning.nearest`."""
        if self.silence or (vector := self._question(question)) is None:
            return None
        among = None if len(pool) == len(self._texts) else pool
        for anew in (False, True):  # once more: another process may have dropped the collection that this one has open
            try:
                return nearest(self._opened(anew=anew), vector, PLACES, among) if pool else {}
            except Exception as error:  # Chroma raises of many kinds
                reason = " ".join(str(error).split())
        self._tell(reason)
        return self._one_by_one(vector, pool)

    def likeness(self, question: str, texts: Sequence[str]) -> Sequence[float] | None:
        """As `Meaning.likeness`."""
        model, vector = self._model(), self._question(question)
        return None if model is None or vector is None else [float(cosine) for cosine in model(list(texts)) @ vector]

    @property
    def silence(self) -> str:
        """As `Meaning.silence`."""
        if self._model() is None:
            return "the sentence model cannot be used"
        if self._waiting:
            self._waiting = self._vectors.missing(self._texts) > _AT_ONCE  # another process may have encoded them
        return "many new passages have not been encoded yet; the next `aeip knowledge add` or start does it" if self._waiting else ""

    def prepare(self, progress: Progress = no_progress) -> None:
        """As `Meaning.prepare`."""
        if self._model() is not None:
            self._vectors.of(self._texts, self._model, progress)
            self.nearest("", range(len(self._texts)))

    @cached_property
    def name(self) -> str:
        """Of the collection: other texts, another order or another model have another one."""
        digest = hashlib.sha256(MODEL_SHA256.encode())
        for text in self._texts:
            digest.update(hashlib.sha256(text.encode()).digest())
        return f"aeip_kb_{digest.hexdigest()[:16]}"

    def _encoded(self, question: str) -> NDArray[np.float32] | None:
        model = self._model()
        return None if model is None else model([question])[0]

    def _opened(self, *, anew: bool) -> "Collection":
        with self._lock:
            if self._collection is None or anew:
                self._collection = self._shelf.opened(self.name, len(self._texts), lambda: self._all)
            return self._collection

    @cached_property
    def _all(self) -> NDArray[np.float32]:
        return self._vectors.of(self._texts, self._model)

    def _one_by_one(self, vector: NDArray[np.float32], pool: Sequence[int]) -> Mapping[int, float]:
        """The same, exactly, without an index."""
        cosines = self._all[np.asarray(pool, dtype=np.intp)] @ vector
        return {pool[int(i)]: float(cosines[i]) for i in np.argsort(-cosines, kind="stable")[:PLACES]}

    def _tell(self, reason: str) -> None:
        if not self._told:
            self._told = True
            _log.warning("The index of meaning cannot be used (%s); vectors are compared one by one.", reason)


def understood_text(passage: Passage) -> str:
    """What of a passage is encoded: where it stands, what it is about and what it says."""
    return ". ".join(part for part in (passage.document, passage.title, ", ".join(passage.tags), passage.text) if part)
