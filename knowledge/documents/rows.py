"""Which rows of text stand on a page of a PDF, where, how large and how bold?"""

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pypdf import PageObject

_BOLD = ("bold", "black", "heavy", "cmbx", "-medi", "demi")  # in the names of fonts
_HIGHEST_POINTS = 200.0  # a font size beyond is a broken matrix


@dataclass(frozen=True)
class Row:
    """y and size in points, y upwards from the page's lower end; bold: most of its letters are."""

    text: str
    page: int
    y: float
    size: float
    bold: bool


class OutOfTime(BaseException):
    """No Exception: pypdf goes on past those of a page's parts."""


@dataclass
class _Gathered:
    """Letters of the row at hand by (size, bold)."""

    text: str = ""
    y: float | None = None
    letters: Counter[tuple[float, bool]] = field(default_factory=Counter)


def rows_of(page: PageObject, number: int, until: float) -> tuple[Row, ...]:
    """In the order in which the page writes them, without empty ones. Raises OutOfTime when the monotonic clock passes `until` [s].

    It may also raise whatever pypdf raises for a broken page.
    """
    rows: list[Row] = []
    held = _Gathered()

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: dict[str, object] | None, size: float) -> None:
        nonlocal held
        for part in text.splitlines(keepends=True):
            if part.strip():
                held.y = _height(cm, tm) if held.y is None else held.y
                held.letters[_looks(cm, tm, font, size)] += len(part.strip())
            held.text += part
            if part.endswith("\n"):
                rows.extend(_finished(held, number))
                held = _Gathered()

    def watch(*operation: object) -> None:
        if time.monotonic() > until:
            raise OutOfTime

    page.extract_text(visitor_text=visit, visitor_operand_before=watch)
    return (*rows, *_finished(held, number))


def _finished(held: _Gathered, page: int) -> tuple[Row, ...]:
    text = " ".join(held.text.replace("\0", " ").split())
    if not text or held.y is None:
        return ()
    (size, _), _ = held.letters.most_common(1)[0]
    bold = sum(n for (_, bold), n in held.letters.items() if bold) > 0.5 * held.letters.total()
    return (Row(text, page, held.y, size, bold),)


def _looks(cm: Sequence[float], tm: Sequence[float], font: dict[str, object] | None, size: float) -> tuple[float, bool]:
    points = abs(float(size)) * math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3])
    name = str((font or {}).get("/BaseFont", "")).lower()
    return round(2 * min(points, _HIGHEST_POINTS)) / 2, any(word in name for word in _BOLD)


def _height(cm: Sequence[float], tm: Sequence[float]) -> float:
    return tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
