"""Which clauses, acts and standards does a text name, and does a source name them, too?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from agent.grounding.names import Span

_PARAGRAPH = r"(?:\d\w*(?:\.\w+)*|[IVX]+\b)(?:\s?\(\w+\))*"
_CLAUSE = re.compile(
    "|".join(
        (
            rf"\b(?:Articles?|Art\.?|Sections?|Clauses?|Annex(?:es)?|Chapters?|Paragraphs?|Requirements?|§§?)\s?(?:No\.?\s)?R?{_PARAGRAPH}",
            rf"§§?\s?{_PARAGRAPH}",
            r"\b(?:Regulation|Directive)\s\(E[UC]\)\s(?:No\s)?\d+/\d+",
            r"(?<![\w/])20\d\d/\d{2,4}(?![\w/])",
            r"\b(?:IEC|IEEE|EN|ISO|DIN|VDE|VDE-AR-N|NERC|ANSI|G99|ER|EREC)[\s-](?:Std\.?\s|TS\s|TR\s)?[A-Z]{0,4}-?\d[\d.:-]*\d",
            r"\b[A-Z]{3}-\d{3}-\d+(?:\.\d+)*[a-z]?(?:\sR\d+(?:\.\d+)*)?",  # NERC: TPL-001-5.1 R2
            r"\b(?-i:SO\s?GL|SOGL|NC\s?(?:RfG|DCC|HVDC|ER)|RfG|CACM|EB\s?GL)\b",
            r"\brule\s(?-i:[a-z]+(?:-[a-z0-9]+)+)",  # our own rules: "rule voltage-110"
        )
    ),
    re.IGNORECASE,
)
_SAME_WORD = ((r"\bart\b\.?|\barticles\b", "article"), (r"§§?|\bsections\b", "section"), (r"\bclauses\b", "clause"), (r"\bsogl\b", "so gl"))
_SHARED_WORD = re.compile(r"\b(article|section|clause|annex) ([\w.()]+)((?:,| and| or) [\w.()]+)+")
_TIE = re.compile(r"[\s,(:]*(?:(?:of|in|from)\s(?:the\s)?)?")  # "Article 25 of Regulation (EU) 2017/1485", "SO GL, Article 25"


def clause_spans(text: str) -> list[Span]:
    """References to a clause, an act, a standard or a rule: claims of their own kind."""
    return [m.span() for m in _CLAUSE.finditer(text)]


def unsupported_clauses(text: str, sources: Iterable[str]) -> Iterator[Span]:
    """References that no source names. A clause told together with its document must stand with that document in one source."""
    spans = clause_spans(text)
    known = [_plain(source) for source in sources] if spans else []
    for group in _groups(text, spans):
        references = [_plain(text[slice(*span)]) for span in group]
        if not any(all(_names(source, reference) for reference in references) for source in known):
            yield group[0][0], group[-1][1]


def _groups(text: str, spans: Sequence[Span]) -> list[list[Span]]:
    """References that are told in one breath."""
    groups = [[span] for span in spans[:1]]
    for one, other in pairwise(spans):
        if _TIE.fullmatch(text, one[1], other[0]):
            groups[-1].append(other)
        else:
            groups.append([other])
    return groups


def _names(source: str, reference: str) -> bool:
    """Less exact is no invention: who cites Article 35(2) may be told as citing Article 35."""
    return re.search(rf"(?<!\w){re.escape(reference)}(?!\w)", source) is not None


def _plain(text: str) -> str:
    """Lower case, one word for one thing, and every member of a list with its own word: "articles 20 and 21"."""
    plain = " ".join(text.lower().split())
    for pattern, word in _SAME_WORD:
        plain = re.sub(pattern, f"{word} ", plain)
    plain = re.sub(r"\s+(?=\()|(?<=\s)\s+", "", plain).removeprefix("rule ")
    return _SHARED_WORD.sub(_each_with_its_word, plain)


def _each_with_its_word(found: re.Match[str]) -> str:
    members = re.split(r", | and | or ", found[0].removeprefix(f"{found[1]} "))
    return " ; ".join(f"{found[1]} {member}" for member in members)
