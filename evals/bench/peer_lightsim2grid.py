"""lightsim2grid alone: the batch of voltages from a grid that is already built, with no flows, limits, lost supply or ranking."""

from collections.abc import Sequence

from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP

from evals.bench.row import seconds
from grid_models.steady.boundary import MAX_ITERATIONS, NEWTON, TOLERANCE, live_grid
from grid_models.twin.state import GridState


def raw_seconds(state: GridState, groups: Sequence[Sequence[int]], threads: int) -> float:
    """Wall time of `compute` alone for outages given as groups of live branches (lines first, then transformers)."""
    live = live_grid(state)
    base = live.grid.ac_pf(live.start, MAX_ITERATIONS, TOLERANCE)
    batch = ContingencyAnalysisCPP(live.grid)
    batch.change_algorithm(NEWTON)
    batch.handle_disconnected_grid = True
    batch.nb_thread = threads
    for group in groups:
        batch.add_nk(group)
    return seconds(lambda: batch.compute(base, MAX_ITERATIONS, TOLERANCE))
