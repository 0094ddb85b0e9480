"""How is a Word document read? Headings by their style, paragraphs, and tables as lines, in their order."""

import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document as open_document
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from knowledge.documents.reading import Block, Limits, Progress, Reading, unwatched
from knowledge.errors import UnreadableDocument

_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop)\s*(\d)", re.IGNORECASE)
_STEP = 200  # blocks between two words of progress
_PARTS = 20_000  # of the archive
_OF_A_TREE = 4  # so many times its text does a tree of XML take in memory


def read_word(data: bytes, limits: Limits, progress: Progress = unwatched) -> Reading:
    """Raises UnreadableDocument: damaged, or unpacked too large."""
    _refuse_bomb(data, limits)
    try:
        document = open_document(io.BytesIO(data))
        title, hidden = document.core_properties.title or "", _hidden(document)
        blocks = tuple(_watched(document, progress))
    except Exception as error:  # python-docx meets a damaged file with whatever its XML leads to
        raise UnreadableDocument(f"the DOCX is damaged ({type(error).__name__}); opened and saved anew it would work") from error
    notes = (f"{hidden} parts of it are hidden from readers; they were taken in with the rest.",) if hidden else ()
    return Reading(blocks, title=title or next((block.text for block in blocks if block.level is not None), ""), notes=notes)


def _refuse_bomb(data: bytes, limits: Limits) -> None:
    """A DOCX is an archive: small packed, it may be endless unpacked. Sizes it declares are held to while unpacking."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableDocument("the DOCX is damaged; opened and saved anew it would work") from error
    size = sum(part.file_size for part in parts) / 1e6
    texts = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))) / 1e6
    if size > limits.unpacked_megabytes or texts > limits.unpacked_megabytes / _OF_A_TREE or len(parts) > _PARTS:
        raise UnreadableDocument(
            f"unpacked it would have {size:,.0f} MB in {len(parts):,} parts, {texts:,.0f} MB of them text; the limits are "
            f"{limits.unpacked_megabytes:,} MB and a quarter of it, so parts of it, or a copy without its pictures, would work"
        )


def _watched(document: Document, progress: Progress) -> Iterator[Block]:
    items = list(document.iter_inner_content())
    for i, item in enumerate(items):
        if isinstance(item, Table):
            yield Block("\n".join(_rows(item)))
        else:
            yield Block(item.text.strip(), _level(item))
        if i % _STEP == 0:
            progress(i, len(items))
    progress(len(items), len(items))


def _level(paragraph: Paragraph) -> int | None:
    """By the style or one that it is based on, else by the outline level."""
    style = paragraph.style
    for _ in range(5):
        if style is None:
            break
        if found := _HEADING.match(style.name or ""):
            return int(found[1]) or 1
        if (style.name or "").lower() == "title":
            return 1
        style = style.base_style
    return None


def _rows(table: Table) -> Iterator[str]:
    """A merged cell stands in each of its places and is told once."""
    for row in table.rows:
        seen: list[object] = []
        texts = []
        for cell in row.cells:
            if cell._tc not in seen:
                seen.append(cell._tc)
                texts.append(" ".join(cell.text.split()))
        yield " | ".join(texts)


def _hidden(document: Document) -> int:
    """Runs that a reader does not see."""
    return len(document.element.body.xpath(".//w:r[w:rPr/w:vanish]"))
