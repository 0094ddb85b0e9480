"""The same outage without and with the change, row by row."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grid_models.contingency.screening import Screening
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.solution import Solution
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from guardrails.change import Change
from guardrails.checks.comparison import Comparison, compare
from guardrails.rule import Rule


@dataclass(frozen=True, eq=False)
class Outages:
    """One row per outage of the grid after the change; an outage of something the change switched off is gone with it.

    row_before: row of the same outage before the change, -1 where there was none. Then the element was out of service anyway, so
    the undisturbed grid before the change is what its loss is compared with.  exceptional: (outages, 1), outages that only warn.
    """

    before: Screening | None
    undisturbed: Solution | None
    after: Screening
    row_before: IntArray
    exceptional: BoolArray

    def values_before(self, of_screening: Callable[[Screening], FloatArray], of_solution: Callable[[Solution], FloatArray]) -> FloatArray:
        """Rows of a quantity before the change; NaN where there is no value."""
        rows = np.full_like(of_screening(self.after), np.nan)
        same = self.row_before >= 0
        if self.before is not None:
            rows[same] = of_screening(self.before)[self.row_before[same]]
        if self.undisturbed is not None:
            rows[~same] = of_solution(self.undisturbed)
        return rows

    def compare(self, beyond_before: FloatArray, beyond_after: FloatArray, tolerance: float) -> Comparison:
        """Compare row by row. An outage without a power flow before could hardly be worse: whatever it is now is no fault of the change."""
        failed = np.zeros(len(self.row_before), dtype=bool)
        if self.before is not None:
            failed = (self.row_before >= 0) & ~self.before.solved[self.row_before]
        return compare(np.where(failed[:, None], np.inf, beyond_before), beyond_after, tolerance)

    def losing(self, row: int) -> str:
        """'Losing HV1 Line 54', and what it is compared with where there was no such outage before."""
        new = self.row_before[row] < 0
        return f"Losing {self.after.outages[row].name}{' (compared with the grid before, without it)' if new else ''}"


def outages_of(change: Change, rule: Rule) -> Outages:
    """Pair the outages by element. Raises PowerFlowDiverged when the grid after the change has no solution."""
    before, after = change.before.screening, change.after.screening
    if after is None:
        raise PowerFlowDiverged(change.after.problem)
    rows = {element: row for row, element in enumerate(before.outages)} if before else {}
    return Outages(
        before=before,
        undisturbed=change.before.solution,
        after=after,
        row_before=np.array([rows.get(element, -1) for element in after.outages], dtype=np.int64),
        exceptional=np.array([[element.kind in rule.exceptional] for element in after.outages], dtype=bool).reshape(-1, 1),
    )
