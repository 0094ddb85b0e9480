"""When does an under- or overvoltage, an under- or overfrequency relay trip? Thresholds, each with a delay that must pass without a break.

A bank holds the stages of many elements (generators, loads) as (elements, stages); an element with fewer stages has some that never trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from grid_models.protection.curves import InvalidRelay
from grid_models.twin.model import BoolArray, FloatArray

_ROUNDING_S = 1e-9


@dataclass(frozen=True)
class Stage:
    """Trips after delay_s below the threshold, or at and above it where `over`.  threshold: pu or Hz."""

    threshold: float
    delay_s: float
    over: bool

    def __post_init__(self) -> None:
        if not (np.isfinite(self.threshold) and self.delay_s >= 0.0):
            raise InvalidRelay(f"{self} was given; a threshold in pu or Hz and a delay of 0 s or more would work.")


@dataclass(frozen=True, eq=False)
class StageBank:
    """(elements, stages) each.  delay_s is infinite where an element has no such stage."""

    threshold: FloatArray
    delay_s: FloatArray
    over: BoolArray

    @classmethod
    def of(cls, stages: Sequence[Sequence[Stage]]) -> "StageBank":
        """One row of stages for each element."""
        width = max((len(row) for row in stages), default=0)
        padded = [[*row, *[Stage(0.0, inf, False)] * (width - len(row))] for row in stages]
        shape = (len(stages), width)
        return cls(
            np.array([[s.threshold for s in row] for row in padded], dtype=np.float64).reshape(shape),
            np.array([[s.delay_s for s in row] for row in padded], dtype=np.float64).reshape(shape),
            np.array([[s.over for s in row] for row in padded], dtype=bool).reshape(shape),
        )

    @property
    def at_rest(self) -> FloatArray:
        """Timers of which none runs."""
        return np.zeros_like(self.delay_s)


def picked_up(values: ArrayLike, bank: StageBank) -> BoolArray:
    """(elements, stages) whose timer runs.  values: (elements,) pu or Hz; NaN (no voltage, nothing connected) starts none."""
    seen = np.asarray(values, dtype=np.float64)[:, None]
    return np.asarray(np.where(bank.over, seen >= bank.threshold, seen < bank.threshold) & np.isfinite(bank.delay_s))


def advanced(elapsed_s: FloatArray, values: ArrayLike, dt_s: float, bank: StageBank) -> FloatArray:
    """(elements, stages) timers after dt_s more seconds of the present values; one whose stage has dropped off is back at 0."""
    return np.where(picked_up(values, bank), elapsed_s + dt_s, 0.0)


def time_to_trip(elapsed_s: FloatArray, values: ArrayLike, bank: StageBank) -> FloatArray:
    """(elements,) seconds until the first stage trips if the present values stay; infinite where none does, 0 where one is due."""
    rest = np.maximum(bank.delay_s - elapsed_s, 0.0)
    rest = np.where(rest <= _ROUNDING_S, 0.0, rest)
    return np.asarray(np.where(picked_up(values, bank), rest, inf).min(axis=1, initial=inf))


def first_trip_s(times_s: FloatArray, values: FloatArray, bank: StageBank, not_before_s: float = 0.0) -> FloatArray:
    """(elements,) when each trips in a course that all of them see, never before a moment; infinite where none does.

    times_s, values: (rows,) in order of time; a stage counts from the first of its rows on.
    """
    each, row_of = np.unique(np.stack([bank.threshold, bank.delay_s, bank.over], axis=-1), axis=0, return_inverse=True)
    found = np.array([_of_one(times_s, values, stages, not_before_s) for stages in each])
    return found[np.ravel(row_of)] if len(found) else np.full(len(bank.threshold), inf)


def _of_one(times_s: FloatArray, values: FloatArray, stages: FloatArray, not_before_s: float) -> float:
    """The first of these (stages, 3)."""
    soonest = inf
    for threshold, delay_s, over in stages[np.isfinite(stages[:, 1])]:
        beyond = values >= threshold if over else values < threshold
        last = np.maximum.accumulate(np.where(beyond, -1, np.arange(len(times_s))))  # row before it was beyond
        began_s = _crossed_s(times_s, values, threshold)[np.minimum(last + 1, len(times_s) - 1)]
        due = np.flatnonzero(beyond & (times_s - began_s >= delay_s - _ROUNDING_S) & (times_s >= not_before_s - _ROUNDING_S))
        if len(due):
            soonest = min(soonest, max(float(began_s[due[0]] + delay_s), not_before_s))
    return soonest


def _crossed_s(times_s: FloatArray, values: FloatArray, threshold: float) -> FloatArray:
    """(rows,) when a straight line from the row before met the threshold; the row's own time where it did not."""
    step = np.diff(values, prepend=values[0])
    share = np.divide(values - threshold, step, out=np.zeros_like(values), where=step != 0.0)
    return np.asarray(times_s - np.clip(share, 0.0, 1.0) * np.diff(times_s, prepend=times_s[0]), dtype=np.float64)
