"""Which document, clause, standard or place does a text name? "SO GL", "Article 35", "PRC-024-3", "IEC 60076-7", "in GB"."""

import re
from functools import lru_cache

from agent.brains.embedded.vocabulary import data_file
from knowledge.index.areas import areas_in, without_areas

_CLAUSE = r"(?:articles?|art\.|annex(?:es)?|clauses?|paragraphs?|requirement|§§?)\s?(?:r?\d+[\w.]*|[ivx]+\b)(?:\s?\(\w{1,3}\))*"
_NERC = r"(?:bal|cip|com|eop|fac|iro|mod|nuc|per|prc|top|tpl|var)[- ]?\d{3}(?:-\d+(?:\.\d+)?)?"
_NUMBERED = r"(?:iec|ieee|en|iso|din|ansi|bs|nfpa|osha|astm)[ /-](?:std\.?\s|ts\s|tr\s|iec\s)?[a-z]?\d[\d.:-]*\d"
_BARE = r"(?:c57|c37|c84)\.\d+(?:\.\d+)?|60076(?:-\d+)?|g(?:5|98|99)(?![\w.])|p28|20\d\d/\d{3,4}|(?:cc|ecc|oc|bc)\.?\s?\d+(?:\.\d+)+|oc\d\b"
_STANDARD = rf"{_NERC}|{_NUMBERED}|{_BARE}"
_NAMED = re.compile(rf"(?<![\w-])(?:{_CLAUSE}|{_STANDARD})(?!\w)", re.IGNORECASE)
_DOCUMENT = re.compile(rf"(?<![\w-])(?:{_STANDARD})(?!\w)", re.IGNORECASE)
_COMPLYING = (
    r"\b(?:comply|complies|complying|compliant|conforms?|in line|in accordance|agrees?|meets?|met"
    r"|satisf(?:y|ies|ied)|fulfill?(?:s|ed)?|respects?)"
)
_OF = r"(?:(?:of|in|from|under|by|per|to|with|as)\s+)?(?:(?:according\s+to|by)\s+)?(?:the\s+)?"


def names_code(text: str) -> bool:
    """Whether a document, a clause or a standard is named; 'the standard' alone names none."""
    return bool(_NAMED.search(text) or _listed("documents").search(text) or _listed("bodies").search(text))


def document_named(text: str) -> str | None:
    """The one document that is named; None where there is none, or several."""
    own = [_documents()[m[0].lower()] for m in _listed("documents").finditer(text)]
    found = dict.fromkeys([*own, *(m[0].upper() for m in _DOCUMENT.finditer(text))])
    return next(iter(found)) if len(found) == 1 else None


def place_named(text: str) -> str | None:
    """The one place that is named; None where there is none, or several."""
    found = areas_in(text)
    return next(iter(found)) if len(found) == 1 else None


def replaced_place(text: str, place: str) -> str:
    """The text about another place."""
    return f"{' '.join(without_areas(text).split()).rstrip('?. ')} in {place}"


def replaced_document(text: str, document: str) -> str:
    """The text about another document; unchanged where it names none."""
    return _DOCUMENT.sub(document, _listed("documents").sub(document, text))


def without_codes(text: str) -> str:
    """A question without documents and clauses, and without what ties them to it; to comply with one is to be in limits."""
    named = "|".join(p.pattern for p in (_NAMED, _listed("documents"), _listed("bodies")))
    kept = re.sub(rf"{_COMPLYING}\s+{_OF}(?:{named}|limits)", " within limits ", text, flags=re.IGNORECASE)
    return " ".join(re.sub(rf"{_OF}(?:{named})", " ", kept, flags=re.IGNORECASE).split())


@lru_cache
def _documents() -> dict[str, str]:
    return {spelling: name for name, spellings in data_file("codes.yaml")["documents"].items() for spelling in spellings}


@lru_cache
def _listed(section: str) -> re.Pattern[str]:
    spellings = data_file("codes.yaml")["bodies"] if section == "bodies" else _documents()
    written = (r"[\s-]+".join(map(re.escape, spelling.split())) for spelling in sorted(spellings, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(written)})s?(?![\w-])", re.IGNORECASE)
