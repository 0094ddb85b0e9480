"""When does an under- or overvoltage, an under- or overfrequency relay trip? Thresholds, each with a delay that must pass without a break.

A bank holds the stages of many elements (generators, loads) as (elements, stages); an element with fewer stages has some that never trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from grid_models.protection.curves import InvalidRelay
from grid_models.twin.model import BoolArray, FloatArray, IntArray

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


def tripping_stage(elapsed_s: FloatArray, values: ArrayLike, bank: StageBank) -> IntArray:
    """(elements,) column of the stage that trips first, for the words of an event; -1 where none will."""
    rest = np.where(picked_up(values, bank), bank.delay_s - elapsed_s, inf)
    if not rest.shape[1]:
        return np.full(len(rest), -1, dtype=np.int64)
    return np.where(np.isfinite(rest).any(axis=1), rest.argmin(axis=1), -1)
