"""Which texts have been understood before? Vectors by content hash in one SQLite file, so that no text is encoded twice.

SQLite and not one array file, though that is read faster (0.01 s against 0.4 s for 5,000): several processes may add at once, an
interrupted build keeps what it has, and nothing is rewritten. It is read when the index is built, not at a question.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grid_models.errors import AeipError
from knowledge.embedding import DIMENSIONS, Encoder
from knowledge.shipped_vectors import key_of, shipped

_BLOCK = 64  # texts that are encoded and kept at a time: what an interruption may lose
_BUSY_S = 30.0
_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


class NoModel(AeipError):
    """A text has no vector yet, and none can be calculated."""


class Vectors:
    """A cache: a file that cannot be read is replaced, which is logged; without a writable folder everything is encoded anew."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def missing(self, texts: Sequence[str]) -> int:
        """How many texts have no vector yet."""
        return len({key_of(text) for text in texts} - self._known([key_of(text) for text in texts]).keys())

    def of(self, texts: Sequence[str], encoder: Callable[[], Encoder | None], progress: Progress = no_progress) -> NDArray[np.float32]:
        """(texts, 384) unit vectors; `encoder` is asked only where one is missing. Raises NoModel where it is needed and cannot be had."""
        keys = [key_of(text) for text in texts]
        known = self._known(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            known |= self._encoded(missing, encoder(), progress)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def _encoded(self, missing: dict[bytes, str], model: Encoder | None, progress: Progress) -> dict[bytes, NDArray[np.float32]]:
        if model is None:
            raise NoModel("Passages cannot be compared by meaning: the sentence model cannot be used.")
        found: dict[bytes, NDArray[np.float32]] = {}
        rest = sorted(missing.items(), key=lambda item: (len(item[1]), item[0]))  # alike lengths together: less padding
        for start in range(0, len(rest), _BLOCK):
            keys, texts = zip(*rest[start : start + _BLOCK], strict=True)
            fresh = dict(zip(keys, model(list(texts)), strict=True))
            self.keep(fresh)
            found |= fresh
            progress(len(found), len(rest))
        return found

    def _known(self, keys: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """From what ships, else from the file."""
        ours = {key: vector for key in keys if (vector := shipped().get(key)) is not None}
        return ours | self._read([key for key in keys if key not in ours])

    def _read(self, keys: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
        try:
            with closing(self._open()) as database:
                rows = [row for key in set(keys) for row in database.execute("SELECT key, vector FROM vectors WHERE key = ?", (key,))]
                found = {bytes(key): np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
        except sqlite3.DatabaseError as error:
            self._replace(error)
            return {}
        return {key: vector for key, vector in found.items() if vector.shape == (DIMENSIONS,)}

    def keep(self, fresh: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Vectors by the keys of their texts, for the next time."""
        try:
            with closing(self._open()) as database, database:
                database.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)", [(key, vector.tobytes()) for key, vector in fresh.items()]
                )
        except sqlite3.DatabaseError as error:
            _log.warning("The vectors cannot be kept in '%s' (%s); they are calculated again at the next start.", self._file, error)

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._file, timeout=_BUSY_S)
        database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return database

    def _replace(self, error: Exception) -> None:
        _log.warning("The file of vectors '%s' cannot be read (%s); it is built anew.", self._file, error)
        if not isinstance(error, sqlite3.OperationalError):  # locked or read-only: leave it to whoever has it
            self._file.unlink(missing_ok=True)
