"""Which documents have users added? `Store`: add, replace, remove, list, and the passages to search in."""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from knowledge.documents import shelf
from knowledge.documents.intake import READER, content_of, id_of, taken_in
from knowledge.documents.legible import legible_path
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
        self._folder, self.limits, self._now = folder, limits or Limits(), now
        self._seen: tuple[int, str] | None = None
        self._remembered: dict[str, Document] | None = None

    def add(self, path: Path, progress: Progress = unwatched) -> Outcome:
        """Take in one file; nothing about it raises: a file that cannot be read is `refused` and whatever it replaced stays."""
        began = time.monotonic()
        named = Path(legible_path(Path(os.path.abspath(path))))
        try:
            outcome = self._added(path, named, progress)
        except UnreadableDocument as error:
            outcome = Outcome(path=str(named), status="refused", sentence=f"'{named.name}' was not added: {error}.")
        except OSError as error:
            why = f"the folder of documents cannot be written ({error.strerror or error}); with room and permission it would work"
            outcome = Outcome(path=str(named), status="refused", sentence=f"'{named.name}' was not added: {why}.")
        _log.info("%s", outcome.sentence)
        return outcome.model_copy(update={"elapsed_s": round(time.monotonic() - began, 3)})

    def remove(self, name: str) -> Document:
        """By id or the beginning of one, file name, title or path; its copies go, too. Raises UnknownDocument, also where several fit."""
        with shelf.alone(self._folder):
            document = _the_one(self.documents(), name)
            for path in (document.path, *document.copies):
                shelf.delete(self._folder, path)
        return document

    def documents(self) -> tuple[Document, ...]:
        """What is stored, by name, equal content once. A damaged file is left out and logged."""
        found: dict[str, list[Document]] = {}
        for document, _ in self._heads():
            found.setdefault(document.id, []).append(document)
        distinct = (first.model_copy(update={"copies": tuple(d.path for d in others)}) for first, *others in found.values())
        return tuple(sorted(distinct, key=lambda document: (document.name, document.path)))

    def passages(self) -> tuple[Passage, ...]:
        """Of all documents, each with an id of its own, equal content once. A damaged file is left out and logged."""
        found: dict[str, Passage] = {}
        for path in shelf.stored_files(self._folder):
            passages = shelf.passages_of(path)
            if passages is None and path.exists():
                _log.warning(_DAMAGED, path.name)
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
        version = _digest(sorted({digest for _, digest in self._heads()}))
        settled = time.time_ns() - changed > _SETTLED_S * 1e9
        self._seen = (changed, version) if settled else None
        return version

    def _heads(self) -> list[tuple[Document, str]]:
        """(document, digest of its passages) of each file"""
        heads = [(path, shelf.head_of(path)) for path in shelf.stored_files(self._folder)]
        for path, head in heads:
            if head is None and path.exists():
                _log.warning(_DAMAGED, path.name)
        return [head for _, head in heads if head]

    def _added(self, path: Path, source: Path, progress: Progress) -> Outcome:
        data = content_of(path, self.limits)
        document_id = id_of(data)
        if here := self._stored(str(source), document_id):
            words = f"'{source.name}' is stored already and has not changed."
            return Outcome(path=str(source), status="unchanged", sentence=words, document=here)
        twin = self._twin(document_id)
        if twin and (passages := shelf.passages_of(shelf.file_of(self._folder, twin.path))):
            self._keep(twin.model_copy(update={"path": str(source), "name": source.name}), passages)
            words = f"'{source.name}' has the same content as '{twin.name}' ({twin.path}), which is stored already; it is searched once."
            return Outcome(path=str(source), status="duplicate", sentence=words, document=twin)
        document, passages = taken_in(data, source, self.limits, self._now(), progress)
        status: Literal["replaced", "added"] = "replaced" if self._keep(document, passages) else "added"
        return Outcome(path=str(source), status=status, sentence=self._words(document, status), document=document)

    def _keep(self, document: Document, passages: Sequence[Passage]) -> bool:
        """True where it replaced another content of its path."""
        with shelf.alone(self._folder):
            before = shelf.head_of(shelf.file_of(self._folder, document.path))
            shelf.write(self._folder, document, passages)
        self._remember()[document.path] = document
        return before is not None

    def _stored(self, path: str, document_id: str) -> Document | None:
        """What is stored from this path, if it is this content; what an older reader read does not count."""
        head = shelf.head_of(shelf.file_of(self._folder, path))
        return head[0] if head and head[0].id == document_id and head[0].reader == READER else None

    def _twin(self, document_id: str) -> Document | None:
        """A document of this content from another path."""
        same = (document.path for document in self._remember().values() if document.id == document_id)
        return next((found for path in same if (found := self._stored(path, document_id))), None)

    def _remember(self) -> dict[str, Document]:
        """What was stored when this was first asked, and what was added since: good for hints, not for answers."""
        if self._remembered is None:
            self._remembered = {document.path: document for document, _ in self._heads()}
        return self._remembered

    def _words(self, document: Document, status: str) -> str:
        pages = f"{_counted(document.pages, 'page')}, " if document.pages else ""
        passages = _counted(document.passages, "passage")
        marked = (
            f" {_counted(document.suspicious, 'passage')} marked: it reads like instructions to an assistant."
            if document.suspicious
            else ""
        )
        notes = "".join(f" {note}" for note in document.notes)
        return f"'{document.name}' was {status}: {pages}{passages}.{marked}{notes}{self._elder(document)}"

    def _elder(self, document: Document) -> str:
        """A stored document of this name whose file is gone is likely this one before it was moved and changed."""
        namesakes = [d for d in self._remember().values() if d.name == document.name and d.path != document.path]
        elder = next((d for d in namesakes if not Path(d.path).exists() and self._stored(d.path, d.id)), None)
        return f" An older '{elder.name}' is stored too, from {elder.path}; `aeip knowledge remove {elder.id}` removes it." if elder else ""


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
        names = (document.name, *(Path(copy).name for copy in document.copies))
        return wanted in (document.id, document.path, document.title, *document.copies, *names)
    return (len(wanted) >= 4 and document.id.startswith(wanted)) or document.name.casefold() == wanted.casefold()


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
