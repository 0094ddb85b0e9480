"""What does each outage leave without supply? Load, generation and the parts cut off, from which buses have no voltage."""

from collections.abc import Sequence

import numpy as np

from grid_models.contingency.base import Base
from grid_models.contingency.batch import Solved
from grid_models.contingency.cases import Case, ranges_of
from grid_models.contingency.outages import Outage
from grid_models.steady.boundary import LiveGrid
from grid_models.twin.model import ComplexArray, FloatArray, IntArray
from grid_models.twin.registry import ElementKind


class Losses:
    """Prepared once per base state, then used for each batch of solved cases."""

    def __init__(self, base: Base, live: LiveGrid) -> None:
        state, topology, size = base.state, base.topology, len(base.voltage)
        model, bus = state.model, base.solver_bus_of_bus
        self._state, self._bus = state, bus
        live_branch = np.flatnonzero(topology.branch_live)
        number = np.full(len(model.branches), -1, dtype=np.int64)
        number[live_branch] = np.arange(len(live_branch))
        self._number: list[int] = number.tolist()
        self._ends = np.stack([live.solver_bus[topology.from_node[live_branch]], live.solver_bus[topology.to_node[live_branch]]])
        self._power = np.stack(
            [_at(bus[model.loads.bus], state.load_drawn_mw, size), _at(bus[model.generators.bus], state.generator_injected_mw, size)],
            axis=1,
        )
        self._counts = _at(bus, (model.buses.is_busbar & ~model.buses.is_star).astype(float), size) > 0
        self._machine_bus = bus[model.generators.bus]

    def write(self, solved: Solved, outages: Sequence[Outage], cases: Sequence[Case], lost_mw: FloatArray, islands: IntArray) -> None:
        """Write into `lost_mw` (outages, 2: load and generation) and `islands` (outages,) the rows of the solved cases."""
        from grid_models.contingency.kernels import dead_rows  # numba: only when a batch is screened

        first, branch = ranges_of([[self._number[b] for b in case.out if self._number[b] >= 0] for case in cases])
        dead_rows(solved.voltage, solved.row, self._power, self._counts, self._ends, first, branch, solved.case, lost_mw, islands)
        for row, i in zip(solved.row, solved.case, strict=True):
            if cases[i].machines:
                lost_mw[i, 1] += self._stopped_mw(cases[i].machines, solved.voltage[row])
            if outages[i].elements[-1].kind is ElementKind.BUS or len(outages[i].elements) > 1:
                islands[i] -= self._failed_busbars(outages[i])

    def _stopped_mw(self, machines: Sequence[int], voltage: ComplexArray) -> float:
        """Of machines that stopped at nodes that live on; those at dead nodes are counted with them."""
        at = [m for m in machines if self._machine_bus[m] >= 0 and voltage[self._machine_bus[m]] != 0]
        return float(self._state.generator_injected_mw[at].sum())

    def _failed_busbars(self, outage: Outage) -> int:
        """A busbar that failed itself is no part that was cut off; in a batch it is a dead node of its own."""
        failed = {int(self._bus[e.index]) for e in outage.elements if e.kind is ElementKind.BUS}
        return sum(bool(self._counts[bus]) for bus in failed if bus >= 0)


def _at(bus: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Sum of the values at each solver bus; those at dead buses (-1) are left out."""
    live = bus >= 0
    return np.asarray(np.bincount(bus[live], values[live], size), dtype=np.float64)
