"""Three rings side by side: every sample, means of a minute, means of 15 minutes; and the rows of all three as one story."""

from collections.abc import Sequence

from grid_models.trends.columns import Float32Array
from grid_models.trends.history_file import StoredRing
from grid_models.trends.means import RunningMean
from grid_models.trends.ring import Ring, Row
from grid_models.twin.model import IntArray

_ROWS = (900, 24 * 60, 31 * 24 * 4)  # an hour at one state every 4 s, a day of minutes, 31 days of quarters of an hour
_LEAST_ROWS = (61, 16, 1)  # each reaches back over the unfinished mean of the next, at a sample a second; else some were nowhere
_INTERVALS_S = (60.0, 900.0)
_GAP_S = 60.0  # shorter pauses are no gap
_GAP_INTERVALS = 5.0  # nor are pauses of a few usual intervals: a plant that runs faster has samples further apart
_USUAL_WEIGHT = 0.1  # of the newest interval in what is usual


class Record:
    """Not thread-safe: `History` holds the lock. Memory is allocated once, at most about `budget_bytes`."""

    def __init__(self, columns: int, budget_bytes: float) -> None:
        share = min(1.0, budget_bytes / (Ring(1, columns).nbytes * sum(_ROWS)))
        self.rings = [Ring(max(least, int(share * rows)), columns) for rows, least in zip(_ROWS, _LEAST_ROWS, strict=True)]
        self.samples = 0
        self._means = [RunningMean(interval_s, columns) for interval_s in _INTERVALS_S]
        self._last_s: float | None = None
        self._usual_s = 0.0

    def take(self, time_s: float, label: str, values: Float32Array) -> None:
        """One sample; a mean goes into its ring when the next interval begins."""
        self.samples += 1
        row = Row(time_s, self.samples, self.samples, self._after_gap(time_s), label, values)
        self.rings[0].push(row)
        for ring, mean in zip(self.rings[1:], self._means, strict=True):
            done = mean.add(row)
            if done is not None:
                ring.push(done)

    def chosen(self) -> list[tuple[Ring, IntArray]]:
        """Which rows of which ring tell everything once, oldest first: means reach back to where the finer rows are gone.

        A mean that begins before the oldest finer row stands for all its samples, so that nothing is missing where they meet.
        """
        found: list[tuple[Ring, IntArray]] = []
        oldest = self.samples + 1
        for ring in self.rings:
            order = ring.order()
            order = order[ring.marks["first"][order] < oldest]
            if len(order):
                oldest, last = int(ring.marks["first"][order[0]]), int(ring.marks["last"][order[-1]])
                found = [(finer, rows[finer.marks["first"][rows] > last]) for finer, rows in found]
            found.insert(0, (ring, order))
        return found

    def restore(self, samples: int, stored: Sequence[StoredRing]) -> None:
        """Continue where a file ends: unfinished means are taken again from the samples they stood on."""
        for ring, (marks, values) in zip(self.rings, stored, strict=True):
            ring.fill(marks, values)
        self.samples = samples
        recent = self.rings[0]
        for ring, mean in zip(self.rings[1:], self._means, strict=True):
            order = ring.order()
            done = int(ring.marks["last"][order[-1]]) if len(order) else 0
            for place in recent.order():
                if recent.marks["last"][place] > done:
                    mean.add(recent.row(place))
        if samples:
            self._last_s = float(recent.marks["time_s"][recent.order()[-1]])

    def _after_gap(self, time_s: float) -> bool:
        """Did the clock go back, or was there a pause, before this sample?"""
        before, self._last_s = self._last_s, time_s
        if before is None:
            return False
        passed_s = time_s - before
        gap = passed_s < 0 or passed_s > max(_GAP_S, _GAP_INTERVALS * self._usual_s)
        counted_s = min(max(passed_s, 0.0), max(_GAP_S, _GAP_INTERVALS * self._usual_s))
        self._usual_s = counted_s if not self._usual_s else (1 - _USUAL_WEIGHT) * self._usual_s + _USUAL_WEIGHT * counted_s
        return gap
