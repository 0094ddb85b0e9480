"""What kind of document is a file? Its content says so; its suffix only tells Markdown from plain text."""

import io
import re
import zipfile

from knowledge.documents.outcome import Kind
from knowledge.errors import UnreadableDocument

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_ATX = re.compile(rb"(?m)^#{1,6} \S")
_SUB_ATX = re.compile(rb"(?m)^#{2,6} \S")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_TEXT_WORKS = "PDF, DOCX, HTML, Markdown and text work"
_OTHERS = {
    b"{\\rtf": "it is RTF; saved as DOCX or PDF it would work",
    b"\x89PNG": f"it is a picture; {_TEXT_WORKS}",
    b"\xff\xd8\xff": f"it is a picture; {_TEXT_WORKS}",
    b"GIF8": f"it is a picture; {_TEXT_WORKS}",
    b"II*\0": f"it is a picture; {_TEXT_WORKS}",
    b"MM\0*": f"it is a picture; {_TEXT_WORKS}",
    b"\x1f\x8b": "it is a compressed archive; unpacked, the documents in it would work",
}
_OFFICE = {"xl/": "a spreadsheet (XLSX)", "ppt/": "a presentation (PPTX)", "content.xml": "an OpenDocument file"}


def kind_of(data: bytes, suffix: str) -> Kind:
    """Raises UnreadableDocument with what the file is and what would work."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(_old_office(data))
    for mark, words in _OTHERS.items():
        if data.startswith(mark):
            raise UnreadableDocument(words)
    if b"\0" in data[:8192] and not data.startswith(_WIDE):
        raise UnreadableDocument(f"its content is binary and no format that is known here; {_TEXT_WORKS}")
    if _HTML.search(data[:2048].replace(b"\0", b"")) and suffix.lower() not in (".md", ".markdown"):
        return "html"
    return "markdown" if suffix.lower() in (".md", ".markdown", ".mdown") or _looks_like_markdown(data) else "text"


def _zipped(data: bytes) -> Kind:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableDocument("it begins as a DOCX does, but the archive is damaged; a fresh copy would work") from error
    if "word/document.xml" in names:
        return "word"
    what = next((words for name, words in _OFFICE.items() if any(n.startswith(name) for n in names)), "a zip archive")
    raise UnreadableDocument(f"it is {what}; {_TEXT_WORKS}")


def _old_office(data: bytes) -> str:
    """An encrypted DOCX is packed as an old Office file is."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "it is protected by a password; a copy without one would work"
    return "it is an old Office file (.doc); saved as DOCX or PDF it would work"


def _looks_like_markdown(data: bytes) -> bool:
    return bool(_SUB_ATX.search(data)) and len(_ATX.findall(data, endpos=100_000)) >= 2
