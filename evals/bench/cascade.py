"""How many DC cascades a second, beside the same ones factorised anew with scipy at every round and in a loop over pandapower?"""

import resource
import threading
from collections.abc import Iterator
from statistics import median

import numpy as np

from agent.app import App
from evals.bench.cores import cores
from evals.bench.peer_pandapower_cascade import PandapowerCascades
from evals.bench.row import Row, seconds
from grid_models.cascade.dc_ensemble import DcEnsemble, Run, ensemble_of
from grid_models.cascade.dc_grid import CascadeGrid, cascade_grid
from grid_models.cascade.dc_outages import random_outages
from grid_models.cascade.plain_dc import cascade
from grid_models.errors import AeipError
from grid_models.steady.dc import dc_flow
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.state import GridState

_LOADING = ("compiled-loops", "similarity-model")  # of the application's start: each would take a core from what is measured
_RATINGS = (("deep", 1.05), ("shallow", 2.0))  # times the flow before the outage: the source's ratings are placeholders
_LEAST = 0.02  # of the largest flow: what idle branches may carry at least, times the factor
_SAME_MW = 1e-9  # and share of what is lost
_SEED = 6


def cascade_times(app: App) -> list[Row]:
    """case118, case2869pegase: random double outages, instant relays, islands balanced."""
    for thread in threading.enumerate():
        if thread.name in _LOADING:
            thread.join()
    small, large = app.grid("case118").state_at(), app.grid("case2869pegase").state_at()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows = [*_raced(small, 40_000, 200, 10), *_raced(large, 1_000, 15, 0)]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return [*rows, Row("cascades: peak memory", after, "GiB", f"of the whole process; {peak:.3f} before the first cascade")]


def _raced(state: GridState, samples: int, plain: int, loops: int) -> Iterator[Row]:
    """Raises AeipError where two give different cascades: a race needs the same answers."""
    outages = random_outages(state, samples, seed=_SEED)
    for depth, factor in _RATINGS:
        flow = np.abs(dc_flow(state).flow_mw)
        rating = factor * np.maximum(flow, _LEAST * flow.max())
        grid, name = cascade_grid(state, rating), f"cascades DC {state.model.name} {depth}"
        ours: dict[int, float] = {}
        for threads in (1, 2):
            with cores(threads):
                found, ours[threads] = _ours(grid, outages, threads)
            how = (
                f"{samples} double outages, ratings {factor:g} × flow; {found.tripped.mean():.1f} trips in {found.rounds.mean():.1f} rounds"
            )
            yield Row(f"{name}: {threads} thread{'s'[: threads - 1]}", ours[threads], "/s", f"{how}; median of 3")
        refactored = plain / seconds(lambda g=grid: _same(g, outages[:plain]))  # type: ignore[misc]
        yield Row(f"{name}: scipy", refactored, "/s", f"factorised anew at every round, {plain} of them, the same branches and load lost")
        yield Row(f"{name}: ours by scipy", ours[2] / refactored, "×", "ratio of the rows above, two threads by one")
        if loops:
            yield _pandapower(name, state, rating, outages[:loops], found)


def _ours(grid: CascadeGrid, outages: IntArray, threads: int) -> tuple[DcEnsemble, float]:
    found = ensemble_of(grid, outages, Run(threads=threads))  # the first run loads the kernels
    return found, len(outages) / median(seconds(lambda: ensemble_of(grid, outages, Run(threads=threads))) for _ in range(3))


def _same(grid: CascadeGrid, outages: IntArray) -> None:
    fast = ensemble_of(grid, outages, Run(threads=1, keep_sets=True))  # some thousandths of the time
    for sample, outage in enumerate(outages):
        slow = cascade(grid, outage)
        if not np.array_equal(slow.branches_out, fast.branches_out(sample)) or _apart(slow.lost_load_mw, fast.lost_load_mw[sample]):
            raise AeipError(f"Losing branches {outage.tolist()} ended in two ways; the fast path and the plain one must not differ.")


def _apart(one: float, other: float) -> bool:
    return abs(one - other) > _SAME_MW * max(1.0, abs(one))


def _pandapower(name: str, state: GridState, rating_mw: FloatArray, outages: IntArray, found: DcEnsemble) -> Row:
    loop = PandapowerCascades(state.model.name, rating_mw)
    took = loop.seconds_each(outages.tolist())
    if any(
        abs(one - other) > 1e-6 * max(1.0, one) for one, other in zip(loop.lost_load_mw, found.lost_load_mw[: len(outages)], strict=True)
    ):
        raise AeipError("pandapower's cascades lose other load than ours; a race needs the same answers.")
    return Row(f"{name}: pandapower loop", 1.0 / took, "/s", f"rundcpp at every round, {len(outages)} of them, the same load lost")
