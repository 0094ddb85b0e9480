"""Which rows of a PDF are running headers, footers and page numbers? Those at the edges that repeat, but for the page's number."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from knowledge.documents.numbering import numbered
from knowledge.documents.rows import Row

_EDGE = 3  # rows from the upper and from the lower end in which they stand
_PAGES = 3  # on so many a row repeats
_DIGITS = re.compile(r"\d+")
_BARE = re.compile(r"[\W\d]*\d[\W\d]*$|[ivxlc]{1,6}$")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d+$")  # "4.2 Limits ........ 17" is a line of the table of contents

Pages = Sequence[Sequence[Row]]


def without_running(pages: Pages) -> tuple[tuple[Row, ...], ...]:
    """The pages without them, and without the lines of a table of contents, which repeat the headings."""
    running = _running(pages)
    return tuple(_kept(page, running) for page in pages)


def _kept(page: Sequence[Row], running: frozenset[Row]) -> tuple[Row, ...]:
    """Where nothing else stands on the page, what repeats is its text: a form."""
    kept = tuple(row for row in page if row not in running and not _LEADERS.search(row.text))
    return kept or tuple(page)


def _running(pages: Pages) -> frozenset[Row]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for page in pages:
        for row in _edges(page):
            groups[_DIGITS.sub("#", row.text)].append(row)
    repeated = frozenset(row for group in groups.values() for row in _repeated(group))
    return repeated | _beside(repeated, pages)


def _beside(repeated: frozenset[Row], pages: Pages) -> frozenset[Row]:
    """Outermost rows at the very height of headers that repeat: those of a chapter with one or two pages."""
    counts = Counter(round(row.y) for row in repeated)
    heights = {height for height, count in counts.items() if count >= _PAGES}
    outermost = (row for page in pages if page for row in (max(page, key=_y), min(page, key=_y)))
    return frozenset(row for row in outermost if round(row.y) in heights)


def _y(row: Row) -> float:
    return row.y


def _edges(page: Sequence[Row]) -> set[Row]:
    """By height, since some programs write the footer first."""
    ordered = sorted(page, key=_y)
    return {*ordered[:_EDGE], *ordered[-_EDGE:]}


def _repeated(group: Sequence[Row]) -> Sequence[Row]:
    same: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in group:
        for key in _keys(row):
            same[key].append(row)
    return [row for rows in same.values() if len({row.page for row in rows}) >= _PAGES for row in rows]


def _keys(row: Row) -> list[tuple[object, ...]]:
    """The row itself, and the row counted with the pages: with each number in turn told as its distance from the page's own.

    Always with its looks and height: the same words elsewhere on a page are text.
    """
    values = [int(found.group()) for found in _DIGITS.finditer(row.text)]
    place = (row.size, round(row.y))
    counted = [(i, *_shifted(values, i, row.page), *place) for i in range(len(values)) if _may_count_pages(row.text, i)]
    return [("same", row.text, *place), *counted]


def _shifted(values: Sequence[int], place: int, page: int) -> tuple[int, ...]:
    return tuple(value - page if i == place else value for i, value in enumerate(values))


def _may_count_pages(text: str, place: int) -> bool:
    """Not the number of a clause: there are codes with an article on each page."""
    if _BARE.match(text):
        return True
    number = numbered(text)
    begins = [found.start() for found in _DIGITS.finditer(text)][place]
    return number is None or begins > len(text) - len(number.rest)
