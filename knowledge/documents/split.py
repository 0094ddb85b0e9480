"""Which pieces is a document found by? Its clauses, each with the headings above it, none longer than the embedding reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.documents.numbering import Number, numbered, reads_like_title
from knowledge.documents.pack import packed
from knowledge.documents.reading import Block

LIMIT = 200  # word pieces of a passage: MiniLM reads 256, and the headings above are read before the text
_HEADING_LETTERS = 300  # a longer one is text that only looks like one, and would be repeated with every passage below
_DETECTED = 1_000  # level of a clause that only its number tells: below every heading of the document's own structure


@dataclass(frozen=True)
class Piece:
    """path: the headings above, outermost first. opened: those that stand directly before this text and before no earlier piece."""

    path: tuple[str, ...]
    clause: str
    text: str
    page: int | None
    opened: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Heading:
    text: str
    level: int
    number: Number | None
    page: int | None
    told: bool = True  # False: its text is the number alone, which the paragraph below repeats


@dataclass
class _Section:
    """What is being gathered below the present headings."""

    path: list[_Heading] = field(default_factory=list)
    opened: list[_Heading] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def split(blocks: Iterable[Block], limit: int = LIMIT) -> tuple[Piece, ...]:
    """The pieces in the document's order; together with the headings they open they hold every word of it."""
    section = _Section()
    for block in blocks:
        if not block.text.strip():
            continue
        if _is_title_of_the_number_above(block, section):
            _entitle(section, block)
        elif heading := _heading(block):
            _close(section, limit)
            _open(section, heading)
            if not heading.told:
                section.body.append(block)
        else:
            section.body.append(block)
    _close(section, limit)
    _keep_bare(section)
    return tuple(section.pieces)


def _heading(block: Block) -> _Heading | None:
    text = " ".join(block.text.split())
    if block.level is not None and len(text) <= _HEADING_LETTERS:
        return _Heading(text, block.level, numbered(text, single=True), block.page)
    number = numbered(block.text)
    if number is None:
        return None
    level = _DETECTED + number.rank
    return _Heading(text, level, number, block.page) if number.titled else _Heading(number.text, level, number, block.page, told=False)


def _is_title_of_the_number_above(block: Block, section: _Section) -> bool:
    """European law puts the title of "Article 35" on a line of its own."""
    last = section.opened[-1] if section.opened and not section.body else None
    bare = last is not None and last.told and last.number is not None and not last.number.rest
    title = block.text.strip()
    return bare and numbered(title) is None and reads_like_title(title) and title[0].isupper()


def _entitle(section: _Section, block: Block) -> None:
    last = section.opened[-1]
    title = " ".join(block.text.split())
    number = Number(last.number.text, last.number.rank, title, last.number.annex) if last.number else None
    section.path[-1] = section.opened[-1] = _Heading(f"{last.text} {title}", last.level, number, last.page)


def _open(section: _Section, heading: _Heading) -> None:
    """Leave the sections that are not above it. One that was opened and holds nothing is a piece of its own."""
    if section.opened and section.opened[-1].level >= heading.level:
        _keep_bare(section)
    while section.path and section.path[-1].level >= heading.level:
        section.path.pop()
    section.path.append(heading)
    section.opened.append(heading)


def _keep_bare(section: _Section) -> None:
    """Headings with nothing below them: the last one is the text."""
    if section.opened:
        *above, last = section.opened
        section.pieces.append(Piece(_texts(section.path), _clause(section.path), last.text, last.page, _texts(above)))
        section.opened.clear()


def _close(section: _Section, limit: int) -> None:
    """The pieces of what was gathered."""
    opened = _texts([heading for heading in section.opened if heading.told])
    for text, page in packed(section.body, limit):
        section.pieces.append(Piece(_texts(section.path), _clause(section.path), text, page, opened))
        opened = ()
        section.opened.clear()
    section.body.clear()


def _texts(headings: Iterable[_Heading]) -> tuple[str, ...]:
    return tuple(heading.text for heading in headings)


def _clause(path: list[_Heading]) -> str:
    """The innermost number, with its annex, whose own numbers begin again; the innermost heading where none is numbered."""
    numbers = [heading.number for heading in path if heading.number]
    if not numbers:
        return path[-1].text if path else ""
    last = numbers[-1]
    annex = next((number.text for number in reversed(numbers[:-1]) if number.annex), "")
    return f"{annex}, {last.text}" if annex else last.text
