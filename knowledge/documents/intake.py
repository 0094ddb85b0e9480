"""How does a file become a document with its passages? Read within limits, recognised by content, split, searched for instructions."""

import hashlib
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import assert_never

from knowledge.documents.kind import kind_of
from knowledge.documents.legible import legible_text
from knowledge.documents.outcome import Document, Kind
from knowledge.documents.reading import Limits, Progress, Reading, unwatched
from knowledge.documents.split import Piece, split
from knowledge.documents.suspicious import suspicious_sentences
from knowledge.errors import UnreadableDocument
from knowledge.passage import Passage

READER = 1  # raise when reading or splitting changes what comes out
_TITLE_LETTERS = 200
_ID_LETTERS = 16


def content_of(path: Path, limits: Limits) -> bytes:
    """The bytes of a regular file. Raises UnreadableDocument."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableDocument("it is no file; the path of a PDF, DOCX, HTML, Markdown or text file, or of a folder of them, works")
        if found.st_size > limits.megabytes * 1_000_000:
            raise UnreadableDocument(
                f"it has {found.st_size / 1e6:,.0f} MB and the limit is {limits.megabytes:,} MB; "
                "parts of it, or a higher AEIP_KNOWLEDGE_MEGABYTES, would work"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument("there is no such file; the path of one that exists works") from None
    except PermissionError:
        raise UnreadableDocument("this user may not read it; with read permission it would work") from None
    except (OSError, ValueError) as error:
        raise UnreadableDocument(f"the system says: {getattr(error, 'strerror', None) or error}") from error
    if not data.strip():
        raise UnreadableDocument("it is empty; a file with text works")
    return data


def id_of(data: bytes) -> str:
    """The document's id: the same for the same content."""
    return hashlib.sha256(data).hexdigest()[:_ID_LETTERS]


def taken_in(
    data: bytes, path: Path, limits: Limits, now: datetime, progress: Progress = unwatched
) -> tuple[Document, tuple[Passage, ...]]:
    """The document and its passages; `path` is only told. Raises UnreadableDocument."""
    kind = kind_of(data, path.suffix)
    reading = _reader_of(kind)(data, limits, progress)
    pieces = split(replace(block, text=legible_text(block.text)) for block in reading.blocks)
    words = sum(len(piece.text.split()) for piece in pieces)
    if not words:
        raise UnreadableDocument("no text was found in it; a file with text works")
    if words > limits.words:
        raise UnreadableDocument(f"it has {words:,} words and the limit is {limits.words:,}; parts of it would work")
    title = _line(legible_text(reading.title))[:_TITLE_LETTERS] or path.stem
    document_id = id_of(data)
    passages = tuple(_passage(piece, number, document_id, title, path.name) for number, piece in enumerate(pieces, start=1))
    document = Document(
        id=document_id,
        name=path.name,
        path=str(path),
        title=title,
        kind=kind,
        pages=reading.pages,
        words=words,
        passages=len(passages),
        suspicious=sum(bool(passage.suspicious) for passage in passages),
        notes=reading.notes,
        added_at=now,
        reader=READER,
    )
    return document, passages


def _reader_of(kind: Kind) -> Callable[[bytes, Limits, Progress], Reading]:
    """Imported when it is needed: whoever only searches pays for none of them."""
    match kind:
        case "pdf":
            from knowledge.documents.pdf import read_pdf as read
        case "word":
            from knowledge.documents.word import read_word as read
        case "html":
            from knowledge.documents.page import read_page as read
        case "markdown":
            from knowledge.documents.markdown import read_markdown as read
        case "text":
            from knowledge.documents.plain import read_plain as read
        case _:
            assert_never(kind)
    return read


def _passage(piece: Piece, number: int, document_id: str, title: str, source: str) -> Passage:
    return Passage(
        id=f"{document_id}-{number}",
        document=title,
        clause=piece.clause[:_TITLE_LETTERS],
        title=" › ".join(piece.path),
        text=piece.text,
        verified="user",
        page=piece.page,
        source=source,
        suspicious=_suspicious(piece.text, [title, source, *piece.path]),
    )


def _suspicious(text: str, headings: Sequence[str]) -> tuple[str, ...]:
    """Sentences of the text, and headings above it, which are shown with it."""
    found = [sentence for heading in headings for sentence in suspicious_sentences(heading)]
    return (*dict.fromkeys((*found, *suspicious_sentences(text))),)


def _line(text: str) -> str:
    return " ".join(text.split())
