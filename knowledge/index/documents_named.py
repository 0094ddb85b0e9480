"""Which documents does a question name? "SO GL", "PRC-023", "IEEE 1547", "60076-7", "2017/1485", or a title as it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.index.acronyms import with_tokens
from knowledge.index.tokens import plain

_BODY = r"(?:iec|ieee|en|iso|ansi|bs|din|vde|nfpa|cigre|entso-e|nerc|tb|tr|ts)(?:[ /-](?:iec|ieee|en|iso|std|standard|tb|tr|ts))*\.?[ -]"
_NERC = r"(?<![\w-])[a-z]{3}-\d{3}(?:-\d+(?:\.\d+)?)?(?![\w-])"
_LETTERED = r"(?<![\w-])c\d{2}\.\d+(?:\.\d+)?"  # IEEE C57.91
_REGULATION = r"\b\d{4}/\d{3,4}\b"  # (EU) 2017/1485
_NUMBERED = r"\b\d{4,5}(?:-\d+)*\b"
_CODE = re.compile(f"{_NERC}|{_LETTERED}|{_REGULATION}|{_NUMBERED}")
_SURELY_A_DOCUMENT = re.compile(rf"{_NERC}|{_LETTERED}|{_REGULATION}|\b{_BODY}\d{{2,5}}(?:-\d+)*[a-z]?\b")
_SHORT_NAME = re.compile(r"\(([^()]{2,20})\)\s*$")
_EDITION = re.compile(r"(?<=\d)-\d+(?:\.\d+)?$")


@dataclass(frozen=True)
class Named:
    """`documents`: the stored ones; `codes`: what reads like the number of another; `rest`: the question without the stored ones."""

    documents: frozenset[str]
    codes: tuple[str, ...]
    rest: str


def documents_named(question: str, documents: Iterable[str]) -> Named:
    """Names are matched whole: "PRC-024" names every edition, "PRC-024-3" only this one."""
    rest = with_tokens(plain(question)).lower()
    patterns = {document: _pattern(document) for document in documents}
    found = frozenset(document for document, pattern in patterns.items() if pattern.search(rest))
    for document in found:
        rest = patterns[document].sub(" ", rest)
    codes = tuple(dict.fromkeys(match[0].strip() for match in _SURELY_A_DOCUMENT.finditer(rest)))
    return Named(found, codes, rest)


@lru_cache(maxsize=8192)
def _pattern(document: str) -> re.Pattern[str]:
    """Any of its names, the longest first."""
    names = sorted(_names(document), key=len, reverse=True)
    ways = [rf"\b{_BODY}{name}" if name.isdigit() else rf"(?:\b{_BODY})?{re.escape(name)}" for name in names]
    return re.compile(rf"(?<![\w-])(?:the )?(?:{'|'.join(ways)})(?![\w-]|\.\d|/\d)")


def _names(document: str) -> set[str]:
    """The whole name, its short name in parentheses, and its numbers with and without an edition; a bare number needs its body."""
    name = with_tokens(plain(document)).lower()
    codes = set(_CODE.findall(name))
    short = {found[1] for found in [_SHORT_NAME.search(name)] if found}
    return {name, *codes, *(_EDITION.sub("", code) for code in codes), *short}
