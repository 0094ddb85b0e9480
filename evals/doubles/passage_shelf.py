"""A knowledge base without an index: passages found by the words they share with a question; for tests of what is done with them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from knowledge.clauses import load_clauses
from knowledge.found import Difference, Found, Hit
from knowledge.passage import Passage, passage_of

_WORD = re.compile(r"[a-z]{3,}|\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_EMPTY = frozenset(
    ("what", "does", "say", "about", "how", "may", "for", "and", "the", "are", "with", "who", "this", "that", "from", "when")
)
_ENOUGH = 2  # words in common with which a passage answers
_SAME = re.compile(r"\b(?:article|annex|clause) [\dIVX]+", re.IGNORECASE)


class PassageShelf:
    """Searches the clauses that ship, and the passages that are put beside them. It implements `knowledge.found.Searchable`."""

    def __init__(self, added: Iterable[Passage] = (), differences: Sequence[Difference] = (), *, shipped: bool = True) -> None:
        own = (passage_of(clause) for clause in load_clauses().values()) if shipped else ()
        self.passages, self.differences = (*own, *added), tuple(differences)
        self.asked: list[str] = []

    def search(
        self, query: str, *, document: str | None = None, jurisdiction: str | None = None, on: date | None = None, top: int = 5
    ) -> Found:
        """Those that share the most words; of a clause that is named, that clause alone."""
        self.asked.append(query)
        there = [p for p in self.passages if _is(document, p.document) and _is(jurisdiction, p.jurisdiction) and _holds(p, on)]
        named = [m.lower() for m in _SAME.findall(query)]
        clauses = [p for p in there if any(re.search(rf"{n}\b", p.clause.lower()) for n in named)]
        ranked = sorted(((_common(query, p), p) for p in (clauses if named else there)), key=lambda pair: -pair[0])
        hits = tuple(
            Hit(passage=p, quote=_quote(query, p), score=score, by="clause" if clauses else "words") for score, p in ranked[:top] if score
        )
        known = bool(clauses) or (bool(hits) and hits[0].score >= _ENOUGH)
        reason = "" if known else f"nothing stored answers '{query}'; `aeip knowledge add FILE` adds a document."
        shown = {hit.passage.id for hit in hits}
        differing = tuple(d for d in self.differences if {p for _, _, p in d.values} & shown) if known else ()
        return Found(known=known, hits=hits, differences=differing, reason=reason, total=len(there))


def _is(wanted: str | None, there: str) -> bool:
    return wanted is None or wanted.casefold() in there.casefold()


def _holds(passage: Passage, on: date | None) -> bool:
    return on is None or passage.valid_from is None or passage.valid_from <= on


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.lower())} - _EMPTY


def _common(query: str, passage: Passage) -> float:
    return float(
        len(_words(query) & _words(f"{passage.document} {passage.clause} {passage.title} {passage.text} {' '.join(passage.tags)}"))
    )


def _quote(query: str, passage: Passage) -> str:
    """The sentence with the most words of the question, and the one after it."""
    sentences = _SENTENCE.split(" ".join(passage.text.split()))
    best = max(range(len(sentences)), key=lambda i: len(_words(query) & _words(sentences[i])))
    return " ".join(sentences[best : best + 2])
