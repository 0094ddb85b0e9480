"""What of a text is word for word from the knowledge base? Quoted words and names of clauses claim nothing of the grid.

A passage is somebody else's text: what it says supports no value of an element. A language model has to mark its words as a quote.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.grounding.formats import UNIT_PATTERN
from agent.grounding.masks import strings
from agent.grounding.names import Span

SEARCH = "knowledge_search"
_MEASURE = re.compile(rf"\d\s*{UNIT_PATTERN}")
_OPENED = re.compile(r"""(?:["'“„»«‘]|^\s*>)[\s*_]*$""", re.MULTILINE)
_JOINT = " … "  # between quoted sentences that do not follow each other


def is_search(call: Call) -> bool:
    return call.tool == SEARCH


def passage_spans(text: str, calls: Sequence[Call], *, marked: bool) -> list[Span]:
    """Where the text repeats a passage or names it; `marked`: what a passage says counts in quotation marks or as a block quote alone."""
    searches = [call for call in calls if is_search(call)]
    said = [span for call in searches for span in _found(text, _said(call)) if not marked or _OPENED.search(text[: span[0]])]
    return [*said, *(span for call in searches for span in _found(text, _names(call)))]


def passage_sentences(call: Call) -> set[str]:
    """What the passages say, as they were found; for claims about no element of the grid."""
    return {part for text in _said(call) for part in re.split(r"(?<=[.;])\s+", text)}


def _said(call: Call) -> Iterator[str]:
    for row in _rows(call, "passages"):
        for key in ("quote", "text"):
            yield from (part for text in str(row.get(key) or "").split("\n") for part in {text, *text.split(_JOINT)} if part)
    for row in _rows(call, "differences"):
        yield from strings(row)
    yield from (str(call.result.get(key) or "") for key in ("reason", "headline"))


def _names(call: Call) -> Iterator[str]:
    """Documents, clauses and editions, unless in a document that was added one measures something; bare numbers beside a word only."""
    for row in _rows(call, "passages"):
        document, clause, edition = (str(row.get(key) or "") for key in ("document", "clause", "edition"))
        labels = [
            f"{document}, {clause}",
            document,
            clause,
            edition,
            f"edition {edition}",
            str(row.get("title")),
            str(row.get("jurisdiction")),
        ]
        measured = row.get("verified") == "user"
        yield from (label for label in labels if re.search(r"[^\W\d]", label) and not (measured and _MEASURE.search(label)))
        yield f"page {row.get('page')}"
    yield from (label for label in strings(call.result.get("nearest")) if not _MEASURE.search(label))


def _rows(call: Call, key: str) -> list[dict[str, JsonValue]]:
    rows = call.result.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _found(text: str, sayings: Iterable[str]) -> Iterator[Span]:
    for saying in dict.fromkeys(s for s in sayings if len(s) > 1):
        if saying in text:
            yield from (m.span() for m in re.finditer(rf"(?<!\w){re.escape(saying)}(?!\w)", text))
