"""Does a text begin with the number of a clause? "Article 35", "§ 12", "4.2.1 Title", "Annex II", "CC.6.1.4", "R13."."""

import re
from dataclasses import dataclass

_RANKS = {
    **dict.fromkeys(("part", "teil", "book"), 1),
    **dict.fromkeys(("title", "titel"), 2),
    **dict.fromkeys(("chapter", "kapitel", "annex", "annexe", "appendix", "schedule", "anhang", "anlage"), 3),
    **dict.fromkeys(("section", "abschnitt"), 4),
    **dict.fromkeys(("article", "artikel", "art.", "clause", "rule", "requirement"), 5),
}
_ANNEXES = ("annex", "annexe", "appendix", "schedule", "anhang", "anlage")
_FIRST_DOTTED_RANK = 6
_TITLE_WORDS = 14  # longer ones are sentences

_WORDS = "|".join(re.escape(word) for word in _RANKS)
_DIVISION = re.compile(
    rf"(?i:(?P<word>{_WORDS}))\s*"
    r"(?P<number>\d{1,4}[a-z]{0,3}(?:\.\d{1,3})*|[IVXLC]{1,7}|[A-Z](?:\.?\d{1,3})*)(?![\w(])",
)
_PARAGRAPH = re.compile(r"(?P<number>§§?\s*\d{1,4}\s?[a-z]{0,2}(?:\.\d{1,3})*)(?!\w)")
_DOTTED = re.compile(r"(?P<number>[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2}))+)[.)]?(?=\s)")
_CODE = re.compile(r"(?P<number>[A-Z]{1,5}\d{0,3}(?:\.\d{1,3}[a-z]?)+|[A-Z]\d{1,3}(?=\.\s))[.)]?(?=\s)")
_SINGLE = re.compile(r"(?P<number>[1-9]\d?)[.)]?(?=\s)")
_QUANTITY = re.compile(r"[µkMGTm]?(?:W|V|VA|[Vv][Aa]r|Hz|A|Wh|Ω|GWs)\b|p\.?u\b|K\b|°|%|\d")
_SEPARATOR = re.compile(r"\s*[:.–—-]\s+|\s+")


@dataclass(frozen=True)
class Number:
    """text: "Article 35", "4.2.1"; rank: the lower, the further out; rest: what stands after it."""

    text: str
    rank: int
    rest: str
    annex: bool = False

    @property
    def titled(self) -> bool:
        """What follows is a title or nothing, not the text of the clause."""
        return reads_like_title(self.rest)


def reads_like_title(text: str) -> bool:
    """Short, and not ended as a sentence is."""
    return len(text.split()) <= _TITLE_WORDS and "\n" not in text and not text.rstrip().endswith((".", ";", ",", ":"))


def numbered(text: str, *, single: bool = False) -> Number | None:
    """The clause number a text begins with; with `single` also "4 Title", which in running text is a list or a quantity."""
    if found := _DIVISION.match(text):
        word = found["word"].lower()
        return _number(found, text, _RANKS[word], annex=word in _ANNEXES)
    if found := _PARAGRAPH.match(text):
        return _number(found, text, _RANKS["article"])
    if found := _DOTTED.match(text) or _CODE.match(text):
        return _number(found, text, _FIRST_DOTTED_RANK + found["number"].count("."))
    if single and (found := _SINGLE.match(text)):
        return _number(found, text, _FIRST_DOTTED_RANK)
    return None


def _number(found: re.Match[str], text: str, rank: int, *, annex: bool = False) -> Number | None:
    """None where the text goes on as a sentence about the clause ("Article 35 of ..."), or where the number is a quantity ("4.2 MW")."""
    rest = text[found.end() :]
    gap = _SEPARATOR.match(rest)
    title = rest[gap.end() :].strip() if gap else rest.strip()
    marked = gap is not None and bool(gap.group().strip())
    if title and not marked and not re.match(r"""["'“„(\[]*[A-ZÀ-ÞĀ-Ž]""", title):
        return None
    if (rest and gap is None) or _QUANTITY.match(title):
        return None
    return Number(" ".join(found.group().rstrip(".)").split()), rank, title, annex)
