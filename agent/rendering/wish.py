"""How the person wants it told: the free `style` of the understanding, read once and tolerantly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

_SIDES = {">": "above", ">=": "at or above", "<": "below", "<=": "at or below"}
_DETAILED = 20  # rows of a table where details are wished
_SYMBOLS = {"percent": " %", "pu": " pu", "mw": " MW", "mvar": " Mvar", "ka": " kA", "kv": " kV"}


@dataclass(frozen=True)
class Threshold:
    """A bound that the person gave for a field."""

    field: str
    op: str
    value: float

    def holds(self, value: float | None) -> bool:
        if value is None:
            return False
        return {">": value > self.value, ">=": value >= self.value, "<": value < self.value, "<=": value <= self.value}[self.op]

    @property
    def above(self) -> bool:
        return self.op.startswith(">")

    @property
    def condition(self) -> str:
        """The bound as a JMESPath comparison."""
        return f"{self.field} {self.op} `{self.value:g}`"


@dataclass(frozen=True)
class Wish:
    """`question` is the person's own words: only numbers in it may be repeated as they are."""

    question: str = ""
    focus: str = ""
    topic: str = ""
    kind: str = ""
    field: str = ""
    element: str = ""
    top: int | None = None
    threshold: Threshold | None = None
    yes_no: bool = False
    lowest: bool = False  # the lowest is wished, not the highest
    single: bool = False  # the one that is the lowest or the highest
    details: bool = False

    @property
    def beyond(self) -> str:
        """'above 90 %', or without the number where the person did not say it."""
        bound = self.threshold
        if bound is None:
            return ""
        if not re.search(rf"(?<![\d.]){re.escape(f'{bound.value:g}')}(?:\.0+)?(?!\.?\d)", self.question.replace(",", ".")):
            return f"{_SIDES[bound.op]} that bound"
        return f"{_SIDES[bound.op]} {bound.value:g}{_SYMBOLS.get(bound.field.rpartition('_')[2], '')}"

    @property
    def outage(self) -> bool:
        """Whether the person speaks of a failure rather than of an order."""
        return re.search(r"\b(trip|fail|fault|los[et]|loss|outage|out of service)", self.question, re.IGNORECASE) is not None


def read_wish(style: Mapping[str, object], question: str) -> Wish:
    """A field of another type than expected is as good as none."""
    top = style.get("top") or (_DETAILED if style.get("details") is True else None)
    return Wish(
        question=question,
        focus=_words(style.get("focus")),
        topic=_words(style.get("topic")),
        kind=_words(style.get("kind")),
        field=_words(style.get("field")),
        element=_words(style.get("element")),
        top=top if isinstance(top, int) and not isinstance(top, bool) and top > 0 else None,
        threshold=_threshold(style.get("threshold")),
        yes_no=style.get("yes_no") is True,
        lowest=style.get("order") == "lowest",
        single=style.get("single") is True,
        details=style.get("details") is True,
    )


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _threshold(value: object) -> Threshold | None:
    if not isinstance(value, Mapping):
        return None
    given = cast(Mapping[str, object], value)
    field, op, bound = given.get("field"), given.get("op"), given.get("value")
    if not isinstance(field, str) or op not in _SIDES or not isinstance(bound, int | float) or isinstance(bound, bool):
        return None
    return Threshold(field, str(op), float(bound))
