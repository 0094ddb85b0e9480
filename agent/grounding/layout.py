"""A text as people read it: sentences and table rows, each with what stands above it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from agent.grounding.names import Span

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=\S)")
_LISTED = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s")
RULE = re.compile(r"[\s|:-]+")


@dataclass(frozen=True)
class Stretch:
    """A sentence, or one cell of a table with its row, its column's head and the row's first cell.

    `above` is the line that introduces a list or a table; `previous` the sentence before.
    """

    span: Span
    row: Span | None = None
    head: Span | None = None
    first: Span | None = None
    above: Span | None = None
    previous: Span | None = None


def stretches(text: str) -> Iterator[Stretch]:
    """All sentences and cells, in order."""
    lead: Span | None = None
    heads: list[Span] = []
    at = 0
    for line in text.splitlines(keepends=True):
        span = (at, at + len(line.rstrip()))
        at += len(line)
        if line.lstrip().startswith("|"):
            cells = list(_cells(text, span))
            if not heads:
                heads = cells
            if not RULE.fullmatch(text[slice(*span)]):
                yield from _row(cells, span, heads, lead)
            continue
        heads = []
        listed = _LISTED.match(line) is not None
        yield from _sentences(text, span, lead if listed else None)
        if line.strip() and not listed:
            lead = span if re.search(r":\W*$", line) or line.startswith("#") else None


def _sentences(text: str, span: Span, above: Span | None) -> Iterator[Stretch]:
    starts = [span[0], *(m.end() for m in _SENTENCE.finditer(text, *span))]
    previous: Span | None = None
    for start, end in zip(starts, [*starts[1:], span[1]], strict=True):
        yield Stretch((start, end), above=above, previous=previous)
        previous = (start, end)


def _cells(text: str, span: Span) -> Iterator[Span]:
    bars = [i for i in range(*span) if text[i] == "|"]
    ends = bars if text[span[1] - 1] == "|" else [*bars, span[1]]
    yield from ((a + 1, b) for a, b in pairwise(ends))


def _row(cells: list[Span], row: Span, heads: list[Span], lead: Span | None) -> Iterator[Stretch]:
    for i, cell in enumerate(cells):
        head = heads[i] if i < len(heads) and heads is not cells else None
        yield Stretch(cell, row=row, head=head, first=cells[0], above=lead)
