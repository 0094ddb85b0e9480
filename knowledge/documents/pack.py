"""How is a long section cut? Between paragraphs, else lines, else sentences, else words, into pieces of about equal length."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.documents.reading import Block

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_LETTERS = 400  # what is longer is no word, and is cut


@dataclass(frozen=True)
class _Part:
    """glue: what stands between it and the part before."""

    text: str
    words: int
    page: int | None
    glue: str


def packed(blocks: Sequence[Block], limit: int) -> Iterator[tuple[str, int | None]]:
    """Texts of at most `limit` words, each with the page it begins on; nothing is left out."""
    parts = [part for block in blocks for part in _parts(block, limit)]
    total = sum(part.words for part in parts)
    fair = math.ceil(total / max(1, math.ceil(total / limit)))
    held: list[_Part] = []
    count = 0
    for part in parts:
        if held and (count >= fair or count + part.words > limit):
            yield _joined(held)
            held, count = [], 0
        held.append(part)
        count += part.words
    if held:
        yield _joined(held)


def _joined(parts: Sequence[_Part]) -> tuple[str, int | None]:
    first, *others = parts
    return first.text + "".join(part.glue + part.text for part in others), first.page


def _parts(block: Block, limit: int) -> Iterator[_Part]:
    """The largest parts of a block that fit."""
    glue = "\n"
    for text, between in _cut(block.text.strip(), limit):
        yield _Part(text, len(text.split()), block.page, glue)
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
    words = text.split()
    return len(words) <= limit and all(len(word) <= _LETTERS for word in words)


def _runs(sentence: str, limit: int) -> Iterator[str]:
    words = [word[i : i + _LETTERS] for word in sentence.split() for i in range(0, len(word), _LETTERS)]
    for i in range(0, len(words), limit):
        yield " ".join(words[i : i + limit])
