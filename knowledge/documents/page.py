"""How is a web page read? Its article without menus, scripts and hidden parts, headings kept. Nothing it names is ever fetched."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from knowledge.documents.decode import decoded
from knowledge.documents.reading import Block, Limits, Progress, Reading, unwatched
from knowledge.errors import UnreadableDocument

_FEW_WORDS = 10  # no article
_SMALL_SHARE = 0.5  # of the page's words: less is said
_WHAT_WORKS = "the page printed as PDF, or its text as Markdown, would work"
_UNSEEN = " or ".join(f"ancestor::{tag}" for tag in ("script", "style", "noscript", "template", "head"))


def read_page(data: bytes, limits: Limits, progress: Progress = unwatched) -> Reading:
    """Raises UnreadableDocument: no article, or a page that cannot be parsed."""
    text, notes = decoded(data, declares=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml refuses a declared encoding in decoded text
    try:
        article = _article(text)
        blocks = tuple(_blocks(article.body)) if article is not None else ()
        whole = _words_of(text)
    except Exception as error:  # of lxml and of trafilatura's heuristics, down to the depth of the stack
        raise UnreadableDocument(f"the page cannot be parsed ({type(error).__name__}); {_WHAT_WORKS}") from error
    words = sum(len(block.text.split()) for block in blocks)
    if words < _FEW_WORDS:
        raise UnreadableDocument(f"the page holds no article ({words} words besides menus and scripts); {_WHAT_WORKS}")
    if words < _SMALL_SHARE * whole:
        notes = (*notes, f"{words:,} of the page's {whole:,} words were taken as its article; if some are missing, {_WHAT_WORKS}.")
    return Reading(blocks, title=_title(article.title, blocks), notes=notes)


def _article(text: str) -> Any:
    """trafilatura's document: `body` is a tree of head, p, list, table, quote and code. None where it finds nothing."""
    import trafilatura  # half a second, and most additions are no web pages

    return trafilatura.bare_extraction(text, favor_recall=True, include_comments=False, include_tables=True, with_metadata=True)


def _blocks(parent: Any) -> Iterator[Block]:
    for element in parent:
        if element.tag == "head":
            yield Block(_text(element), _level(element))
        elif element.tag == "table":
            yield Block("\n".join(_rows(element)))
        elif element.tag == "list":
            yield from _items(element)
        elif element.tag in ("quote", "code"):
            yield Block("".join(element.itertext()).strip())
        else:
            yield Block(_text(element))
        if tail := _line(element.tail):
            yield Block(tail)


def _items(element: Any) -> Iterator[Block]:
    """Each item's own words, then the lists in it."""
    for item in element:
        inner = [child for child in item if child.tag in ("list", "table")]
        own = [item.text or "", *(part for child in item for part in (_own(child, inner), child.tail or ""))]
        yield Block(_line(" ".join(own)))
        yield from _blocks(inner)


def _own(child: Any, inner: list[Any]) -> str:
    return "" if child in inner else "".join(child.itertext())


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter("row"):
        if cells := [_text(cell) for cell in row]:
            yield " | ".join(cells)


def _level(element: Any) -> int:
    digits = "".join(c for c in element.get("rend", "") if c.isdigit())
    return int(digits) if digits in ("1", "2", "3", "4", "5", "6") else 6


def _text(element: Any) -> str:
    return _line("".join(element.itertext()))


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _words_of(text: str) -> int:
    """Words of the whole page that a reader might see."""
    texts = html.fromstring(text).xpath(f"//text()[not({_UNSEEN})]")
    return sum(len(part.split()) for part in texts)


def _title(named: str | None, blocks: tuple[Block, ...]) -> str:
    return named or next((block.text for block in blocks if block.level is not None), "")
