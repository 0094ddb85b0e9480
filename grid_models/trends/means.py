"""Means over fixed intervals of plant time, taken while samples come; never across a gap."""

import numpy as np

from grid_models.trends.ring import Row
from grid_models.twin.model import FloatArray

MIXED = "mixed"  # label of a mean over samples of different labels


class RunningMean:
    """Collects the samples of one interval and gives their mean when another interval begins. A value that is NaN throughout stays NaN."""

    def __init__(self, interval_s: float, columns: int) -> None:
        self.interval_s = interval_s
        self._sum: FloatArray = np.zeros(columns)
        self._count = np.zeros(columns, dtype=np.int64)
        self._first: Row | None = None
        self._last: Row | None = None
        self._size = 0
        self._time_sum_s = 0.0
        self._label = ""

    def add(self, row: Row) -> Row | None:
        """Take a sample; gives the mean of the interval before where this sample begins another."""
        done = None
        if self._first is None or row.gap or self._interval(row) != self._interval(self._first):
            done = self.mean()
            self._begin(row)
        self._last = row
        self._size += 1
        self._time_sum_s += row.time_s
        self._label = row.label if row.label == self._label else MIXED
        known = ~np.isnan(row.values)
        self._sum[known] += row.values[known]
        self._count += known
        return done

    def mean(self) -> Row | None:
        """The mean so far, at the mean time of its samples; None before the first one."""
        if self._first is None or self._last is None:
            return None
        mean = np.divide(self._sum, self._count, out=np.full(len(self._sum), np.nan), where=self._count > 0)
        time_s = self._time_sum_s / self._size
        return Row(time_s, self._first.first, self._last.last, self._first.gap, self._label, mean.astype(np.float32))

    def _begin(self, row: Row) -> None:
        self._first, self._label = row, row.label
        self._size, self._time_sum_s = 0, 0.0
        self._sum[:], self._count[:] = 0.0, 0

    def _interval(self, row: Row) -> int:
        return int(row.time_s // self.interval_s)
