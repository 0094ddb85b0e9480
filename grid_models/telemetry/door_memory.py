"""What the door remembers of each meter: its last good value, and a jump that waits to be repeated."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_SOURCES = 16  # more than there are


@dataclass(frozen=True, eq=False)
class DoorMemory:
    """Columns by ascending `key` (quantity, source, element); at most one row a meter, so it never grows beyond the grid.

    value, time_s: last good.  pending: a value that jumped and was refused, NaN if none; the next set may confirm it.  now_s: plant time.
    """

    key: IntArray
    value: FloatArray
    time_s: FloatArray
    pending: FloatArray
    now_s: float

    @classmethod
    def empty(cls, now_s: float) -> Self:
        """Nothing is known."""
        nothing = np.zeros(0)
        return cls(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, now_s)

    def of(self, key: IntArray, column: FloatArray) -> FloatArray:
        """(rows,) what a column holds for each key; NaN where nothing is known."""
        if not len(self.key):
            return np.full(len(key), np.nan)
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return np.where(self.key[at] == key, column[at], np.nan)


def keys_of(measurements: MeasurementSet) -> IntArray:
    """(rows,) one number for each meter."""
    return np.asarray(((measurements.quantity * _SOURCES + measurements.source) << 32) + measurements.element, dtype=np.int64)


def remembered(
    memory: DoorMemory, key: IntArray, measurements: MeasurementSet, good: BoolArray, jumped: BoolArray, now_s: float
) -> DoorMemory:
    """The memory after a set: good rows replace what was known, jumps wait beside it."""
    everyone, first = np.unique(np.concatenate([memory.key, key[good], key[jumped]]), return_index=True)
    value, time_s = memory.of(everyone, memory.value), memory.of(everyone, memory.time_s)
    pending = np.full(len(first), np.nan)
    at = np.searchsorted(everyone, key[good])
    value[at], time_s[at] = measurements.value[good], measurements.time_s[good]
    pending[np.searchsorted(everyone, key[jumped])] = measurements.value[jumped]
    return DoorMemory(everyone, value, time_s, pending, now_s)
