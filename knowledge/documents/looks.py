"""Which rows of a PDF look like headings? Larger or bolder than the text, and short."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from knowledge.documents.lines import Line
from knowledge.documents.numbering import numbered, reads_like_title
from knowledge.documents.rows import Row

_LARGER = 1.09  # of the text's size: a numbered heading; engineering judgement, as are the others
_MUCH_LARGER = 1.15  # of the text's size: a heading without a number that is not bold
_STEP = 20  # levels between two sizes: the numbers of headings of one size (rank 1 to 12) fit in between
_SIZES = 6  # different ones of headings; smaller ones count as the last
_GAP = 1.3  # of the usual distance between rows: a paragraph begins
_LEADING = 1.45  # of the size: rows of one heading stand closer
_UNDER_NUMBERS = 19  # rank of a heading without a number where those of its size have one
_LETTER = re.compile(r"[^\W\d_]{2}")
_WORDS = re.compile(r"""["'“„(\[]*(?=[^\W\d_])[^a-zß-ÿ](?:\D|\d(?!.*\d.*\d))*$""")  # begins with a capital, at most two digits


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
        gap = before is None or before.page != row.page or _space_between(before, row, distance)
        size = sizes.index(row.size) if larger else len(sizes)
        prominent = row.size >= _MUCH_LARGER * text_size or (larger and row.bold)
        level = _level(row, size, ranks) if stands_out and _may_head(row, prominent, gap) else None
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


def _space_between(before: Row, row: Row, distance: float) -> bool:
    """More than between the rows of one paragraph or heading."""
    return abs(before.y - row.y) > max(_GAP * distance, _LEADING * max(row.size, before.size))


def _may_head(row: Row, prominent: bool, gap: bool) -> bool:
    """Words without a number head something where they are prominent or space stands above; a row of values never."""
    number = numbered(row.text, single=True)
    if number is not None:
        return reads_like_title(number.rest) and bool(_LETTER.search(row.text))
    return reads_like_title(row.text) and (prominent or gap) and bool(_WORDS.match(row.text))


def _outermost_ranks(rows: Sequence[Row]) -> dict[float, int]:
    """The lowest rank of the numbered titles of each size."""
    ranks: dict[float, int] = {}
    for row in rows:
        number = numbered(row.text, single=True)
        if number and number.titled:
            ranks[row.size] = min(number.rank, ranks.get(row.size, number.rank))
    return ranks


def _level(row: Row, size: int, ranks: Mapping[float, int]) -> int:
    """By size, then by the number.

    Without a number it stands beside the outermost numbered headings ("Foreword", "1 Scope") and ends the clause before it, but
    under the others: the heading of a table within 4.2 is still in 4.2.
    """
    number = numbered(row.text, single=True)
    if number is not None:
        rank = number.rank
    elif row.size in ranks and (ranks[row.size] > min(ranks.values()) or row.size < max(ranks)):
        rank = _UNDER_NUMBERS
    else:
        rank = ranks.get(row.size, 0)
    return 1 + min(size, _SIZES) * _STEP + rank
