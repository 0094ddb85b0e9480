"""How is a PDF read? Page by page, headings by their looks and numbers, without what repeats at the edges of pages."""

import io
import logging
import re
import time
from collections.abc import Sequence

from pypdf import PageObject, PdfReader

from knowledge.documents.lines import paragraphs
from knowledge.documents.looks import lines_of
from knowledge.documents.reading import Block, Limits, Progress, Reading, unwatched
from knowledge.documents.rows import OutOfTime, Row, rows_of
from knowledge.documents.running import without_running
from knowledge.errors import UnreadableDocument

_FEW_LETTERS = 20  # on a page with a picture: a stamp or a page number, not its text
_FILE_NAME = re.compile(r"\.\w{2,4}$|^untitled|^microsoft word", re.IGNORECASE)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every oddity; what matters here is told in the outcome


def read_pdf(data: bytes, limits: Limits, progress: Progress = unwatched) -> Reading:
    """Raises UnreadableDocument: damaged, protected, too long, a scan."""
    reader, count = _opened(data, limits)
    pages: list[tuple[Row, ...]] = []
    scanned: list[int] = []
    broken: list[int] = []
    until = time.monotonic() + limits.seconds
    for number in range(1, count + 1):
        rows: tuple[Row, ...] = ()
        try:
            page = reader.pages[number - 1]
            rows = rows_of(_bounded(page, limits), number, until)
            if sum(len(row.text) for row in rows) < _FEW_LETTERS and _has_picture(page):
                scanned.append(number)
        except OutOfTime:
            asked = f"reading its {count:,} pages takes longer than {limits.seconds:g} s (it stopped at page {number:,})"
            raise UnreadableDocument(f"{asked}; parts of it, or a copy printed anew as PDF, would work") from None
        except Exception:  # whatever pypdf stumbles over in a broken page
            broken.append(number)
        pages.append(rows)
        progress(number, count)
    _refuse_without_text(pages, scanned, broken)
    blocks = paragraphs(lines_of(without_running(pages)))
    return Reading(blocks, _title(reader, blocks), count, _notes(count, scanned, broken))


def _bounded(page: PageObject, limits: Limits) -> PageObject:
    """The page, unless its drawing is larger than any that holds text: a small file may unpack to one without end."""
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > limits.page_megabytes * 1e6:
        raise ValueError("the drawing is too large")
    return page


def _opened(data: bytes, limits: Limits) -> tuple[PdfReader, int]:
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except Exception as error:  # of many kinds, down to a wrong type inside pypdf
        raise UnreadableDocument(
            f"the PDF is damaged ({type(error).__name__}); a fresh copy, or one printed anew as PDF, would work"
        ) from error
    if locked:
        raise UnreadableDocument("the PDF is protected by a password; a copy without one would work")
    if not count:
        raise UnreadableDocument("the PDF is damaged (no page was found); a fresh copy, or one printed anew as PDF, would work")
    if count > limits.pages:
        raise UnreadableDocument(
            f"it has {count:,} pages and the limit is {limits.pages:,}; parts of it, or a higher AEIP_KNOWLEDGE_PAGES, would work"
        )
    return reader, count


def _refuse_without_text(pages: Sequence[Sequence[Row]], scanned: Sequence[int], broken: Sequence[int]) -> None:
    if any(page for number, page in enumerate(pages, start=1) if number not in scanned):
        return
    if scanned:
        raise UnreadableDocument(f"{len(scanned)} of {len(pages)} pages have no text: it is a scan; after OCR it would work")
    if broken:
        raise UnreadableDocument(f"none of its {len(pages)} pages can be read: the PDF is damaged; a fresh copy would work")


def _notes(count: int, scanned: Sequence[int], broken: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if scanned:
        notes.append(f"{len(scanned)} of {count} pages have no text ({_listed(scanned)}): a scan; after OCR they would be found, too.")
    if broken:
        notes.append(f"{len(broken)} of {count} pages cannot be read ({_listed(broken)}); a fresh copy would work.")
    return tuple(notes)


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return f"page {shown}" + (" and others" if len(numbers) > 5 else "")


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    return objects is not None and any(item.get_object().get("/Subtype") in ("/Image", "/Form") for item in objects.get_object().values())


def _title(reader: PdfReader, blocks: Sequence[Block]) -> str:
    """As the file says, else its largest heading on the first page that has one."""
    try:
        named = str(reader.metadata.title or "").strip() if reader.metadata else ""
    except Exception:  # a broken dictionary
        named = ""
    if len(named) > 3 and not _FILE_NAME.search(named):
        return named
    headings = [block for block in blocks if block.level is not None]
    first = [block for block in headings if block.page == headings[0].page]
    return min(first, key=lambda block: block.level or 0).text if first else ""
