"""How is a long section cut? Between paragraphs, else lines, else sentences, else words, into pieces of about equal length."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.documents.length import word_pieces
from knowledge.documents.reading import Block

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_LETTERS = 40  # what is longer is no word, and is cut


@dataclass(frozen=True)
class _Part:
    """glue: what stands between it and the part before."""

    text: str
    length: int
    page: int | None
    glue: str


def packed(blocks: Sequence[Block], limit: int) -> Iterator[tuple[str, int | None]]:
    """Texts of at most `limit` word pieces (at least 40), each with the page it begins on; nothing is left out."""
    parts = [part for block in blocks for part in _parts(block, limit)]
    total = sum(part.length for part in parts)
    fair = math.ceil(total / max(1, math.ceil(total / limit)))
    held: list[_Part] = []
    count = 0
    for part in parts:
        if held and (count >= fair or count + part.length > limit):
            yield _joined(held)
            held, count = [], 0
        held.append(part)
        count += part.length
    if held:
        yield _joined(held)


def _joined(parts: Sequence[_Part]) -> tuple[str, int | None]:
    first, *others = parts
    return first.text + "".join(part.glue + part.text for part in others), first.page


def _parts(block: Block, limit: int) -> Iterator[_Part]:
    """The largest parts of a block that fit."""
    glue = "\n"
    for text, between in _cut(block.text.strip(), limit):
        yield _Part(text, word_pieces(text), block.page, glue)
        glue = between


def _cut(text: str, limit: int) -> Iterator[tuple[str, str]]:
    """(part, what stands between it and the next)"""
    if _fits(text, limit):
        yield text, "\n"
        return
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if _fits(line, limit):
            yield line, "\n"
            continue
        for sentence in _SENTENCE_END.split(line):
            if _fits(sentence, limit):
                yield sentence, " "
            else:
                yield from ((run, " ") for run in _runs(sentence, limit))


def _fits(text: str, limit: int) -> bool:
    if len(text) > limit * _LETTERS:  # spares counting
        return False
    return word_pieces(text) <= limit and all(len(word) <= _LETTERS for word in text.split())


def _runs(sentence: str, limit: int) -> Iterator[str]:
    held: list[str] = []
    count = 0
    for word in (long[i : i + _LETTERS] for long in sentence.split() for i in range(0, len(long), _LETTERS)):
        length = word_pieces(word)
        if held and count + length > limit:
            yield " ".join(held)
            held, count = [], 0
        held.append(word)
        count += length
    if held:
        yield " ".join(held)
