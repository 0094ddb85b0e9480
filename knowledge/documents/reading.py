"""What does reading a document give? Blocks in their order, some of them headings, and what the reader noticed."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]


def unwatched(done: int, total: int) -> None:
    """Nobody watches the progress."""


@dataclass(frozen=True)
class Block:
    """A heading, or a paragraph; lines of a table or a listing stay lines.

    level: of a heading, 1 the outermost, as the document's own structure says it; None for text.
    page: from 1, where the format has pages.
    """

    text: str
    level: int | None = None
    page: int | None = None


@dataclass(frozen=True)
class Reading:
    """title: what the document calls itself, or empty. notes: sentences for whoever added it (a guessed encoding, pages without text)."""

    blocks: tuple[Block, ...]
    title: str = ""
    pages: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a document may cost to read; beyond it is refused by name."""

    pages: int = 2_000
    megabytes: int = 100
    unpacked_megabytes: int = 400  # of a .docx, which is a zip archive
    words: int = 5_000_000
    seconds: float = 900.0  # of a PDF, whose few bytes may ask for endless work
    page_megabytes: float = 10.0  # of a PDF page's drawing
    files: int = 10_000  # of a folder
