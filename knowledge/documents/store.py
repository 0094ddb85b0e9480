"""Which documents have users added? `Store`: add, replace, remove, list, and the passages to search in."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from knowledge.documents import shelf
from knowledge.documents.intake import READER, content_of, id_of, taken_in
from knowledge.documents.outcome import Document, Outcome
from knowledge.documents.reading import Limits, Progress, unwatched
from knowledge.errors import UnknownDocument, UnreadableDocument
from knowledge.passage import Passage

_SETTLED_S = 0.1  # a folder that changed later than this may change again within one tick of its time stamp

_DAMAGED = "A stored document is damaged and left out (%s): remove that file and add the document again."

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The documents of one folder; any number of processes may use it at once."""

    def __init__(self, folder: Path, limits: Limits | None = None, now: Callable[[], datetime] = _utc_now) -> None:
        self._folder, self._limits, self._now = folder, limits or Limits(), now
        self._seen: tuple[int, str] | None = None

    def add(self, path: Path, progress: Progress = unwatched) -> Outcome:
        """Take in one file; nothing about it raises: a file that cannot be read is `refused` and whatever it replaced stays."""
        began = time.monotonic()
        source = Path(path).absolute()
        try:
            outcome = self._added(source, progress)
        except UnreadableDocument as error:
            outcome = Outcome(path=str(path), status="refused", sentence=f"'{source.name}' was not added: {error}.")
        except OSError as error:
            reason = error.strerror or str(error)
            words = (
                f"'{source.name}' was not added: the folder of documents cannot be written ({reason}); with room and permission it would."
            )
            outcome = Outcome(path=str(path), status="refused", sentence=words)
        return outcome.model_copy(update={"elapsed_s": round(time.monotonic() - began, 3)})

    def remove(self, name: str) -> Document:
        """By id or the beginning of one, file name, title or path. Raises UnknownDocument, also where several fit."""
        with shelf.alone(self._folder):
            document = _the_one(self.documents(), name)
            shelf.delete(self._folder, document)
        return document

    def documents(self) -> tuple[Document, ...]:
        """What is stored, by name. A damaged file is left out and logged."""
        heads = [(path, shelf.head_of(path)) for path in shelf.stored_files(self._folder)]
        for path, head in heads:
            if head is None and path.exists():
                _log.warning(
                    "A stored document cannot be read and is left out (%s): remove that file and add the document again.", path.name
                )
        return tuple(sorted((head[0] for _, head in heads if head), key=lambda document: (document.name, document.path)))

    def passages(self) -> tuple[Passage, ...]:
        """Of all documents, each with an id of its own. A damaged file is left out and logged."""
        found: dict[str, Passage] = {}
        for path in shelf.stored_files(self._folder):
            passages = shelf.passages_of(path)
            if passages is None and path.exists():
                _log.warning(
                    "A stored document is damaged and is not searched (%s): remove that file and add the document again.", path.name
                )
            found |= {passage.id: passage for passage in passages or ()}
        return tuple(found.values())

    @property
    def version(self) -> str:
        """Equal when what is stored is equal. Cheap while nothing changes: it may be asked before every search."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except OSError:
            return _digest(())
        if self._seen and self._seen[0] == changed:
            return self._seen[1]
        heads = [(path.name, shelf.head_of(path)) for path in shelf.stored_files(self._folder)]
        version = _digest(f"{name} {head[1]}" for name, head in heads if head)
        settled = time.time_ns() - changed > _SETTLED_S * 1e9
        self._seen = (changed, version) if settled else None
        return version

    def _added(self, source: Path, progress: Progress) -> Outcome:
        data = content_of(source, self._limits)
        if outcome := self._nothing_new(source, id_of(data)):
            return outcome
        document, passages = taken_in(data, source, self._limits, self._now(), progress)  # long, so others may write meanwhile
        with shelf.alone(self._folder):
            if outcome := self._already(source, document.id):
                return outcome
            before = shelf.head_of(shelf.file_of(self._folder, document.path))
            shelf.write(self._folder, document, passages)
        status: Literal["replaced", "added"] = "replaced" if before else "added"
        return Outcome(path=str(source), status=status, sentence=self._words(document, status), document=document)

    def _nothing_new(self, source: Path, document_id: str) -> Outcome | None:
        """Without a lock where nothing is stored yet: the folder is made by the first document that can be read."""
        if not self._folder.exists():
            return None
        with shelf.alone(self._folder):
            return self._already(source, document_id)

    def _already(self, source: Path, document_id: str) -> Outcome | None:
        """The same content is stored: from this file, or from another, whose twin this file has become."""
        same = [document for document in self.documents() if document.id == document_id]
        if any(document.path == str(source) for document in same):
            document = next(document for document in same if document.path == str(source))
            if document.reader != READER:
                return None
            words = f"'{source.name}' is stored already and has not changed."
            return Outcome(path=str(source), status="unchanged", sentence=words, document=document)
        if not same:
            return None
        before = shelf.head_of(shelf.file_of(self._folder, str(source)))
        if before:
            shelf.delete(self._folder, before[0])
        words = f"'{source.name}' has the same content as '{same[0].name}' ({same[0].path}), which is stored already."
        more = " What was stored from it before was removed." if before else ""
        return Outcome(path=str(source), status="duplicate", sentence=words + more, document=same[0])

    def _words(self, document: Document, status: str) -> str:
        pages = f"{document.pages:,} pages, " if document.pages else ""
        marked = (
            f" {document.suspicious} of them hold text that reads like instructions to an assistant; it is marked."
            if document.suspicious
            else ""
        )
        notes = "".join(f" {note}" for note in document.notes)
        return f"'{document.name}' was {status}: {pages}{document.passages:,} passages.{marked}{notes}{self._elder(document)}"

    def _elder(self, document: Document) -> str:
        """A stored document of this name whose file is gone is likely this one before it was moved and changed."""
        elders = [d for d in self.documents() if d.name == document.name and d.path != document.path and not Path(d.path).exists()]
        if not elders:
            return ""
        return f" An older '{elders[0].name}' is stored too, from {elders[0].path}; `aeip knowledge remove {elders[0].id}` removes it."


def _the_one(documents: Sequence[Document], name: str) -> Document:
    wanted = name.strip()
    fits: list[Document] = []
    for exact in (True, False):
        fits = fits or [document for document in documents if _is_named(document, wanted, exact)]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise UnknownDocument(f"'{wanted}' names {len(fits)} documents; an id works: {', '.join(f'{d.id} ({d.path})' for d in fits[:10])}.")
    near = get_close_matches(wanted, [document.name for document in documents], n=3)
    hint = f"the nearest are {', '.join(near)}" if near else "`aeip knowledge list` shows what is"
    raise UnknownDocument(f"No document '{wanted}' is stored; {hint}.")


def _is_named(document: Document, wanted: str, exact: bool) -> bool:
    if exact:
        return wanted in (document.id, document.name, document.path, document.title)
    return (len(wanted) >= 4 and document.id.startswith(wanted)) or document.name.casefold() == wanted.casefold()


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
