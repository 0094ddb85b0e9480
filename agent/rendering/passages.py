"""The passages of an answer in full, for reading beside it: where each stands, and the quoted sentences highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.answer import Call
from agent.rendering.harmless import harmless
from agent.rendering.knowledge import name_of, notes_of
from agent.rendering.reading import Row, rows, text

_JOINT = " … "  # between quoted sentences that do not follow each other


@dataclass(frozen=True)
class ReadPassage:
    """`name` stands in the answer, too, so that a reader finds the one from the other; `markdown` is harmless."""

    name: str
    markdown: str


def read_passages(calls: Sequence[Call]) -> tuple[ReadPassage, ...]:
    """Each passage that was found; of one clause in several passages the later ones with their title, as the answer names them."""
    found: dict[str, ReadPassage] = {}
    for row in (row for call in calls if call.result.get("known") is True for row in rows(call.result, "passages")):
        name = name_of(row) if name_of(row) not in found else f"{name_of(row)} ({text(row, 'title')})"
        found.setdefault(name, ReadPassage(name, harmless("\n\n".join(part for part in _parts(row, name) if part))))
    return tuple(found.values())


def _parts(row: Row, name: str) -> list[str]:
    """With its name: the panel may hold several."""
    return [f"### {name}", f"*{text(row, 'title')}*" if row.get("title") else "", _highlighted(row), *notes_of(row)]


def _highlighted(row: Row) -> str:
    """The text with the quoted sentences in bold; a quote that runs over several paragraphs, paragraph by paragraph."""
    said, quote = str(row.get("text") or ""), str(row.get("quote") or "")
    for part in quote.split(_JOINT):
        if part in said:
            said = said.replace(part, f"**{part}**", 1)
        else:
            said = "\n".join(f"**{line}**" if len(line) > 1 and line in part else line for line in said.split("\n"))
    return "\n\n".join(said.split("\n"))
