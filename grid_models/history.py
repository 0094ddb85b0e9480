"""The bounded history of accepted states: every sample of the last hour, means of a minute for a day, of 15 minutes for 31 days.

>>> from grid_models.steady.boundary import solve
>>> from grid_models.twin.source import load_grid
>>> state = load_grid("case14").state_at()
>>> past = History(state.model)
>>> past.append(state.plant_time, solve(state))
>>> past.series(Trended.VOLTAGE, "Bus 6").values.round(3).tolist()
[1.07]
"""

from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np

from grid_models.errors import InvalidAction
from grid_models.steady.solution import Solution
from grid_models.trends.columns import SUMMED, Trended, columns_of, name_of, row_of, values_of, width
from grid_models.trends.history_file import HistoryLost, load_rings, save_rings
from grid_models.trends.record import Record
from grid_models.trends.series import Series, Trend, trend
from grid_models.twin.model import GridModel

__all__ = ["History", "HistoryLost", "Series", "Trend", "Trended", "resumed", "trend"]

_BUDGET_MIB = 256.0  # the default grid needs 14; a grid that would need more keeps shorter spans


class History:
    """What was accepted, when, and how good it was. Its memory is allocated once; it may be read while another thread appends."""

    def __init__(self, model: GridModel, budget_mib: float = _BUDGET_MIB) -> None:
        self.model = model
        self._record = Record(width(model), budget_mib * 2**20)
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """Bytes of all rows; they never grow."""
        return sum(ring.nbytes for ring in self._record.rings)

    @property
    def samples(self) -> int:
        """States ever appended, those before a restart included."""
        return self._record.samples

    @property
    def rows_kept(self) -> tuple[int, int, int]:
        """How many samples, minutes and quarters of an hour are kept at most."""
        samples, minutes, quarters = (len(ring.marks) for ring in self._record.rings)
        return samples, minutes, quarters

    def append(self, time: datetime, solution: Solution, quality: str = "good") -> None:
        """Record an accepted state at its plant time. A clock that went back, or a pause, is marked as a gap; nothing is dropped.

        quality: a word or two on the estimate, cut at 24 characters. Raises InvalidAction for a state of another grid.
        """
        if solution.model is not self.model and solution.model.content_hash != self.model.content_hash:
            raise InvalidAction(f"A state of grid '{solution.model.name}' cannot join the history of '{self.model.name}'; its own can.")
        values = values_of(solution)
        with self._lock:
            self._record.take(time.timestamp(), quality, values)

    def series(self, quantity: Trended, element: str | int | None = None, since: datetime | None = None) -> Series:
        """All that is kept of one element, every moment once, as finely as it is kept.

        element: name, alias or row; None for the total of loads, generators or infeeds.  since: plant time of the oldest row wanted.
        Raises UnknownElement, AmbiguousElement, InvalidAction.
        """
        if element is None and quantity not in SUMMED:
            raise InvalidAction(f"A total of {quantity} means nothing; one element, or the total of {', '.join(SUMMED)}, would work.")
        columns = columns_of(self.model, quantity)
        row = None if element is None else row_of(self.model, quantity, element)
        with self._lock:
            chosen = self._record.chosen()
            marks = np.concatenate([ring.marks[order] for ring, order in chosen])
            parts = [ring.values[order, columns] if row is None else ring.values[order, columns.start + row] for ring, order in chosen]
        values = np.concatenate([np.nansum(part, axis=1, dtype=np.float64) if row is None else part for part in parts])
        wanted = marks["time_s"] >= since.timestamp() if since else np.ones(len(marks), dtype=bool)
        return Series(
            quantity=quantity,
            element="total" if row is None else name_of(self.model, quantity, row),
            time_s=marks["time_s"][wanted],
            values=values[wanted].astype(np.float64),
            gap=marks["gap"][wanted],
            quality=tuple(map(str, marks["label"][wanted])),
        )

    def save(self, path: Path) -> None:
        """Write everything to one file, atomically."""
        with self._lock:
            save_rings(self.model, self._record.rings, self._record.samples, path)

    @classmethod
    def load(cls, model: GridModel, path: Path, budget_mib: float = _BUDGET_MIB) -> Self:
        """The history that a file holds; an empty one where there is no file. Raises HistoryLost for a damaged file or another grid's."""
        found = cls(model, budget_mib)
        if path.exists():
            found._record.restore(*load_rings(model, path))
        return found


def resumed(model: GridModel, path: Path) -> tuple[History, str | None]:
    """As `load`, but a file that cannot be used gives an empty history and the sentence that says so: recording never stops for it."""
    try:
        return History.load(model, path), None
    except HistoryLost as lost:
        return History(model), str(lost)
