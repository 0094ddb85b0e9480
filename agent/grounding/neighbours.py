"""Which words of a sentence belong to which of its numbers?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.grounding.formats import Unit
from agent.grounding.names import Span
from agent.grounding.numerals import Numeral

BREAK = re.compile(r"[,;:()|/]|→|—|\s(?:and|but|while|whereas|or|with|to|versus|vs\.?|against|compared)\s")
_OF = re.compile(r"\s*(?:of|out of|/)\s*(?:the\s+|all\s+)?")
_LIST = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|to|-|–)\s*")  # "380, 220 and 110 kV"
_RANGE = re.compile(r"\s*(?:to|-|–|…|\.\.\.)\s*")  # "-16 to 16"
_AND = re.compile(r"\s*and\s*")  # "between 1.037 pu and 1.127 pu"
_CHANGE = re.compile(r"\s*(?:to|→|->)\s*")  # "from 78.6 % to 155.6 %"
_BOUND = re.compile(
    r"\b(?:limit|threshold|above|below|over|under|than|exceed(?:s|ing|ed)?|cross(?:es|ing|ed)?)\W*(?:is|of|at)?\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_WHOLE_WORDS = frozenset({"rating", "limit", "available"})  # the 0.680 of "0.026 kA of 0.680 kA"


@dataclass(frozen=True)
class Neighbours:
    """The numbers of one sentence or cell, in order."""

    text: str
    span: Span
    numerals: Sequence[Numeral]

    def words_around(self, i: int) -> tuple[str, str]:
        """The words before and after; numbers that stand together, "20 of 104 outages", share them."""
        start, end = self._group(i)
        return self._before(start), self._after(end)

    def unit(self, i: int) -> Unit | None:
        """Its own unit, or that of the list it stands in."""
        return next((n.unit for n in self.numerals[i : self._group(i)[1] + 1] if n.unit), None)

    def is_whole(self, i: int) -> bool:
        """The 104 of "20 of 104"."""
        return self._joined(i, _OF) and not self.numerals[i].unit and not self.numerals[i - 1].unit and self._value(i) >= 0

    def words_of_place(self, i: int) -> frozenset[str]:
        """What the place says: the ends of a range, the whole of a part, before and after a change, a bound."""
        found: set[str] = set(_WHOLE_WORDS) if self._joined(i, _OF) and self.numerals[i].unit else set()
        if self._spans(i + 1) and self._value(i) <= self._value(i + 1):
            found.add("min")
        if self._spans(i) and self._value(i) >= self._value(i - 1):
            found.add("max")
        if self._changes(i) or self._changes(i + 1):
            found = {"after" if self._changes(i) else "before"}
        if _BOUND.search(self._before(i)) or re.match(r"\s*(?:limit|threshold)\b", self.text[self.numerals[i].span[1] :]):
            found.add("limit")
        return frozenset(found)

    def _spans(self, i: int) -> bool:
        """Whether number i ends a range."""
        return self._joined(i, _RANGE) or (self._joined(i, _AND) and "between" in self._before(i - 1))

    def _changes(self, i: int) -> bool:
        """Whether number i is where a change leads to."""
        return self._joined(i, _CHANGE) and (
            "from" in self._before(i - 1) or "→" in self.text[self.numerals[i - 1].span[1] : self.numerals[i].span[0]]
        )

    def end_of_gap(self, i: int) -> int:
        """Where the next number begins, or the end."""
        return self.numerals[i + 1].span[0] if i + 1 < len(self.numerals) else self.span[1]

    def _value(self, i: int) -> float:
        return self.numerals[i].readings[0].value

    def _joined(self, i: int, how: re.Pattern[str]) -> bool:
        """Whether the gap before number i is nothing but such a word."""
        return 0 < i < len(self.numerals) and how.fullmatch(self.text, self.numerals[i - 1].span[1], self.numerals[i].span[0]) is not None

    def _group(self, i: int) -> Span:
        """The first and the last of the numbers that stand together."""
        start, end = i, i
        while self._together(start):
            start -= 1
        while self._together(end + 1):
            end += 1
        return start, end

    def _together(self, i: int) -> bool:
        return self._joined(i, _OF) or (self._joined(i, _LIST) and self.numerals[i - 1].unit is None)

    def _before(self, i: int) -> str:
        """The words in front: the gap between two numbers is divided at its first break."""
        gap = self.text[self.numerals[i - 1].span[1] if i else self.span[0] : self.numerals[i].span[0]]
        cut = BREAK.search(gap) if i else None
        return gap[cut.end() :] if cut else gap

    def _after(self, i: int) -> str:
        gap = self.text[self.numerals[i].span[1] : self.end_of_gap(i)]
        cut = BREAK.search(gap)
        return gap[: cut.start()] if cut else gap
