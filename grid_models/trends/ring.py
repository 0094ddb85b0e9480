"""A bounded record: the newest rows in memory that is allocated once, the oldest row making room for each new one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grid_models.trends.columns import Float32Array
from grid_models.twin.model import IntArray

LABEL_LENGTH = 24
MARKS = np.dtype([("time_s", "f8"), ("first", "i8"), ("last", "i8"), ("gap", "?"), ("label", f"U{LABEL_LENGTH}")])


@dataclass(frozen=True, eq=False)
class Row:
    """One sample, or the mean of some. `first` and `last` count the samples it stands for; `gap`: something is missing before it."""

    time_s: float
    first: int
    last: int
    gap: bool
    label: str
    values: Float32Array


class Ring:
    """Up to `rows` rows of `columns` values. Not thread-safe: `History` holds the lock."""

    def __init__(self, rows: int, columns: int) -> None:
        self.values = np.zeros((rows, columns), dtype=np.float32)
        self.marks = np.zeros(rows, dtype=MARKS)
        self.pushed = 0

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.marks.nbytes

    def push(self, row: Row) -> None:
        """Add a row; the oldest one goes where the ring is full."""
        at = self.pushed % len(self.marks)
        self.values[at] = row.values
        self.marks[at] = (row.time_s, row.first, row.last, row.gap, row.label[:LABEL_LENGTH])
        self.pushed += 1

    def row(self, place: int) -> Row:
        """The row at a place."""
        mark = self.marks[place]
        return Row(
            float(mark["time_s"]), int(mark["first"]), int(mark["last"]), bool(mark["gap"]), str(mark["label"]), self.values[place].copy()
        )

    def order(self) -> IntArray:
        """Places of the rows, oldest first."""
        size = len(self.marks)
        return np.arange(max(0, self.pushed - size), self.pushed) % size

    def fill(self, marks: NDArray[Any], values: Float32Array) -> None:
        """Put back rows that were stored, oldest first; the newest ones where there are more than fit."""
        kept = min(len(marks), len(self.marks))
        if kept:
            self.marks[:kept], self.values[:kept] = marks[-kept:], values[-kept:]
        self.pushed = kept
