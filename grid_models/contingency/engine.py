"""Solve outages into rows: each by the cheapest way that says exactly what `state_after` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from grid_models.contingency.alone import solve_alone
from grid_models.contingency.base import Base
from grid_models.contingency.batch import solve_branch_cases, usable_cores
from grid_models.contingency.cases import Case, cases_of, ranges_of
from grid_models.contingency.loading import Readings
from grid_models.contingency.losses import Losses
from grid_models.contingency.outages import Outage
from grid_models.contingency.sweep import solve_machine_cases
from grid_models.steady.boundary import LiveGrid
from grid_models.twin.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Rows:
    """Arrays to be filled, one row per outage: (outages, branches), (outages, buses), (outages, 2: load and generation), (outages,)."""

    loading_percent: FloatArray
    vm_pu: FloatArray
    lost_mw: FloatArray
    islands: IntArray
    reason: list[str]
    first: int = 0

    @classmethod
    def of(cls, base: Base, count: int) -> Self:
        shape = (count, len(base.state.model.branches)), (count, len(base.vm_pu))
        return cls(np.empty(shape[0]), np.empty(shape[1]), np.zeros((count, 2)), np.zeros(count, dtype=np.int64), [""] * count)

    def part(self, rows: slice) -> Self:
        """A view of some rows: what is written there is written here. Reasons are shared, `first` says where they start."""
        arrays = (self.loading_percent[rows], self.vm_pu[rows], self.lost_mw[rows], self.islands[rows])
        return type(self)(*arrays, self.reason, self.first + rows.start)


class Engine:
    """One base state, prepared once for all blocks of outages. threads: default the cores this process may use."""

    def __init__(self, base: Base, threads: int | None = None) -> None:
        self.base = base
        self._threads = threads or usable_cores()
        if base.live is not None:
            self._readings = Readings(base, base.live, self._threads)
            self._losses = Losses(base, base.live, self._threads)

    def solve(self, outages: Sequence[Outage], rows: Rows) -> None:
        """Fill every row. What a batch leaves unsolved is solved once more on its own before it counts as failed."""
        cases = cases_of(self.base, outages)
        left = np.ones(len(cases), dtype=bool)
        if self.base.live is not None:
            self._solve_batches(self.base.live, cases, rows, left)
        for i in np.flatnonzero(left).tolist():
            self._solve_alone(outages[i], i, rows)

    def _solve_batches(self, live: LiveGrid, cases: Sequence[Case], rows: Rows, left: BoolArray) -> None:
        together = np.array([not case.alone for case in cases], dtype=bool)
        machines = np.array([bool(case.machines) for case in cases], dtype=bool)
        out = ranges_of([case.out for case in cases])
        for solve, which in ((solve_branch_cases, together & ~machines), (solve_machine_cases, together & machines)):
            if which.any():
                solved = solve(self.base, live, cases, np.flatnonzero(which), self._threads)
                self._readings.write(solved, rows.loading_percent, rows.vm_pu)
                self._losses.write(solved, cases, out, rows.lost_mw, rows.islands)
                left[solved.case] = False
        rows.loading_percent[np.repeat(np.arange(len(cases)), np.diff(out[0])), out[1]] = np.nan  # an outaged branch carries nothing

    def _solve_alone(self, outage: Outage, i: int, rows: Rows) -> None:
        alone = solve_alone(self.base, outage)
        rows.reason[rows.first + i] = alone.reason
        rows.loading_percent[i], rows.vm_pu[i] = alone.loading_percent, alone.vm_pu
        rows.lost_mw[i] = alone.lost_load_mw, alone.lost_generation_mw
        rows.islands[i] = alone.islands
