"""Caused by the action: which of many values it pushes beyond their limit, which were beyond before, which it relieves."""

from dataclasses import dataclass

import numpy as np

from grid_models.twin.model import BoolArray, FloatArray

NOISE = 1e-9  # two solutions of equal states may differ in their last bits; far below every tolerance

Index = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """All arrays have the shape of the values. `beyond`: distance past the limit after the change, negative inside, NaN where unknown."""

    beyond: FloatArray
    caused: BoolArray
    existing: BoolArray
    relieved: BoolArray

    def worst(self, among: BoolArray) -> Index | None:
        """Index of the chosen value furthest beyond (or nearest to) its limit; None where nothing is judged. Ties keep the first."""
        judged = np.where(among, self.beyond, np.nan)
        if not np.isfinite(judged).any():
            return None
        return tuple(int(i) for i in np.unravel_index(int(np.nanargmax(judged)), judged.shape))

    def worst_of_each_case(self, among: BoolArray) -> list[Index]:
        """Of each first index (an outage, or a value of the undisturbed grid) the worst chosen value; worst case first."""
        judged = np.where(among, self.beyond, -np.inf).reshape(len(self.beyond), -1)
        columns, highest = judged.argmax(axis=1), judged.max(axis=1)
        order = [int(row) for row in np.argsort(-highest, kind="stable") if np.isfinite(highest[row])]
        return [(row, int(columns[row]))[: self.beyond.ndim] for row in order]


def compare(beyond_before: FloatArray, beyond_after: FloatArray, tolerance: float) -> Comparison:
    """Compare distances past a limit. A value without a before (NaN) counts against the limit alone."""
    violated = beyond_after > NOISE
    worse = beyond_after - beyond_before > tolerance + NOISE
    caused = violated & (worse | np.isnan(beyond_before))
    return Comparison(
        beyond=beyond_after,
        caused=caused,
        existing=violated & ~caused,
        relieved=np.isfinite(beyond_before) & (beyond_before > NOISE) & (beyond_before - beyond_after > tolerance + NOISE),
    )
