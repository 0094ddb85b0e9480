"""Where do the vectors of a set of passages lie in Chroma? In a collection named by their content, in a folder or on a server.

A pointer file names the collection in use and the one before; what is older is dropped. Another content is another name, so that a
process that still searches the old one is not disturbed, and switching is replacing one small file.
"""

import fcntl
import json
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import DIMENSIONS

if TYPE_CHECKING:  # importing it takes a second, which a question that names a clause need not wait for
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

_HNSW: "CreateHNSWConfiguration" = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 200,
}
_BLOCK = 1000  # vectors that are handed over at a time; Chroma takes at most 5,461
_DIGITS = 6  # of a cosine; single precision has no more
_KEPT = 2  # the collection in use and the one before it
_log = logging.getLogger(__name__)

Build = Callable[[], NDArray[np.float32]]


class Shelf:
    """The collections of one data folder. Every method may raise whatever Chroma raises; what lies here can be built again."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder, self._server = folder, server
        self._pointer = folder / "collections.json"

    def opened(self, name: str, count: int, build: Build) -> "Collection":
        """The complete collection of this name; built from `build` (count, 384) where it is not there. A broken folder is built anew."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            return self._opened(name, count, build)
        except Exception as error:  # Chroma raises of many kinds for a damaged folder
            if self._server:
                raise
            _log.warning("The index of meaning in '%s' cannot be used (%s); it is built anew.", self._folder, " ".join(str(error).split()))
            self._discard()
            return self._opened(name, count, build)

    def _opened(self, name: str, count: int, build: Build) -> "Collection":
        client = self._client()
        with self._alone():
            collection = client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": _HNSW})
            if collection.count() != count:
                _fill(collection, build())
            nearest(collection, np.ones(DIMENSIONS, dtype=np.float32), 1, None)  # a damaged index shows when it is asked
            if self._names()[:1] != [name]:
                self._switch(client, name)
        return collection

    def _switch(self, client: "ClientAPI", name: str) -> None:
        """Point to the new collection, then drop what is two contents old."""
        before = [other for other in self._names() if other != name]
        kept, dropped = [name, *before][:_KEPT], [name, *before][_KEPT:]
        draft = self._pointer.with_suffix(f".{uuid.uuid4().hex}")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        os.replace(draft, self._pointer)
        for old in dropped:
            with suppress(Exception):  # another process was faster
                client.delete_collection(old)

    def _names(self) -> list[str]:
        try:
            return [str(name) for name in json.loads(self._pointer.read_text(encoding="utf-8"))]
        except (OSError, ValueError):
            return []

    def _client(self) -> "ClientAPI":
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if not self._server:
            return chromadb.PersistentClient(str(self._folder / "chroma"), settings=settings)
        server = urlsplit(self._server)
        port = server.port or (443 if server.scheme == "https" else 80)
        return chromadb.HttpClient(host=server.hostname or "", port=port, ssl=server.scheme == "https", settings=settings)

    def _discard(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()  # it would hand out the client of the broken folder again
        shutil.rmtree(self._folder / "chroma", ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process builds or drops meanwhile."""
        with (self._folder / ".collections.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def nearest(collection: "Collection", vector: NDArray[np.float32], places: int, pool: Sequence[int] | None) -> Mapping[int, float]:
    """Cosines of the nearest by position; `pool` None stands for all. One place more is looked for, to leave out whom chance let in.

    Of passages that are equally near Chroma gives any; where the last one found ties with others, all of them are left out.
    """
    count = collection.count() if pool is None else len(pool)
    ids = None if pool is None else [str(at) for at in pool]
    answer = collection.query(query_embeddings=[vector.tolist()], n_results=min(places + 1, count), ids=ids, include=["distances"])
    distances = (answer["distances"] or [[]])[0]
    found = {int(at): round(1.0 - float(distance), _DIGITS) for at, distance in zip(answer["ids"][0], distances, strict=True)}
    if len(found) == count:
        return found
    last = min(found.values())
    return {at: cosine for at, cosine in found.items() if cosine > last}


def _fill(collection: "Collection", vectors: NDArray[np.float32]) -> None:
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        collection.upsert(ids=[str(at) for at in range(start, start + len(block))], embeddings=block)
