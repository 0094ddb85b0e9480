"""How do lines become paragraphs? Wrapped ones are joined, hyphens at line ends undone, numbered and marked lines begin anew."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.documents.numbering import numbered, reads_like_title
from knowledge.documents.reading import Block

_ITEM = re.compile(r"[•▪●◦‣·*–—-]\s|\(?(?:[a-z]{1,4}|\d{1,2})[.)]\s")
_SENTENCE_ENDS = (".", ":", ";", "!", "?", "”", '"')
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]$")


@dataclass(frozen=True)
class Line:
    """level: of a heading that its looks tell (letters, underline), else None. gap: blank space stands above it."""

    text: str
    page: int | None = None
    level: int | None = None
    gap: bool = False


def paragraphs(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Blocks of the lines, which are not empty and in reading order."""
    known = _compounds(lines)
    usual = _usual_length(lines)
    blocks: list[Block] = []
    held: list[Line] = []
    for line in lines:
        if held and (_begins_anew(line, held[-1], usual) or _is_title_of(blocks[-1:], held, line, usual)):
            blocks.append(_block(held, known))
            held = []
        held.append(line)
    return (*blocks, _block(held, known)) if held else tuple(blocks)


def _begins_anew(line: Line, before: Line, usual: int) -> bool:
    if line.level != before.level:
        return True
    if line.level is not None:  # a heading of two lines, unless each has a number or space of its own
        return line.gap or numbered(line.text, single=True) is not None
    if line.gap and not _goes_on(before, line):
        return True
    if _is_heading_line(before, line, usual):
        return True
    early = _broke_early(before, line, usual)
    ended = before.text.endswith(_SENTENCE_ENDS)
    marked = bool(_ITEM.match(line.text)) or numbered(line.text) is not None
    return ((ended or early) and marked) or (ended and early)


def _goes_on(before: Line, line: Line) -> bool:
    """A page break or a stray space in the middle of a sentence."""
    return before.page != line.page and not before.text.endswith(_SENTENCE_ENDS) and line.text[0].islower()


def _is_heading_line(line: Line, after: Line, usual: int) -> bool:
    """A numbered title: what follows neither goes on with it nor had to be wrapped."""
    number = numbered(line.text)
    return number is not None and number.titled and not after.text[0].islower() and _broke_early(line, after, usual)


def _is_title_of(above: Sequence[Block], held: Sequence[Line], line: Line, usual: int) -> bool:
    """European law puts the title of "Article 35" on a line of its own below."""
    number = numbered(above[0].text) if above else None
    return (
        number is not None and not number.rest and len(held) == 1 and reads_like_title(held[0].text) and _broke_early(held[0], line, usual)
    )


def _broke_early(line: Line, after: Line, usual: int) -> bool:
    """The next word would have fitted into a usual line, so the break is meant."""
    return len(line.text) + 1 + len(after.text.split()[0]) <= usual


def _usual_length(lines: Sequence[Line]) -> int:
    """Letters of a full line: most lines of running text are about that long."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _block(lines: Sequence[Line], known: Counter[str]) -> Block:
    parts: list[str] = []
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        parts.append(_with_its_end(line.text, after.text, known) if after else line.text)
    return Block("".join(parts), lines[0].level, lines[0].page)


def _with_its_end(text: str, after: str, known: Counter[str]) -> str:
    """`volt-` and `age` are one word; `high-` and `voltage` stay a compound where the document writes it so elsewhere."""
    if not _HYPHEN.search(text[-2:]) or not after[:1].islower():
        return f"{text} "
    head, tail = text.split()[-1], after.split()[0]
    compound, plain = (f"{word}{tail}".strip(".,;:()").lower() for word in (head, head[:-1]))
    return text if known[compound] > known[plain] else text[:-1]


def _compounds(lines: Sequence[Line]) -> Counter[str]:
    """How often each word stands unbroken in the document."""
    return Counter(_inner_words(lines))


def _inner_words(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        for word in line.text.split():
            yield word.strip(".,;:()").lower()
