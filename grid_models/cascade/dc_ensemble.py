"""What do thousands of DC cascades come to? One for each set of initial outages, shared out over threads; rules in `dc_grid.py`."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from grid_models.cascade.dc_base import Prepared, prepared
from grid_models.cascade.dc_grid import CascadeGrid, InvalidCascade, IslandRule, cascade_grid
from grid_models.cascade.dc_kernel import Found, cascades
from grid_models.errors import StudyCancelled
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.state import GridState

_LINES_AT_ONCE = 200_000  # samples × lines of one piece of work: some 10 to 100 ms, how long a stop button waits

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class DcEnsemble:
    """outages: (samples, k) branch rows, -1 for none.  lost_load_mw: (samples,) of all loads together.

    rounds: (samples,) how often relays tripped something.  tripped: (samples,) branches they tripped, the outages not counted.
    islands: (samples,) parts of the grid that still live.  out: (samples, lines) which of the rows `branch` are out of service at the end;
    no columns unless asked for.  imbalance_mw: (samples,) worst node in any round; empty unless asked for.
    """

    outages: IntArray
    branch: IntArray
    lost_load_mw: FloatArray
    rounds: IntArray
    tripped: IntArray
    islands: IntArray
    out: BoolArray
    imbalance_mw: FloatArray

    def branches_out(self, sample: int) -> IntArray:
        """Rows of the branch table out of service at the end of one cascade, the outages among them; needs `keep_sets`."""
        return np.sort(self.branch[self.out[sample]])


def ensemble(
    state: GridState,
    outages: IntArray,
    *,
    rating_mw: FloatArray | None = None,
    rating_factor: float = 1.0,
    islands: IslandRule = "balanced",
    threads: int = 2,
    keep_sets: bool = False,
    check: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> DcEnsemble:
    """Run a cascade for each row of `outages`, (samples, k) rows of the branch table, -1 for none.

    rating_mw: (branches,) NaN = never trips; the model's ratings by default. Memory does not grow with the samples but for the result,
    32 bytes each, with `keep_sets` a byte more for each line. The same whatever the threads.
    Raises InvalidCascade, PowerFlowDiverged without an infeed, StudyCancelled; `cancelled` is asked between pieces of work.
    """
    run = Run(rating_factor, islands, threads, keep_sets, check)
    return ensemble_of(cascade_grid(state, rating_mw), outages, run, progress=progress, cancelled=cancelled)


@dataclass(frozen=True)
class Run:
    """How cascades are run. threads: 1 or more.  keep_sets: also what is out.  check: also the worst imbalance."""

    rating_factor: float = 1.0
    islands: IslandRule = "balanced"
    threads: int = 2
    keep_sets: bool = False
    check: bool = False


def ensemble_of(
    grid: CascadeGrid, outages: IntArray, run: Run, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> DcEnsemble:
    """`ensemble` of a grid that is prepared already."""
    if run.islands not in ("balanced", "dead"):
        raise InvalidCascade(f"Islands were asked to be '{run.islands}'; 'balanced' and 'dead' exist.")
    rows = np.atleast_2d(np.asarray(outages, dtype=np.int64))
    found = _empty(len(rows), len(grid.branch), run)
    start, lines = prepared(grid, run.rating_factor), grid.lines(rows)
    _run(start, lines, run, found, progress, cancelled)
    return DcEnsemble(rows, grid.branch, *found)


def _empty(samples: int, lines: int, run: Run) -> Found:
    return Found(
        lost_load_mw=np.zeros(samples),
        rounds=np.zeros(samples, dtype=np.int64),
        tripped=np.zeros(samples, dtype=np.int64),
        islands=np.zeros(samples, dtype=np.int64),
        out=np.zeros((samples, lines if run.keep_sets else 0), dtype=np.bool_),
        imbalance_mw=np.zeros(samples if run.check else 0),
    )


def _run(start: Prepared, lines: IntArray, run: Run, found: Found, progress: Progress | None, cancelled: Cancelled | None) -> None:
    """Fill `found` piece by piece; twice as many pieces as threads are under way at any time."""
    total, each = len(lines), max(_LINES_AT_ONCE // max(len(start.net.above_mw), 1), 8)
    threads, balanced, done = max(run.threads, 1), run.islands == "balanced", 0
    running: dict[Future[None], int] = {}
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, total, each):
            _stop(cancelled, done, total)
            part = slice(first, min(first + each, total))
            work = pool.submit(cascades, start.net, start.pattern, start.base, lines[part], balanced, _part(found, part))
            running[work] = part.stop - part.start
            while len(running) >= 2 * threads:
                done = _collected(running, done, total, progress)
        while running:
            _stop(cancelled, done, total)
            done = _collected(running, done, total, progress)


def _part(found: Found, part: slice) -> Found:
    return Found(
        found.lost_load_mw[part], found.rounds[part], found.tripped[part], found.islands[part], found.out[part], found.imbalance_mw[part]
    )


def _collected(running: dict[Future[None], int], done: int, total: int, progress: Progress | None) -> int:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        future.result()
        done += running.pop(future)
    if progress is not None:
        progress(done, total)
    return done


def _stop(cancelled: Cancelled | None, done: int, total: int) -> None:
    if cancelled is not None and cancelled():
        raise StudyCancelled(done, total, "cascades")


def warm_up() -> None:
    """Compile the kernels, or read them from the cache on disk."""
    from grid_models.twin.source import load_grid

    state = load_grid("case9").state_at()
    ensemble(state, np.array([[0, 1]], dtype=np.int64), rating_mw=np.zeros(len(state.branch_on)), threads=1)
