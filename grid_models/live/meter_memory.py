"""How has each meter behaved: since when is its value the same, what was estimated then, how far is it off on average?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from grid_models.estimation.verdicts import Behaviour
from grid_models.telemetry.door_memory import keys_of
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.twin.model import FloatArray, IntArray

_MEAN_OVER_S = 120.0  # seconds over which deviations are averaged; engineering judgement, half an hour of drift shows in it


@dataclass(frozen=True, eq=False)
class MeterMemory:
    """Columns by ascending `key`, one row a meter of the latest set, so it never grows. Times are plant time in Unix seconds."""

    key: IntArray
    value: FloatArray
    since_s: FloatArray
    estimate_then: FloatArray
    mean_deviation: FloatArray
    now_s: float

    @classmethod
    def empty(cls) -> Self:
        """Nothing is known."""
        nothing = np.zeros(0)
        return cls(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, nothing, 0.0)

    def after(self, measurements: MeasurementSet, estimated: FloatArray, now_s: float, bad: Sequence[int] = ()) -> Self:
        """The memory after one more set and what it should have read, NaN where that is unknown.

        bad: rows that were left out. Their mean stays what it was when they were found: it says how they became bad.
        """
        every = keys_of(measurements)
        key, first = np.unique(every, return_index=True)
        value, should = measurements.value[first], estimated[first]
        at, known = self._rows(key)
        same = known & (self._column(self.value, at) == value)
        deviation = np.nan_to_num((value - should) / np.maximum(measurements.sigma[first], 1e-9))
        silent = np.isin(first, bad) | ~known  # one deviation, the first, is no mean: it would pass for a drift for minutes
        weight = np.where(silent, 0.0, np.clip((now_s - self.now_s) / _MEAN_OVER_S, 0.0, 1.0))
        mean = np.where(known, self._column(self.mean_deviation, at), 0.0)
        return type(self)(
            key=key,
            value=value,
            since_s=np.where(same, self._column(self.since_s, at), now_s),
            estimate_then=np.where(same, self._column(self.estimate_then, at), should),
            mean_deviation=mean + weight * (np.clip(deviation, -5.0, 5.0) - mean),  # one wild value that nothing noticed is no drift
            now_s=now_s,
        )

    def of(self, measurements: MeasurementSet, index: int) -> Behaviour | None:
        """The behaviour of one meter before this set; None where it is new."""
        at, known = self._rows(keys_of(measurements)[index : index + 1])
        if not known[0]:
            return None
        row = int(at[0])
        still = self.value[row] == measurements.value[index]
        return Behaviour(
            still_s=float(measurements.time_s[index] - self.since_s[row]) if still else 0.0,
            estimate_then=float(self.estimate_then[row]),
            mean_deviation=float(self.mean_deviation[row]),
        )

    def _rows(self, key: IntArray) -> tuple[IntArray, IntArray]:
        if not len(self.key):
            return np.zeros(len(key), dtype=np.int64), np.zeros(len(key), dtype=bool)
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return at, self.key[at] == key

    def _column(self, column: FloatArray, at: IntArray) -> FloatArray:
        return column[at] if len(column) else np.full(len(at), np.nan)
