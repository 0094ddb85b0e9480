"""How loaded is every branch, and what is every voltage, after each outage of a batch?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from grid_models.contingency.base import Base
from grid_models.contingency.batch import Solved
from grid_models.steady.boundary import LiveGrid
from grid_models.steady.solution import branch_admittances
from grid_models.twin.model import FloatArray, IntArray

_WORTH_A_THREAD = 500_000  # values; below, starting threads takes longer than the loop


class Readings:
    """Prepared once per base state: which branches are rated and live, and their admittances scaled to percent of rating."""

    def __init__(self, base: Base, live: LiveGrid, threads: int) -> None:
        state, topology, model = base.state, base.topology, base.state.model
        branches = model.branches
        ka = model.base_mva / np.sqrt(3) * 100.0
        from_scale = ka / model.buses.nominal_kv[branches.from_bus] / branches.rating_from_ka
        to_scale = ka / model.buses.nominal_kv[branches.to_bus] / branches.rating_to_ka
        monitored = np.flatnonzero(topology.branch_live & ~(np.isnan(from_scale) & np.isnan(to_scale)))
        yff, yft, ytf, ytt = branch_admittances(state)
        one, other = np.nan_to_num(from_scale), np.nan_to_num(to_scale)  # an end without a rating never decides
        self._branch = monitored
        self._admittance = np.ascontiguousarray(np.stack([yff * one, yft * one, ytf * other, ytt * other])[:, monitored])
        self._ends = np.stack([live.solver_bus[topology.from_node[monitored]], live.solver_bus[topology.to_node[monitored]]])
        self._bus = base.solver_bus_of_bus
        self._threads = threads

    def write(self, solved: Solved, loading_percent: FloatArray, vm_pu: FloatArray) -> None:
        """Write the rows `solved.case` of (outages, branches) and (outages, buses); branches that are out are not known here."""
        from grid_models.contingency.kernels import loading_rows, voltage_rows  # numba: only when a batch is screened

        def read(part: IntArray) -> None:
            row, case = solved.row[part], solved.case[part]
            loading_rows(solved.voltage, row, self._branch, self._ends, self._admittance, case, loading_percent)
            voltage_rows(solved.voltage, row, self._bus, case, vm_pu)

        in_threads(read, len(solved.case), loading_percent.shape[1] + vm_pu.shape[1], self._threads)


def in_threads(read: Callable[[IntArray], None], rows: int, width: int, threads: int) -> None:
    """Call `read` with parts of range(rows), one thread each where it is worth it; the kernels let go of the interpreter's lock."""
    if threads < 2 or rows * width < _WORTH_A_THREAD:
        read(np.arange(rows))
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(read, np.array_split(np.arange(rows), threads)))
