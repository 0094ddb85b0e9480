"""Which passages may answer a question, and why none may? From what is asked for beside it, and from the names in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.index.areas import areas_in
from knowledge.index.asked import Asked
from knowledge.index.documents_named import documents_named
from knowledge.index.filters import Filters
from knowledge.index.tokens import tokens
from knowledge.index.words import Words
from knowledge.passage import Passage

_NAMED = 4  # documents that a refusal names


@dataclass(frozen=True)
class Beside:
    """What is asked for beside the question's words: a document, a jurisdiction, the day on which it holds."""

    document: str | None
    jurisdiction: str | None
    on: date


@dataclass(frozen=True)
class Narrowed:
    """Positions: `pool` by what was asked for beside the question, `inside` also by its words. `refusal`: why nothing can answer."""

    pool: Sequence[int]
    inside: Sequence[int]
    refusal: str = ""


def narrowed(passages: Sequence[Passage], filters: Filters, asked: Asked, beside: Beside) -> Narrowed:
    """Filters given beside the question hold in any case; names in it narrow further."""
    pool: Sequence[int] = filters.valid_on(beside.on)
    if beside.document is not None:
        meant = documents_meant(beside.document, passages)
        pool = [at for at in pool if passages[at].document in meant]
        if not pool:
            return Narrowed([], [], f"There is no document '{beside.document}' in the knowledge base{_others(passages)}.")
    if beside.jurisdiction is not None:
        inside = _of_jurisdiction(passages, filters, pool, beside.jurisdiction)
        if not inside:
            return Narrowed(pool, [], f"Nothing that is stored holds in '{beside.jurisdiction}'.")
        pool = inside
    return Narrowed(pool, filters.for_areas(filters.of_documents(pool, asked.documents), asked.areas))


def not_stored(filters: Filters, words: Words, asked: Asked) -> str:
    """Names what the question is about and nothing stored is: a document, a thing named in capitals, an area; empty where there is none."""
    for code in asked.codes:
        if not any(words.has(token) for token in tokens(code)[-1:]):
            return f"{code.upper()} is not in the knowledge base."
    for name in asked.names:
        if any(name.casefold() in document.casefold() for document in asked.documents):
            continue  # the PRC of PRC-024
        if not any(words.has(token) for token in tokens(name)):
            return f"Nothing that is stored speaks of {name}."
    for area in sorted(asked.areas):
        if not filters.is_known(area):
            return f"Nothing that is stored is about {area}."
    return ""


def documents_meant(name: str, passages: Sequence[Passage]) -> frozenset[str]:
    """The documents that somebody means by a name, a number, an abbreviation, a part of a title or the name of a file."""
    wanted = name.strip().casefold()
    documents = frozenset(passage.document for passage in passages)
    exact = frozenset(p.document for p in passages if wanted in (p.document.casefold(), p.source.casefold()))
    return exact or documents_named(name, documents).documents or frozenset(d for d in documents if wanted and wanted in d.casefold())


def _of_jurisdiction(passages: Sequence[Passage], filters: Filters, pool: Sequence[int], name: str) -> list[int]:
    """By the areas that the name has, in any case; by its letters where it is no area that we know."""
    if areas := areas_in(name) or areas_in(name.upper()):
        return filters.for_areas(pool, areas)
    wanted = name.strip().casefold()
    return [at for at in pool if wanted and wanted in passages[at].jurisdiction.casefold()]


def _others(passages: Sequence[Passage]) -> str:
    documents = list(dict.fromkeys(passage.document for passage in passages))
    return f"; {', '.join(documents[:_NAMED])}{' and others' * (len(documents) > _NAMED)} exist" if documents else ""
