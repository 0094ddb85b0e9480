"""Many outages of branches at once by lightsim2grid, on all the cores this process may use."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP

from grid_models.contingency.base import Base
from grid_models.contingency.cases import Case
from grid_models.steady.boundary import MAX_ITERATIONS, NEWTON, TOLERANCE, LiveGrid
from grid_models.twin.model import ComplexArray, IntArray


@dataclass(frozen=True, eq=False)
class Solved:
    """The cases that have a solution: `case[i]` has the voltages `voltage[row[i]]` of the solver's buses, 0 where dead."""

    voltage: ComplexArray
    row: IntArray
    case: IntArray


def usable_cores() -> int:
    """Cores this process may use (not those of the machine: containers and schedulers give fewer)."""
    return len(os.sched_getaffinity(0))


def solve_branch_cases(base: Base, live: LiveGrid, cases: Sequence[Case], which: IntArray, threads: int) -> Solved:
    """The cases `which` that only remove branches. Cases that remove the same branches are solved once."""
    batch = ContingencyAnalysisCPP(live.grid)
    batch.change_algorithm(NEWTON)
    batch.handle_disconnected_grid = True
    batch.nb_thread = threads
    wanted = [cases[i].positions for i in which]
    for positions in wanted:
        batch.add_nk(positions)
    batch.compute(base.voltage, MAX_ITERATIONS, TOLERANCE)
    row_of = {tuple(done): row for row, done in enumerate(batch.my_defaults())}  # the solver sorts them
    row = np.array([row_of[positions] for positions in wanted], dtype=np.int64)
    converged = np.asarray(batch.converged_mask(), dtype=bool)[row]
    return Solved(np.asarray(batch.get_voltages()), row[converged], which[converged])
