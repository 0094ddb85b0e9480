"""Which clauses may an answer name? Those that a result stands on, with their document and edition."""

from collections.abc import Sequence

from agent.answer import Call
from agent.citations import passages
from agent.grounding.masks import words_of
from knowledge.clauses import PASSAGES, clause


def citable(calls: Sequence[Call]) -> tuple[str, ...]:
    """How a person would cite each passage that was found, and each stored clause that the results name by its id."""
    known = {path.stem for path in PASSAGES.glob("*.md")}
    named = dict.fromkeys(text for call in calls for text in words_of(call) if text in known)
    found = (passage.cited for call in calls for passage in passages(call))
    return tuple(dict.fromkeys([*(f"{stored.citation}, {stored.edition}" for stored in map(clause, named)), *found]))
