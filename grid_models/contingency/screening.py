"""What happens after each outage? Solved in blocks: most by lightsim2grid at once, the rest on their own.

An outage that cuts off a part of the grid is solved for what stays energised; the rest is reported as lost load and generation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grid_models.contingency.base import base_of
from grid_models.contingency.engine import Engine, Rows
from grid_models.contingency.outages import Outage, ends_supply, single_outages
from grid_models.contingency.screening_cache import ScreeningCache
from grid_models.errors import StudyCancelled
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.state import GridState

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

_BLOCK_BYTES = 128 * 2**20  # of one block's voltages and loadings; a block of case9241pegase then takes about a second
_BLOCK_CASES = 8192


@dataclass(frozen=True, eq=False)
class Screening:
    """One row per outage, in the order of `outages`; NaN where a bus or branch is dead.

    loading_percent: (outages, branches).  vm_pu: (outages, buses).  lost_load_mw, lost_generation_mw: supplied before the outage and not
    after it.  islands: parts cut off by it.  solved: False where the solver found no solution (`reason` says why).
    base_vm_pu: (buses,) before any outage.
    """

    state: GridState
    outages: tuple[Outage, ...]
    solved: BoolArray
    reason: tuple[str, ...]
    loading_percent: FloatArray
    vm_pu: FloatArray
    lost_load_mw: FloatArray
    lost_generation_mw: FloatArray
    islands: IntArray
    base_vm_pu: FloatArray

    @property
    def total_loss(self) -> BoolArray:
        """(outages,) total loss of supply: no infeed is left. Not read from the voltages, of which a DC screening knows none."""
        return ends_supply(self.state, self.outages)


_CACHE: ScreeningCache[Screening] = ScreeningCache(256 * 2**20)


def screen_outages(
    state: GridState,
    outages: Sequence[Outage] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Screening:
    """Solve the outages as a whole (default: all single ones, cached by state). Raises PowerFlowDiverged, StudyCancelled.

    Takes 8 bytes for each outage and branch or bus: see `screen_blocks` for large grids.
    """
    if outages is not None:
        return _whole(state, tuple(outages), progress, cancelled)
    found = _CACHE.get(state)
    if found is None:
        found = _whole(state, single_outages(state), progress, cancelled)
        _CACHE.keep(state, found, found.loading_percent.nbytes + found.vm_pu.nbytes)
    return found


def _whole(state: GridState, outages: tuple[Outage, ...], progress: Progress | None, cancelled: Cancelled | None) -> Screening:
    engine = Engine(base_of(state))
    rows = Rows.of(engine.base, len(outages))
    for part in _parts(state, len(outages), None, progress, cancelled):
        engine.solve(outages[part], rows.part(part))
    return _screening(engine, outages, rows)


def screen_blocks(
    state: GridState,
    outages: Sequence[Outage],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    block: int | None = None,
    threads: int | None = None,
) -> Iterator[Screening]:
    """Solve the outages in their order, in blocks of bounded memory (`block` outages each; chosen from the grid's size by default).

    `progress(done, total)` is called after each block, `cancelled()` before each. threads: default the cores this process may use.
    Raises PowerFlowDiverged when the state itself has no solution, StudyCancelled.
    """
    engine = Engine(base_of(state), threads)
    for part in _parts(state, len(outages), block, progress, cancelled):
        rows = Rows.of(engine.base, part.stop - part.start)
        engine.solve(outages[part], rows)
        yield _screening(engine, tuple(outages[part]), rows)


def _parts(state: GridState, total: int, block: int | None, progress: Progress | None, cancelled: Cancelled | None) -> Iterator[slice]:
    """Slices of the outages; progress is told when the caller is done with one."""
    size = block or min(_BLOCK_CASES, max(_BLOCK_BYTES // (8 * len(state.model.branches) + 24 * len(state.model.buses)), 1))
    for first in range(0, total, size):
        if cancelled is not None and cancelled():
            raise StudyCancelled(first, total)
        last = min(first + size, total)
        yield slice(first, last)
        if progress is not None:
            progress(last, total)


def _screening(engine: Engine, outages: tuple[Outage, ...], rows: Rows) -> Screening:
    return Screening(
        state=engine.base.state,
        outages=outages,
        solved=np.array([not reason for reason in rows.reason], dtype=bool),
        reason=tuple(rows.reason),
        loading_percent=rows.loading_percent,
        vm_pu=rows.vm_pu,
        lost_load_mw=rows.lost_mw[:, 0],
        lost_generation_mw=rows.lost_mw[:, 1],
        islands=rows.islands,
        base_vm_pu=engine.base.vm_pu,
    )
