"""Which clauses may an answer name? Those that a result stands on, with their document and edition."""

from collections.abc import Sequence

from agent.answer import Call
from agent.grounding.masks import words_of
from knowledge.clauses import PASSAGES, clause


def citable(calls: Sequence[Call]) -> tuple[str, ...]:
    """How a person would cite each stored clause that the results name by its id."""
    known = {path.stem for path in PASSAGES.glob("*.md")}
    named = dict.fromkeys(text for call in calls for text in words_of(call) if text in known)
    return tuple(f"{found.citation}, {found.edition}" for found in map(clause, named))
