"""What does each outage leave without supply? Load, generation and the parts cut off, from which buses have no voltage."""

from collections.abc import Sequence

import numpy as np

from grid_models.contingency.base import Base
from grid_models.contingency.batch import Solved
from grid_models.contingency.cases import Case
from grid_models.contingency.loading import in_threads
from grid_models.steady.boundary import LiveGrid
from grid_models.twin.model import ComplexArray, FloatArray, IntArray


class Losses:
    """Prepared once per base state, then used for each batch of solved cases."""

    def __init__(self, base: Base, live: LiveGrid, threads: int) -> None:
        state, topology, size = base.state, base.topology, len(base.voltage)
        model, bus = state.model, base.solver_bus_of_bus
        self._state, self._bus, self._threads = state, bus, threads
        live_branch = np.flatnonzero(topology.branch_live)
        self._number = np.full(len(model.branches), -1, dtype=np.int64)
        self._number[live_branch] = np.arange(len(live_branch))
        self._ends = np.stack([live.solver_bus[topology.from_node[live_branch]], live.solver_bus[topology.to_node[live_branch]]])
        self._power = np.stack(
            [_at(bus[model.loads.bus], state.load_drawn_mw, size), _at(bus[model.generators.bus], state.generator_injected_mw, size)],
            axis=1,
        )
        self._counts = _at(bus, (model.buses.is_busbar & ~model.buses.is_star).astype(float), size) > 0
        self._machine_bus = bus[model.generators.bus]

    def write(self, solved: Solved, cases: Sequence[Case], out: tuple[IntArray, IntArray], lost_mw: FloatArray, islands: IntArray) -> None:
        """Write into `lost_mw` (outages, 2: load and generation) and `islands` (outages,) the rows of the solved cases.

        out: branches out of all cases, as `ranges_of` gives them.
        """
        from grid_models.contingency.kernels import dead_rows  # numba: only when a batch is screened

        first, branch = out[0], self._number[out[1]]

        def read(part: IntArray) -> None:
            row, case = solved.row[part], solved.case[part]
            dead_rows(solved.voltage, row, self._power, self._counts, self._ends, first, branch, case, lost_mw, islands)

        in_threads(read, len(solved.case), len(self._counts), self._threads)
        for row, i in zip(solved.row.tolist(), solved.case.tolist(), strict=True):
            if cases[i].machines:
                lost_mw[i, 1] += self._stopped_mw(cases[i].machines, solved.voltage[row])
            if cases[i].busbars:
                islands[i] -= self._failed(cases[i].busbars)

    def _stopped_mw(self, machines: Sequence[int], voltage: ComplexArray) -> float:
        """Of machines that stopped at nodes that live on; those at dead nodes are counted with them."""
        at = [m for m in machines if self._machine_bus[m] >= 0 and voltage[self._machine_bus[m]] != 0]
        return float(self._state.generator_injected_mw[at].sum())

    def _failed(self, busbars: Sequence[int]) -> int:
        """A busbar that failed itself is no part that was cut off; in a batch it is a dead node of its own."""
        return sum(bool(self._counts[bus]) for bus in {int(self._bus[b]) for b in busbars} if bus >= 0)


def _at(bus: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Sum of the values at each solver bus; those at dead buses (-1) are left out."""
    live = bus >= 0
    return np.asarray(np.bincount(bus[live], values[live], size), dtype=np.float64)
