"""Which overloads, lost loads and voltages after the same outages are new, resolved, worse or better in another state of the grid?"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grid_models.contingency.outages import Outage
from grid_models.contingency.screening import screen_blocks
from grid_models.contingency.severity import TIE_DIGITS
from grid_models.contingency.summary import Screen, Summary
from grid_models.limits import OperatingLimits
from grid_models.twin.model import BoolArray, FloatArray, IntArray

LOADING_TOLERANCE_PERCENT = 1.0  # these three: engineering judgement, the same as the gate's for "caused by the action"
LOAD_TOLERANCE_MW = 0.1
VOLTAGE_TOLERANCE_PU = 0.002
_NOTHING = 1e-6  # MW or pu: rounding of the solver


class Change(StrEnum):
    NEW = "new"
    RESOLVED = "resolved"
    WORSENED = "worsened"
    IMPROVED = "improved"


@dataclass(frozen=True, eq=False)
class Differences:
    """Parallel arrays, the largest difference first; `outage` counts in the `outages` of the comparison, `branch` is -1 for no branch."""

    change: tuple[Change, ...]
    outage: IntArray
    branch: IntArray
    before: FloatArray
    after: FloatArray


@dataclass(frozen=True, eq=False)
class Comparison:
    """`outages` exist and have a solution on both sides; `row_before`, `row_after` are their rows in the two summaries.

    loadings [percent], lost_load [MW] and voltages (worst excess beyond the band [pu]) hold what differs beyond the tolerances.
    """

    outages: tuple[Outage, ...]
    row_before: IntArray
    row_after: IntArray
    loadings: Differences
    lost_load: Differences
    voltages: Differences
    only_before: tuple[Outage, ...]
    only_after: tuple[Outage, ...]
    newly_failed: tuple[Outage, ...]
    newly_solved: tuple[Outage, ...]


def compare(before: Summary, after: Summary, limits: OperatingLimits, screen: Screen = screen_blocks) -> Comparison:
    """Compare two summaries of one model outage by outage.

    An overload of one side only is solved again on the other (by `screen`), since a summary knows no loading below the limit.
    """
    row_of, studied_after = {outage: row for row, outage in enumerate(before.outages)}, set(after.outages)
    both = [(row_of[outage], row) for row, outage in enumerate(after.outages) if outage in row_of]
    rows = np.array(both, dtype=np.int64).reshape(-1, 2)
    solved_before, solved_after = before.solved[rows[:, 0]], after.solved[rows[:, 1]]
    old, new = rows[solved_before & solved_after].T
    return Comparison(
        outages=tuple(after.outages[i] for i in new),
        row_before=old,
        row_after=new,
        loadings=_loadings(_Side(before, old, screen), _Side(after, new, screen), limits.max_loading_percent),
        lost_load=_values(before.lost_load_mw[old], after.lost_load_mw[new], LOAD_TOLERANCE_MW),
        voltages=_values(before.voltage_excess_pu[old], after.voltage_excess_pu[new], VOLTAGE_TOLERANCE_PU),
        only_before=tuple(o for o in before.outages if o not in studied_after),
        only_after=tuple(o for o in after.outages if o not in row_of),
        newly_failed=tuple(after.outages[i] for i in rows[solved_before & ~solved_after, 1]),
        newly_solved=tuple(after.outages[i] for i in rows[~solved_before & solved_after, 1]),
    )


@dataclass(frozen=True, eq=False)
class _Side:
    """The compared outages, in their common order, in one summary."""

    summary: Summary
    rows: IntArray
    screen: Screen

    def overloads(self) -> tuple[IntArray, FloatArray]:
        """Sorted keys (outage * number of branches + branch) of the overloads, and their loading."""
        position = np.full(len(self.summary.outages), -1)
        position[self.rows] = np.arange(len(self.rows))
        outage = position[self.summary.over_outage]
        keys = outage * len(self.summary.state.model.branches) + self.summary.over_branch
        order = np.argsort(keys)[np.count_nonzero(outage < 0) :]  # what is not compared has a negative key
        return keys[order], self.summary.over_percent[order]

    def loadings(self, keys: IntArray) -> FloatArray:
        """Loading of each (outage, branch): as known where it is an overload, else solved again; NaN where the branch carries nothing."""
        known, percent = self.overloads()
        values = np.full(len(keys), np.nan)
        values[np.searchsorted(keys, known)] = percent
        missing = np.flatnonzero(np.isin(keys, known, assume_unique=True, invert=True))
        values[missing] = self._solved_again(*np.divmod(keys[missing], len(self.summary.state.model.branches)))
        return values

    def _solved_again(self, outage: IntArray, branch: IntArray) -> FloatArray:
        """`outage` ascends, so each block holds a run of the pairs."""
        needed, row = np.unique(outage, return_inverse=True)
        found, first = [np.zeros(0)], 0
        for block in self.screen(self.summary.state, [self.summary.outages[self.rows[i]] for i in needed]):
            inside = (row >= first) & (row < first + len(block.outages))
            found.append(block.loading_percent[row[inside] - first, branch[inside]])
            first += len(block.outages)
        return np.concatenate(found)


def _loadings(before: _Side, after: _Side, limit_percent: float) -> Differences:
    """Every (outage, branch) that is overloaded on a side and differs; carrying nothing on one side is a difference."""
    keys = np.union1d(before.overloads()[0], after.overloads()[0])
    outage, branch = np.divmod(keys, len(before.summary.state.model.branches))
    old, new = before.loadings(keys), after.loadings(keys)
    moved = ~(np.abs(new - old) <= LOADING_TOLERANCE_PERCENT)
    over_before, over_after = np.nan_to_num(old) > limit_percent, np.nan_to_num(new) > limit_percent
    return _ordered(outage[moved], branch[moved], old[moved], new[moved], over_before[moved], over_after[moved])


def _values(before: FloatArray, after: FloatArray, tolerance: float) -> Differences:
    """One value an outage; zero is no finding."""
    rows = np.flatnonzero(np.abs(after - before) > tolerance)
    nowhere = np.full(len(rows), -1)
    return _ordered(rows, nowhere, before[rows], after[rows], before[rows] > _NOTHING, after[rows] > _NOTHING)


def _ordered(
    outage: IntArray, branch: IntArray, before: FloatArray, after: FloatArray, found_before: BoolArray, found_after: BoolArray
) -> Differences:
    """The largest difference first, ties in the order of the outages; carrying nothing counts as zero."""
    moved = np.nan_to_num(after) - np.nan_to_num(before)
    order = np.argsort(-np.round(np.abs(moved), TIE_DIGITS), kind="stable")
    change = tuple(_change(bool(found_before[i]), bool(found_after[i]), bool(moved[i] > 0)) for i in order)
    return Differences(change, outage[order], branch[order], before[order], after[order])


def _change(before: bool, after: bool, rose: bool) -> Change:
    if before == after:
        return Change.WORSENED if rose else Change.IMPROVED
    return Change.NEW if after else Change.RESOLVED
