"""What happens after each outage, by the DC model? Branch outages by exact updates of the base flow, everything else by a new solution."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np

from grid_models.contingency.alone import parts_cut_off
from grid_models.contingency.dc_rows import Columns, change_rows, columns_of, multipliers, unit_rows
from grid_models.contingency.outages import Outage, branches_out, state_after
from grid_models.contingency.screening import Screening
from grid_models.errors import StudyCancelled
from grid_models.steady.dc import dc_flow, solve_dc
from grid_models.steady.solution import loading_percent
from grid_models.steady.supply import lost_supply
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_BLOCK_BYTES = 64 * 2**20
_SOLVED_AT_ONCE = 32  # cases whose angles fit the processor's cache
_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING)


def dc_blocks(
    state: GridState,
    outages: Sequence[Outage],
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    block: int | None = None,
) -> Iterator[Screening]:
    """Screen the outages in their order, in blocks of bounded memory; voltages are NaN, since a DC flow knows none.

    `progress(done, total)` is called after each block, `cancelled()` before each. Raises PowerFlowDiverged where no infeed is in service,
    StudyCancelled.
    """
    every = np.arange(len(state.model.branches))
    columns = columns_of(dc_flow(state), every)
    size = block or max(_BLOCK_BYTES // (8 * max(len(every), 1)), 1)
    for first in range(0, len(outages), size):
        if cancelled is not None and cancelled():
            raise StudyCancelled(first, len(outages))
        part = tuple(outages[first : first + size])
        yield _Block(columns, part).screening()
        if progress is not None:
            progress(first + len(part), len(outages))


class _Block:
    """The rows of one screening while they are filled; flows are NaN where a branch is dead."""

    def __init__(self, columns: Columns, outages: tuple[Outage, ...]) -> None:
        self._columns, self._outages = columns, outages
        self._state = columns.dc.state
        self._flow_mw = np.full((len(outages), len(columns.branch)), np.nan)
        self._lost_mw = np.zeros((len(outages), 2))
        self._islands = np.zeros(len(outages), dtype=np.int64)

    def screening(self) -> Screening:
        single: list[tuple[int, int]] = []
        for row, outage in enumerate(self._outages):
            out = self._live_branches(outage)
            if len(out) == 1:
                single.append((row, int(out[0])))
            elif not len(out) or not self._update(row, out):
                self._solve_anew(row, outage)
        for first in range(0, len(single), _SOLVED_AT_ONCE):
            self._single(*np.array(single[first : first + _SOLVED_AT_ONCE]).T)
        return self._result()

    def _live_branches(self, outage: Outage) -> IntArray:
        """What the outage takes out of the live grid; nothing where it is more than branches."""
        if any(e.kind not in _BRANCHES for e in outage.elements):
            return np.zeros(0, dtype=np.int64)
        out = np.array(branches_out(self._state, outage), dtype=np.int64)
        return out[self._columns.dc.topology.branch_live[out]]

    def _single(self, rows: IntArray, branches: IntArray) -> None:
        columns = self._columns
        change, _ = change_rows(columns, branches)
        live = np.where(columns.dc.topology.branch_live, 0.0, np.nan)
        self._flow_mw[rows] = columns.flow + live + change * multipliers(columns, branches)[:, None]
        self._flow_mw[rows, branches] = np.nan
        for row, branch in zip(rows, branches, strict=True):
            if columns.cuts.bridge[branch]:
                self._flow_mw[row, columns.dead_below(int(branch))] = np.nan
        self._lost_mw[rows] = self._below[:, branches].T[:, :2]
        self._islands[rows] = self._below[2, branches] > 0

    @cached_property
    def _below(self) -> FloatArray:
        """(3, branches) load, generation and busbars below each bridge; 0 for others."""
        state, topology, cuts = self._state, self._columns.dc.topology, self._columns.cuts
        model, size = state.model, len(topology.node_live)
        amounts = (
            (model.loads.bus, state.load_drawn_mw),
            (model.generators.bus, state.generator_injected_mw),
            (np.arange(len(model.buses)), (model.buses.is_busbar & ~model.buses.is_star).astype(float)),
        )
        at_nodes = [np.bincount(topology.node_of_bus[bus], amount, size).astype(np.float64) for bus, amount in amounts]
        return np.stack([np.where(cuts.bridge, cuts.below(amount), 0.0) for amount in at_nodes])

    def _update(self, row: int, out: IntArray) -> bool:
        """Several branches at once by the Woodbury identity; False where they cut something off, which has no such update."""
        columns = self._columns
        if columns.cuts.within(out):
            return False
        change = unit_rows(columns, out)
        sent = np.linalg.solve(np.eye(len(out)) - change[:, out].T, columns.flow[out])
        self._flow_mw[row] = np.where(columns.dc.topology.branch_live, columns.flow + sent @ change, np.nan)
        self._flow_mw[row, out] = np.nan
        return True

    def _solve_anew(self, row: int, outage: Outage) -> None:
        after = state_after(self._state, outage)
        lost = lost_supply(self._state, after)
        self._lost_mw[row] = lost.load_mw, lost.generation_mw
        self._islands[row] = parts_cut_off(self._state, after, outage)
        if after.infeed_on.any():  # without any, everything is dead, and that is the answer
            self._flow_mw[row] = solve_dc(after).p_from_mw

    def _result(self) -> Screening:
        model = self._state.model
        kv, branches = model.buses.nominal_kv, model.branches
        current = [np.abs(self._flow_mw) / (np.sqrt(3) * kv[bus]) for bus in (branches.from_bus, branches.to_bus)]
        unknown = np.full((len(self._outages), len(model.buses)), np.nan)
        return Screening(
            state=self._state,
            outages=self._outages,
            solved=np.ones(len(self._outages), dtype=bool),
            reason=("",) * len(self._outages),
            loading_percent=loading_percent(model, *current),
            vm_pu=unknown,
            lost_load_mw=self._lost_mw[:, 0],
            lost_generation_mw=self._lost_mw[:, 1],
            islands=self._islands,
            base_vm_pu=np.full(len(model.buses), np.nan),
        )
