"""How fast is every pair of outages screened, by the DC formula and in AC?"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations
from statistics import median

import numpy as np

from agent.app import App
from evals.bench.cores import cores
from evals.bench.matpower_file import Matrices, matrices_of
from evals.bench.peer_numpy import pair_seconds, secure_limits_mw
from evals.bench.row import Row, seconds
from grid_models.contingency.outages import Outage, OutageKind, single_outages
from grid_models.contingency.pairs import screen_pairs
from grid_models.contingency.summary import summarise
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState

_MARGIN = 0.1  # limits where the source has none: a tenth above the highest flow after any single outage


def pair_times(app: App) -> list[Row]:
    """case118, case2869pegase."""
    small, large = app.grid("case118").state_at(), app.grid("case2869pegase").state_at()
    return [*_screened(small, 7, 10**9), *_all_in_ac(app, small), *_screened(large, 3, 12), _first_use()]


def _screened(state: GridState, repeats: int, sample: int) -> Iterator[Row]:
    """The screening with limits on every branch, and numpy's on the same."""
    name = f"N-2 DC {state.model.name}"
    matrices = matrices_of(state)
    limits = _limits_mw(state, matrices)
    screen_pairs(state, limits)  # the first run compiles or loads the kernels
    for threads in (1, 2):
        with cores(threads):
            times = [seconds(lambda n=threads: screen_pairs(state, limits, threads=n)) for _ in range(repeats)]  # type: ignore[misc]
            found = screen_pairs(state, limits)
            how = f"{found.pairs} pairs, {found.islanding} of them island; {found.overloading} overload a branch; median of {repeats}"
            yield Row(f"{name}: {threads} thread{'s'[: threads - 1]}", median(times) * 1e3, "ms", how)
    yield Row(f"{name}: peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, "GiB", "of the whole process so far")
    took, pairs, over = pair_seconds(matrices, np.nan_to_num(limits[matrices.row], nan=np.inf), sample)
    how = f"dense, pairs without bridges; scaled from {pairs} pairs that do not island, {over} of them overload a branch"
    yield Row(f"{name}: numpy", took * 1e3, "ms", how)


def _limits_mw(state: GridState, matrices: Matrices) -> FloatArray:
    """The source's ratings, unrated branches not monitored; without any rating, limits that every single outage keeps with a margin."""
    branches = state.model.branches
    limits = np.sqrt(3) * branches.rating_from_ka * state.model.buses.nominal_kv[branches.from_bus]
    if np.isnan(limits).all():
        limits[matrices.row] = secure_limits_mw(matrices, _MARGIN)
    return np.asarray(limits)


def _all_in_ac(app: App, state: GridState) -> Iterator[Row]:
    """Every pair of branches solved in AC."""
    branches = [o.elements for o in single_outages(state) if o.kind is not OutageKind.INFEED]
    pairs = [Outage(OutageKind.GROUP, one + other) for one, other in combinations(branches, 2)]
    limits = app.limits()
    times = [seconds(lambda: summarise(state, pairs, limits)) for _ in range(3)]
    yield Row(f"N-2 AC {state.model.name}: all pairs", median(times) * 1e3, "ms", f"{len(pairs)} AC cases, ranked; median of 3")


def _first_use() -> Row:
    """All kernels compiled in a fresh process without a cache: what the installation does once."""
    with tempfile.TemporaryDirectory(prefix="aeip-bench-") as folder:
        command = [sys.executable, "-m", "grid_models.contingency.warm_up"]
        took = seconds(lambda: subprocess.run(command, env={"NUMBA_CACHE_DIR": folder}, check=True))
    return Row("screenings: compile once", took, "s", "every kernel, in a fresh process with an empty cache; the installation does it")
