"""How are documents kept on disk? One file each, replaced whole, so that a crash leaves the old state and two processes lose nothing.

The first line is the document, with the digest of the lines below, which are its passages. The file is named after where the document was
read from: reading that file again replaces it in one step.
"""

import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from knowledge.documents.outcome import Document
from knowledge.passage import Passage

_SUFFIX = ".jsonl"
_DRAFTS = "drafts"


def file_of(folder: Path, source: str) -> Path:
    """The file that holds the document read from `source`."""
    return folder / f"{hashlib.sha256(source.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}{_SUFFIX}"


def stored_files(folder: Path) -> list[Path]:
    """In an order that does not change."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other process or thread changes the folder meanwhile. Drafts that are found are leavings of a crash."""
    (folder / _DRAFTS).mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for draft in (folder / _DRAFTS).iterdir():
            draft.unlink(missing_ok=True)
        yield


def write(folder: Path, document: Document, passages: Sequence[Passage]) -> None:
    """To be called `alone`. A reader sees the old file or the new one, never half of one."""
    body = "".join(f"{passage.model_dump_json()}\n" for passage in passages).encode()
    head = json.dumps({"digest": hashlib.sha256(body).hexdigest(), "document": document.model_dump(mode="json")}) + "\n"
    draft = folder / _DRAFTS / uuid.uuid4().hex
    try:
        with draft.open("wb") as file:
            file.write(head.encode())
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(file_of(folder, document.path))
    finally:
        draft.unlink(missing_ok=True)
    _settle(folder)


def delete(folder: Path, source: str) -> None:
    """To be called `alone`."""
    file_of(folder, source).unlink(missing_ok=True)
    _settle(folder)


def _settle(folder: Path) -> None:
    """Wait until the disk knows the folder's new content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def head_of(path: Path) -> tuple[Document, str] | None:
    """The document and the digest of its passages; None for a file that is gone or damaged."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
        return Document.model_validate(head["document"]), str(head["digest"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def passages_of(path: Path) -> tuple[Passage, ...] | None:
    """The passages of a file; None where it is gone or not what was written."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        if json.loads(head)["digest"] != hashlib.sha256(body).hexdigest():
            return None
        return tuple(Passage.model_validate_json(line) for line in body.splitlines())
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None
