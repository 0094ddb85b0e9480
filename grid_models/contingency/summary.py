"""What does a whole contingency analysis come to? The outages folded, block by block, into what people ask for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from grid_models.contingency.outages import Outage
from grid_models.contingency.screening import Screening, screen_blocks
from grid_models.contingency.severity import TIE_DIGITS, gravest_first, severity_of
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
    before and not after.  islands: parts cut off.  total_loss: no infeed is left.  severity: see `severity_of`, NaN where unsolved.
    over_outage, over_branch, over_percent: (overloads,) every loading above the limit, by outage, heaviest first.
    order: rows gravest first, see `gravest_first`; the unsolved come last.
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
    fold, folds = None, []
    for block in screen(state, outages, progress=progress, cancelled=cancelled):
        fold = fold or _Fold(block, limits)
        folds.append(fold.of(block))
    joined = {name: np.concatenate([f[name] for f in folds]) if folds else _EMPTY[name] for name in _EMPTY}
    sizes = [len(f["solved"]) for f in folds]
    offsets = np.repeat(np.cumsum([0, *sizes[:-1]]), [len(f["over_outage"]) for f in folds]) if folds else 0
    joined["over_outage"] = joined["over_outage"] + offsets
    load = float(state.load_drawn_mw.sum())
    over = np.fmax(joined["max_loading_percent"] - limits.max_loading_percent, 0.0)
    share = joined["lost_load_mw"] / load if load > 0 else joined["total_loss"].astype(np.float64)
    severity = np.where(joined["solved"], severity_of(np.nan_to_num(over), joined["voltage_excess_pu"], share), np.nan)
    reason = tuple(str(r) for r in joined.pop("reason"))
    return Summary(
        state=state,
        outages=tuple(outages),
        reason=reason,
        severity=severity,
        order=gravest_first(severity, joined["max_loading_percent"]),
        **joined,
    )


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


class _Fold:
    """Judges one block of outages; prepared once for the limits and the voltages before."""

    def __init__(self, block: Screening, limits: OperatingLimits) -> None:
        low, high, _ = limits.bus_limits_pu(block.state.model.buses)
        self._low, self._high, self._limit = low, high, limits.max_loading_percent
        self._inside: BoolArray = ~((block.base_vm_pu > high) | (block.base_vm_pu < low))

    def of(self, block: Screening) -> dict[str, np.ndarray]:
        from grid_models.contingency.kernels import judge_rows  # numba: only when something is screened

        cases = len(block.outages)
        peak, over, outside = (np.zeros(cases, dtype=np.int64) for _ in range(3))
        voltage = np.empty((cases, 3))
        judge_rows(block.loading_percent, block.vm_pu, self._limit, self._low, self._high, self._inside, peak, over, voltage, outside)
        case, branch, percent = self._overloads(block.loading_percent, over)
        return {
            "solved": block.solved,
            "reason": np.array(block.reason, dtype=object),
            "max_loading_percent": _at(block.loading_percent, peak),
            "max_loading_branch": peak,
            "vm_min_pu": voltage[:, 0],
            "vm_max_pu": voltage[:, 1],
            "voltage_violations": outside,
            "voltage_excess_pu": voltage[:, 2],
            "lost_load_mw": block.lost_load_mw,
            "lost_generation_mw": block.lost_generation_mw,
            "islands": block.islands,
            "total_loss": block.total_loss,
            "over_outage": case,
            "over_branch": branch,
            "over_percent": percent,
        }

    def _overloads(self, loading: FloatArray, over: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
        """By outage, heaviest first; equal loadings (to 1e-6 percent) in the order of the branches."""
        from grid_models.contingency.kernels import overloads

        total = int(over.sum())
        case, branch, percent = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64), np.empty(total)
        overloads(loading, self._limit, over, case, branch, percent)
        heaviest = np.lexsort((branch, -np.round(percent, TIE_DIGITS), case))
        return case[heaviest], branch[heaviest], percent[heaviest]


def _at(values: FloatArray, column: IntArray) -> FloatArray:
    """(rows,) the value in each row's column; NaN for column -1, also where there is no column at all."""
    found, known = np.full(len(values), np.nan), np.flatnonzero(column >= 0)
    found[known] = values[known, column[known]]
    return found
