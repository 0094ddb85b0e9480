"""Which measurements are wrong? The largest normalised residual goes, one after the other, until none stands out.

Interacting errors make good measurements look bad; so whatever was removed and agrees with the final estimate is taken back. Errors that
conform with each other, or hit critical measurements, cannot be seen by anybody: those are counted, not found.
Source of the test: Abur and Gómez-Expósito, Power System State Estimation, 2004, sections 5.6 and 5.7.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from grid_models.errors import AeipError
from grid_models.estimation.estimate import solved
from grid_models.estimation.iterations import Method
from grid_models.estimation.result import Estimate
from grid_models.estimation.row_variance import explained_variance
from grid_models.twin.model import BoolArray, FloatArray

MOST = 0.1  # of the rows: beyond that the set as a whole is wrong, not single meters; engineering judgement
FALSE_ALARM = 0.01  # chance that a set without any error has one removed; engineering judgement
_SURE = 1.65  # standard deviations by which the larger of two residuals must lead to be the wrong one: 95 %


@dataclass(frozen=True)
class Removed:
    """A row that was left out. `measurements` count the given set, several where their sum was one row; `twins` could be wrong instead."""

    row: int
    measurements: tuple[int, ...]
    normalised_residual: float
    twins: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Cleaned:
    """`before`: with everything in; `after`: without what was removed. `exhausted`: stopped because too much would have to go."""

    before: Estimate
    after: Estimate
    removed: tuple[Removed, ...]
    exhausted: bool = False


def family_threshold(rows: int, false_alarm: float = FALSE_ALARM) -> float:
    """Normalised residual that some of `rows` good measurements exceeds with this probability only (Bonferroni); at least 3."""
    return max(3.0, float(-ndtri(false_alarm / (2 * max(rows, 1)))))


def expected_false_alarms(rows: int, threshold: float) -> float:
    """How many of `rows` good measurements exceed the threshold on average."""
    return rows * 2 * float(ndtr(-threshold))


def clean(first: Estimate, *, threshold: float | None = None, method: Method = "auto") -> Cleaned:
    """The estimate without its bad data; `threshold`: the first estimate's own by default; `method`: see `solved`."""
    limit = first.threshold if threshold is None else threshold
    used = first.rows.weight > 0
    most = max(3, int(MOST * np.count_nonzero(used)))
    present, removed = first, list[Removed]()
    while present.row_normalised.max(initial=0.0) > limit and len(removed) < most and present.dof > 0:
        worst = int(np.argmax(present.row_normalised))
        used = used.copy()
        used[worst] = False
        try:
            following = _again(present, used, method)
        except AeipError:  # without it nothing can be estimated: what is wrong cannot be told
            break
        removed.append(_removed(present, following, worst, limit))
        present = following
    exhausted = bool(present.row_normalised.max(initial=0.0) > limit)
    if len(removed) > 1 and not exhausted:
        present, removed = _taken_back(present, removed, limit, method)
    return Cleaned(first, present, tuple(removed), exhausted)


def _again(present: Estimate, used: BoolArray, method: Method) -> Estimate:
    return solved(
        present.layout,
        present.measurements,
        threshold=present.threshold,
        confidence=present.confidence,
        robust=present.robust,
        start=present,
        used=used,
        method=method,
    )


def _removed(before: Estimate, after: Estimate, row: int, limit: float) -> Removed:
    """Twins had nearly the same residual and are quiet without this one: noise alone may have made it the larger.

    An error in one row shows in another as the share q of its residual, their correlation; their difference has the variance 2 (1 - q).
    """
    size = float(before.row_normalised[row])
    least = size * (1.0 - 2.0 * (_SURE / size) ** 2)
    twins = (before.row_normalised > least) & (before.row_normalised > limit) & (after.row_normalised <= limit)
    twins[row] = False
    return Removed(row, _of_rows(before, [row]), size, _of_rows(before, np.flatnonzero(twins).tolist()))


def _of_rows(estimate: Estimate, rows: list[int]) -> tuple[int, ...]:
    table = estimate.layout.table
    return tuple(int(i) for i in table.entry_measurement[np.isin(table.entry_row, rows)])


def _taken_back(present: Estimate, removed: list[Removed], limit: float, method: Method) -> tuple[Estimate, list[Removed]]:
    """Rows that agree with an estimate made without them were only dragged along; the least doubtful one first."""
    apart = _disagreement(present)
    for one in sorted(removed, key=lambda r: apart[r.row]):
        if _disagreement(present)[one.row] > limit:
            continue
        used = present.rows.weight > 0
        used[one.row] = True
        following = _again(present, used, method)
        if following.row_normalised.max(initial=0.0) <= limit:
            present = following
            removed = [r for r in removed if r is not one]
    return present, removed


def _disagreement(estimate: Estimate) -> FloatArray:
    """(rows,) of what is left out: its distance from the estimate, in standard deviations of that distance."""
    own = estimate.layout.table.variance(estimate.measurements.sigma)
    spread = own + explained_variance(estimate.layout, estimate.rows, estimate.theta, estimate.vm)
    return np.divide(np.abs(estimate.row_residual), np.sqrt(np.maximum(spread, 0.0)), out=np.zeros_like(spread), where=spread > 0)
