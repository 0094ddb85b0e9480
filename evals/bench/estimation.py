"""How fast is an estimation, and finding one wrong meter, beside the peers on the same measurements in the same run?"""

import importlib.util
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from agent.app import App
from evals.bench.full_measurements import full_measurements, noisy
from evals.bench.peer_pandapower_estimation import PandapowerEstimation
from evals.bench.row import Row, seconds
from evals.bench.screening import AnswersDiffer
from grid_models.estimation.bad_data import Cleaned, clean, family_threshold
from grid_models.estimation.estimate import estimate
from grid_models.estimation.result import Estimate
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import FloatArray

GRIDS = {"case118": 50, "case1354pegase": 20, "case2869pegase": 10}  # how often each is timed
WITH_GROSS_ERROR = "case1354pegase"
_SAME_PU = 1e-5
_GROSS_SIGMAS = 30.0  # far above what noise does, far below what stops an estimation
_SEED = 1


def estimation_times(app: App) -> list[Row]:
    """Weighted least squares from one set of noisy measurements; nobody uses a second thread. Raises AnswersDiffer."""
    prepared = {grid: _prepared(app, grid) for grid in GRIDS}
    found = list(_bad_data(*prepared[WITH_GROSS_ERROR]))  # its memory is measured before anything else raises the mark
    rows: list[Row] = []
    for grid, (solution, measurements) in prepared.items():
        ours = list(_ours(solution, measurements, GRIDS[grid]))
        rows.extend([*ours, *_peers(solution, measurements, ours[0].value, GRIDS[grid])])
    return [*rows, *found]


def _prepared(app: App, grid: str) -> tuple[Solution, MeasurementSet]:
    solution = solve(app.grid(grid).state_at())
    return solution, noisy(full_measurements(solution), np.random.default_rng(_SEED))


def _ours(solution: Solution, measurements: MeasurementSet, repeats: int) -> Iterator[Row]:
    """Cold: from a flat start on a known structure. First: nothing known of the grid. Warm: from the estimate of the set before."""
    name, how = solution.model.name, f"{len(measurements)} measurements, median of {repeats}"
    before = estimate(solution.model, noisy(measurements, np.random.default_rng(_SEED + 1)))
    cold = _median(lambda: estimate(solution.model, measurements), repeats)
    yield Row(f"WLS {name}: cold", cold * 1e3, "ms", f"{how}, flat start, structure known")
    warm = _median(lambda: estimate(solution.model, measurements, start=before), repeats)
    yield Row(f"WLS {name}: warm", warm * 1e3, "ms", f"{how}, from the estimate before; {warm / cold:.2f} × cold")
    first = _median(lambda: estimate(replace(solution.model), measurements), min(repeats, 5))
    yield Row(f"WLS {name}: first", first * 1e3, "ms", f"{how}, topology, order and pattern found anew; {first / cold:.2f} × cold")


def _bad_data(solution: Solution, measurements: MeasurementSet) -> Iterator[Row]:
    """One flow off by many standard deviations: found by its normalised residual, removed, estimated again."""
    at = int(np.flatnonzero(measurements.quantity == Quantity.P_FROM)[100])
    value = measurements.value.copy()
    value[at] += _GROSS_SIGMAS * measurements.sigma[at]
    wrong = replace(measurements, value=value)
    one = _median(lambda: estimate(solution.model, wrong), 10)
    _require_found(_searched(solution, wrong), at)
    before = resident_mib()
    took = _median(lambda: _searched(solution, wrong), 10)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10 - before
    name = f"bad data {solution.model.name}"
    yield Row(f"{name}: find and remove one", took * 1e3, "ms", f"estimation included; {took / one:.2f} × one estimation, median of 10")
    yield Row(f"{name}: memory", max(peak, 0.0), "MiB", "the process's high-water mark less what it held before: an upper bound")


def _searched(solution: Solution, measurements: MeasurementSet) -> Cleaned:
    return clean(estimate(solution.model, measurements), threshold=family_threshold(len(measurements)))


def _require_found(cleaned: Cleaned, at: int) -> None:
    found = [index for removed in cleaned.removed for index in removed.measurements]
    if found != [at]:
        raise AnswersDiffer(f"Measurement {at} is wrong, {found or 'none'} was removed; the time of a wrong answer is not shown.")


def _peers(solution: Solution, measurements: MeasurementSet, cold_ms: float, repeats: int) -> Iterator[Row]:
    ours = estimate(solution.model, measurements)
    if importlib.util.find_spec("power_grid_model") is not None:
        from power_grid_model.errors import PowerGridError

        from evals.bench.peer_power_grid_model_estimation import PowerGridModelEstimation

        for method in ("newton_raphson", "iterative_linear"):
            peer = PowerGridModelEstimation(solution, measurements, method)
            name = f"WLS {solution.model.name}: power-grid-model"
            try:
                apart = _apart(ours, peer.vm_pu())
            except PowerGridError as error:
                yield Row(name, float("nan"), "ms", f"{method}; not measured: finds no state ({type(error).__name__})")
                continue
            yield _peer_row(name, _median(peer.run, repeats), cold_ms, apart, method)
    plain = PandapowerEstimation(solution, measurements)
    plain.run()  # the first, compiling run is not counted
    apart = _apart(ours, plain.vm_pu)
    yield _peer_row(f"WLS {solution.model.name}: pandapower", _median(plain.run, 3), cold_ms, apart, "wls, flat start")


def _peer_row(name: str, took: float, cold_ms: float, apart: float, how: str) -> Row:
    same = "same estimate" if apart < _SAME_PU else f"another estimate, voltages {apart:.0e} pu apart"
    return Row(name, took * 1e3, "ms", f"{how}; {same}; ours cold takes {cold_ms / 1e3 / took:.2f} × as long")


def _apart(ours: Estimate, theirs_pu: FloatArray) -> float:
    return float(np.nanmax(np.abs(ours.vm_pu[: len(theirs_pu)] - theirs_pu)))


def _median(work: Callable[[], object], repeats: int) -> float:
    work()  # compiles or loads the kernels
    return median(seconds(work) for _ in range(repeats))


def resident_mib() -> float:
    """What this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
