"""An answer told again: as a table, as one number or sentence, or explained. Only from the results it rests on."""

import re
from collections.abc import Mapping, Sequence

from agent.answer import Call
from agent.rendering.plain_words import explained, mattering

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*⟦])")
_MARKER = re.compile(r"⟦(\w+)\|([^⟧]+)⟧")


def told_again(text: str, calls: Sequence[Call], style: Mapping[str, object]) -> str:
    """`text` with its markers, the calls they point into; `style` may hold a `form`."""
    form = str(style.get("form", ""))
    if form == "plain":
        return explained(text, calls)
    if form == "why":
        return mattering(calls)
    return {"table": _table, "number": _number, "sentence": _sentence}.get(form, str)(text)


def _paragraphs(text: str) -> list[str]:
    return [p for p in text.split("\n\n") if p.strip()]


def _is_table(paragraph: str) -> bool:
    return paragraph.lstrip().startswith("|")


def _sentence(text: str) -> str:
    """The first sentence that is no table: the point comes first in every answer."""
    point = next((p for p in _paragraphs(text) if not _is_table(p)), text)
    return _SENTENCE_END.split(point.strip())[0].rstrip(":")


def _number(text: str) -> str:
    """The first number of the point with its unit, else of the whole answer; where the answer has none, its point."""
    found = _MARKER.search(_sentence(text)) or _MARKER.search(text)
    return f"**{found[0]}**" if found else _sentence(text)


def _table(text: str) -> str:
    """The tables of the answer under its point; without any, its sentences as rows: what it is about beside its numbers."""
    tables = [p for p in _paragraphs(text) if _is_table(p)]
    if tables:
        return "\n\n".join([_sentence(text), *tables])
    rows = [_row(s) for p in _paragraphs(text) for s in re.split(r"\n|;\s|(?<=[.!?])\s+(?=[A-Z*⟦])", p) if s.strip()]
    return "\n".join(["| What | Value |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows)])


def _row(sentence: str) -> tuple[str, str]:
    """'loaded to ⟦…⟧ of its rating' → the words, and the numbers among them."""
    numbers = [m[0] for m in _MARKER.finditer(sentence)]
    words = _MARKER.sub("…", sentence).strip("-*:. ").replace("**", "").replace("|", "/")
    return words, ", ".join(numbers) or "–"
