"""What does a question ask the knowledge base for? Documents, areas and clauses by name, and words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.index.areas import areas_in, without_areas
from knowledge.index.clause_asked import ANY, Reference, references, without_references
from knowledge.index.documents_named import documents_named
from knowledge.index.tokens import concepts

_LONGEST = 2000  # letters of a question that are read
_IN_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")
_ONLY_A_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*(?:\(\w{1,3}\))?")


@dataclass(frozen=True)
class Asked:
    """`whole`: the question; `topic`: without documents and clauses; `words`: without areas either, its content words in `concepts`.

    `codes`: what reads like the number of a document that is not stored; `names`: words in capitals, as GDPR or SF6.
    """

    whole: str
    documents: frozenset[str]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    areas: frozenset[str]
    references: tuple[Reference, ...]
    topic: str
    words: str
    concepts: tuple[str, ...]


def read_question(question: str, documents: Iterable[str]) -> Asked:
    """Never raises; an odd question asks for nothing by name."""
    whole = " ".join("".join(char if char.isprintable() else " " for char in question[:_LONGEST]).split())
    elsewhere, named = documents_named(without_areas(whole), documents), documents_named(whole, documents)
    clauses, topic, words = references(named.rest), without_references(named.rest), without_references(elsewhere.rest)
    if not clauses and named.documents and _ONLY_A_NUMBER.fullmatch(words.strip(" ?.!")):
        number, _, part = words.strip(" ?.!)").partition("(")
        clauses, topic, words = (Reference(ANY, number, part),), "", ""
    return Asked(whole, named.documents, named.codes, _names(whole), areas_in(whole), clauses, topic, words, tuple(concepts(words)))


def _names(question: str) -> tuple[str, ...]:
    """None in a question that is in capitals altogether."""
    return tuple(dict.fromkeys(_IN_CAPITALS.findall(question))) if any(char.islower() for char in question) else ()
