"""Which rows of a PDF look like headings? Larger or bolder than the text, and short."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from knowledge.documents.lines import Line
from knowledge.documents.numbering import numbered, reads_like_title
from knowledge.documents.rows import Row

_LARGER = 1.09  # of the text's size; engineering judgement
_STEP = 20  # levels between two sizes: the numbers of headings of one size (rank 1 to 12) fit in between
_SIZES = 6  # different ones of headings; smaller ones count as the last
_GAP = 1.3  # of the usual distance between rows: a paragraph begins
_LETTER = re.compile(r"[^\W\d_]{2}")


def lines_of(pages: Sequence[Sequence[Row]]) -> list[Line]:
    """The rows as lines, with the levels of headings and where space stands above."""
    rows = [row for page in pages for row in page]
    if not rows:
        return []
    text_size, mostly_bold = _usual(rows)
    sizes = sorted({row.size for row in rows if row.size >= _LARGER * text_size}, reverse=True)
    distance = _usual_distance(rows)
    ranks = _outermost_ranks(rows)
    lines = []
    for before, row in zip([None, *rows[:-1]], rows, strict=True):
        larger = row.size >= _LARGER * text_size
        stands_out = larger or (row.bold and not mostly_bold)
        gap = before is None or before.page != row.page or abs(before.y - row.y) > _GAP * distance
        size = sizes.index(row.size) if larger else len(sizes)
        level = _level(row, size, ranks.get(row.size, 0)) if stands_out and _may_head(row, larger, gap) else None
        lines.append(Line(row.text, row.page, level, gap))
    return lines


def _usual(rows: Sequence[Row]) -> tuple[float, bool]:
    """(size of the text [points], is it bold)"""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[row.size] += len(row.text)
    bold = sum(len(row.text) for row in rows if row.bold)
    return (sizes.most_common(1)[0][0] if sizes else 0.0), bold > 0.5 * sizes.total()


def _usual_distance(rows: Sequence[Row]) -> float:
    distances = sorted(a.y - b.y for a, b in pairwise(rows) if a.page == b.page and 0 < a.y - b.y < 100)
    return distances[len(distances) // 2] if distances else 0.0


def _may_head(row: Row, larger: bool, gap: bool) -> bool:
    """Bold words in the text's size head something only with space above or a number before."""
    number = numbered(row.text, single=True)
    shaped = reads_like_title(number.rest if number else row.text) and bool(_LETTER.search(row.text))
    return shaped and (number is not None or ((larger or gap) and not row.text[0].islower()))


def _outermost_ranks(rows: Sequence[Row]) -> dict[float, int]:
    """The lowest rank of the numbered titles of each size."""
    ranks: dict[float, int] = {}
    for row in rows:
        number = numbered(row.text, single=True)
        if number and number.titled:
            ranks[row.size] = min(number.rank, ranks.get(row.size, number.rank))
    return ranks


def _level(row: Row, size: int, rank: int) -> int:
    """By size, then by the number; a heading without one is as far out as any of its size, so that it ends the clause before it."""
    number = numbered(row.text, single=True)
    return 1 + min(size, _SIZES) * _STEP + (number.rank if number else rank)
