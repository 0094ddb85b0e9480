"""Which clauses does a text name? "Art. 35(5)", "Articles 20 to 23", "annex II, table 1", "PRC-023 R1", "clause 7.2", "CC.6.1.4"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KINDS = {
    "article": r"articles?|artikel|arts?\b\.?",
    "annex": r"annex(?:es?)?|appendix|appendices|schedules?|anhang|anlage",
    "attachment": r"attachments?",
    "table": r"tables?",
    "section": r"sections?|sect?\.|(?:sub)?clauses?|chapters?|abschnitt|kapitel|rules?|§+",
    "requirement": r"requirements?|reqs?\b\.?",
}
_UNIT = r"(?![\d.]*\s*(?:[kM]?V|[km]?Hz|%|pu|[kM]W|MVA|percent|degrees?|°|years?)\b)"  # "Annex II, 300 kV": a voltage, no second annex
_NUMBER = rf"(?:R\.?)?\d+{_UNIT}(?:\.\d+)*(?-i:[a-z])?\b|[IVX]+\b|(?-i:[A-Z])\b(?:\.\d+)*"
_PARTS = r"(?:\s*\(\w{1,4}\))*"
_ITEM = rf"(?:{_NUMBER}){_PARTS}"
_JOIN = r"\s*(?:,\s*(?:and|or)?|and|or|&|to|through|[-–])\s*"
_LIST = rf"{_ITEM}(?:{_JOIN}(?:{_ITEM}|(?:\(\w{{1,4}}\))+))*"
_NAMED = {kind: re.compile(rf"(?<![\w-])(?:{words})\s*(?P<list>{_LIST})", re.IGNORECASE) for kind, words in _KINDS.items()}
_BARE_REQUIREMENT = re.compile(r"(?<![\w-])R\.?(\d+(?:\.\d+)*)(?![\w-])", re.IGNORECASE)
_CODE = re.compile(r"\b([A-Z]{2,4})\.? ?(\d+(?:\.\d+){1,})\b")  # GB Grid Code: CC.6.1.4, OC6.6.2
_PARAGRAPH_OF = re.compile(r"\bpara(?:graph)?s?\.?\s*\(?(\d+)\)?\s+of\s+(art(?:icle)?\.?\s*\d+)", re.IGNORECASE)
_PARAGRAPH_AFTER = re.compile(r"\b(art(?:icle)?\.?\s*\d+)\s*,?\s*para(?:graph)?\.?\s*\(?(\d+)\)?", re.IGNORECASE)
_LONGEST_RANGE = 50
ANY = "clause"  # of a number that stands alone: "SO GL 35"


@dataclass(frozen=True, order=True)
class Reference:
    """One clause: its kind, its number as text ("35", "ii", "7.2") and the paragraph, empty for the whole."""

    kind: str
    number: str
    part: str = ""

    @property
    def words(self) -> str:
        """As a person writes it."""
        if self.kind == "code":
            return self.number.upper()
        if self.kind == "requirement":
            return f"R{self.number}"
        number = self.number.upper() if self.number[0].isalpha() else self.number
        return f"{self.kind.capitalize()} {number}" + (f"({self.part})" if self.part else "")

    def within(self, other: "Reference") -> bool:
        """Whether one of the two is the other, or a part of it: 7.2 is of 7, 35(5) of 35."""
        if ANY not in (self.kind, other.kind) and self.kind != other.kind:
            return False
        if not ("" in (self.part, other.part) or self.part == other.part):
            return False
        short, long = sorted((self.number, other.number), key=len)
        return long == short or long.startswith(f"{short}.")


def references(text: str) -> tuple[Reference, ...]:
    """Every clause that a text names, each once, in the order of their kinds."""
    text = _PARAGRAPH_AFTER.sub(r"\1(\2)", _PARAGRAPH_OF.sub(r"\2(\1)", text))
    found = [
        reference for kind, pattern in _NAMED.items() for match in pattern.finditer(text) for reference in _listed(kind, match["list"])
    ]
    found += [Reference("requirement", match[1]) for match in _BARE_REQUIREMENT.finditer(text)]
    found += [Reference("code", f"{match[1]}.{match[2]}".lower()) for match in _CODE.finditer(text)]
    return tuple(dict.fromkeys(found))


def without_references(text: str) -> str:
    """What else a question asks."""
    text = _PARAGRAPH_AFTER.sub(r"\1(\2)", _PARAGRAPH_OF.sub(r"\2(\1)", text))
    for pattern in (*_NAMED.values(), _BARE_REQUIREMENT, _CODE):
        text = pattern.sub(" ", text)
    return text


def _listed(kind: str, listed: str) -> Iterator[Reference]:
    """The items of "20(1) and (3), 22 to 24"."""
    last = ""
    for joint, number, parts in re.findall(rf"({_JOIN})?({_NUMBER})?({_PARTS})", listed, re.IGNORECASE):
        number = number.lower().lstrip("r.") if kind == "requirement" else number.lower()
        if joint.strip() in ("to", "through", "-", "–") and number.isdigit() and last.isdigit():
            for between in range(int(last) + 1, min(int(number), int(last) + _LONGEST_RANGE)):
                yield Reference(kind, str(between))
        last = number or last
        if number or parts:
            yield Reference(kind, last, next(iter(re.findall(r"\((\w+)\)", parts)), "").lower())
