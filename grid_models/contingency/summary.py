"""What does a whole contingency analysis come to? The outages folded, block by block, into what people ask for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from grid_models.contingency.outages import Outage
from grid_models.contingency.screening import Screening, screen_blocks
from grid_models.contingency.severity import gravest_first, severity_of
from grid_models.limits import OperatingLimits
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.state import GridState


class Screen(Protocol):
    """How blocks of outages are solved: `screen_blocks`, or a stand-in of the same shape."""

    def __call__(
        self,
        state: GridState,
        outages: Sequence[Outage],
        *,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[Screening]: ...


@dataclass(frozen=True, eq=False)
class Summary:
    """One row per outage in the order of `outages`; all arrays (outages,) unless said otherwise.

    reason: "" where solved.  max_loading_percent, max_loading_branch: of the rated branches, NaN and -1 where there is none.
    vm_min_pu, vm_max_pu: NaN where everything is dead or the case has no solution.  voltage_violations: buses outside their band that
    were inside before the outage, voltage_excess_pu how far the worst of them is outside.  lost_load_mw, lost_generation_mw: supplied
    before and not after.  islands: parts cut off.  total_loss: nothing is energised.  severity: see `severity_of`, NaN where unsolved.
    over_outage, over_branch, over_percent: (overloads,) every loading above the limit, by outage, heaviest first.
    order: rows gravest first, ties in the order of the outages; the unsolved come last.
    """

    state: GridState
    outages: tuple[Outage, ...]
    solved: BoolArray
    reason: tuple[str, ...]
    max_loading_percent: FloatArray
    max_loading_branch: IntArray
    vm_min_pu: FloatArray
    vm_max_pu: FloatArray
    voltage_violations: IntArray
    voltage_excess_pu: FloatArray
    lost_load_mw: FloatArray
    lost_generation_mw: FloatArray
    islands: IntArray
    total_loss: BoolArray
    severity: FloatArray
    over_outage: IntArray
    over_branch: IntArray
    over_percent: FloatArray
    order: IntArray


def summarise(
    state: GridState,
    outages: Sequence[Outage],
    limits: OperatingLimits,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    screen: Screen = screen_blocks,
) -> Summary:
    """Solve the outages and judge them. Raises PowerFlowDiverged when the state itself has no solution, StudyCancelled."""
    folds = [_fold(block, limits) for block in screen(state, outages, progress=progress, cancelled=cancelled)]
    joined = {name: np.concatenate([f[name] for f in folds]) if folds else _EMPTY[name] for name in _EMPTY}
    sizes = [len(f["solved"]) for f in folds]
    offsets = np.repeat(np.cumsum([0, *sizes[:-1]]), [len(f["over_outage"]) for f in folds]) if folds else 0
    joined["over_outage"] = joined["over_outage"] + offsets
    load = float(state.load_drawn_mw.sum())
    over = np.fmax(joined["max_loading_percent"] - limits.max_loading_percent, 0.0)
    share = joined["lost_load_mw"] / load if load > 0 else np.zeros(len(over))
    severity = np.where(joined["solved"], severity_of(np.nan_to_num(over), joined["voltage_excess_pu"], share), np.nan)
    reason = tuple(str(r) for r in joined.pop("reason"))
    return Summary(state=state, outages=tuple(outages), reason=reason, severity=severity, order=gravest_first(severity), **joined)


_EMPTY = {
    "solved": np.zeros(0, dtype=bool),
    "reason": np.zeros(0, dtype=object),
    "max_loading_percent": np.zeros(0),
    "max_loading_branch": np.zeros(0, dtype=np.int64),
    "vm_min_pu": np.zeros(0),
    "vm_max_pu": np.zeros(0),
    "voltage_violations": np.zeros(0, dtype=np.int64),
    "voltage_excess_pu": np.zeros(0),
    "lost_load_mw": np.zeros(0),
    "lost_generation_mw": np.zeros(0),
    "islands": np.zeros(0, dtype=np.int64),
    "total_loss": np.zeros(0, dtype=bool),
    "over_outage": np.zeros(0, dtype=np.int64),
    "over_branch": np.zeros(0, dtype=np.int64),
    "over_percent": np.zeros(0),
}


def _fold(block: Screening, limits: OperatingLimits) -> dict[str, np.ndarray]:
    low, high, _ = limits.bus_limits_pu(block.state.model.buses)
    loading = np.where(np.isnan(block.loading_percent), -np.inf, block.loading_percent)
    cases = np.arange(len(loading))
    branch = loading.argmax(axis=1)
    rated = np.isfinite(loading[cases, branch])
    row, column = np.nonzero(loading > limits.max_loading_percent)
    heaviest = np.lexsort((column, -loading[row, column], row))
    vm = block.vm_pu
    excess = np.fmax(vm - high, low - vm)
    inside = ~((block.base_vm_pu > high) | (block.base_vm_pu < low))
    outside = (excess > 1e-9) & inside
    return {
        "solved": block.solved,
        "reason": np.array(block.reason, dtype=object),
        "max_loading_percent": np.where(rated, loading[cases, branch], np.nan),
        "max_loading_branch": np.where(rated, branch, -1),
        "vm_min_pu": _reduced(np.fmin, vm),
        "vm_max_pu": _reduced(np.fmax, vm),
        "voltage_violations": outside.sum(axis=1),
        "voltage_excess_pu": np.where(outside, excess, 0.0).max(axis=1, initial=0.0),
        "lost_load_mw": block.lost_load_mw,
        "lost_generation_mw": block.lost_generation_mw,
        "islands": block.islands,
        "total_loss": block.total_loss,
        "over_outage": row[heaviest],
        "over_branch": column[heaviest],
        "over_percent": loading[row, column][heaviest],
    }


def _reduced(ufunc: np.ufunc, values: FloatArray) -> FloatArray:
    return np.asarray(ufunc.reduce(values, axis=1, initial=np.nan))
