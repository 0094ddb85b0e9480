"""How is a plain text read? Blank lines and clause numbers divide it; underlined lines and lines in capitals are headings."""

import re
from collections.abc import Iterator, Sequence

from knowledge.documents.decode import decoded
from knowledge.documents.lines import Line, paragraphs
from knowledge.documents.numbering import numbered, reads_like_title
from knowledge.documents.reading import Limits, Progress, Reading, unwatched

_UNDERLINE = re.compile(r"(?:={3,}|-{3,}|~{3,}|\*{3,})$")


def read_plain(data: bytes, limits: Limits, progress: Progress = unwatched) -> Reading:
    """A form feed begins a page. Raises UnreadableDocument."""
    text, notes = decoded(data)
    pages = text.split("\f")
    lines = [line for number, page in enumerate(pages, start=1) for line in _lines(page, number if len(pages) > 1 else None)]
    return Reading(paragraphs(lines), pages=len(pages) if len(pages) > 1 else None, notes=notes)


def _lines(page: str, number: int | None) -> Iterator[Line]:
    rows = [row.strip() for row in page.splitlines()]
    for i, row in enumerate(rows):
        if row and not (_UNDERLINE.match(row) and i and rows[i - 1]):
            yield Line(row, number, _level(rows, i), gap=i == 0 or not rows[i - 1])


def _level(rows: Sequence[str], i: int) -> int | None:
    above, row, below = (rows[i - 1] if i else ""), rows[i], (rows[i + 1] if i + 1 < len(rows) else "")
    if not reads_like_title(row) or (above and not _UNDERLINE.match(above)):
        return None
    if _UNDERLINE.match(below):
        return 1 if below[0] == "=" else 2
    if row.isupper() and sum(c.isalpha() for c in row) > 3 and numbered(row, single=True) is None:
        return 3
    return _numbered_level(row, below)


def _numbered_level(row: str, below: str) -> int | None:
    """ "4 Title" alone between blank lines."""
    number = numbered(row, single=True)
    alone = number is not None and not below and bool(number.rest)
    return 4 if number is not None and alone and numbered(row) is None else None
