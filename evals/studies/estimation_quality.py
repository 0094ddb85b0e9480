"""How often is a wrong meter found, how often a right one accused, and are the stated uncertainties true? Monte-Carlo on three grids.

The meters are those the simulated plant has (redundancy about three), their errors Gaussian with exactly the stated standard deviation.
Seeded: the same counts in every run on the same grids.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.stats import chi2, kstest

from agent.app import App
from evals.bench.row import Row
from grid_models.errors import AeipError
from grid_models.estimation.bad_data import clean, family_threshold
from grid_models.estimation.estimate import estimate
from grid_models.estimation.result import Estimate
from grid_models.estimation.row_variance import node_covariance
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments, bus_of, instruments_of
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.telemetry.readings import measured
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.source import DEFAULT_GRID

GRIDS = ("case14", "case118", DEFAULT_GRID)
SIZES = (3, 5, 8, 12, 20)  # standard deviations of the wrong meter
ERROR_RUNS, GOOD_RUNS = 200, 1000
_SEED = 20240501
_TWO_SIDED_95 = 1.959964  # quantile of the normal distribution


class Kind(StrEnum):
    """One wrong meter; two at different buses; two that touch one bus, whose residuals mix."""

    SINGLE = "single"
    APART = "two apart"
    TOGETHER = "two at one bus"


@dataclass(frozen=True)
class Bench:
    """A solved grid, its meters, and the rows that can be wrong: analogue, in an equation, not critical."""

    solution: Solution
    meters: Instruments
    candidates: IntArray
    bus: IntArray

    @property
    def name(self) -> str:
        return self.solution.model.name

    def drawn(self, rng: np.random.Generator) -> MeasurementSet:
        """One set with honest errors."""
        return measured(self.solution, self.meters, rng)


def quality(app: App) -> list[Row]:
    """All tables as rows; progress on stderr."""
    rows: list[Row] = []
    for grid in GRIDS:
        bench = _bench(app, grid)
        for part in (_calibration(bench), _detection(bench)):
            for row in part:
                sys.stderr.write(f"{row.name}\n")
                rows.append(row)
    return rows


def _bench(app: App, grid: str) -> Bench:
    solution = solve(app.grid(grid).state_at())
    meters = instruments_of(solution.model)
    found = estimate(solution.model, measured(solution, meters, None))
    usable = np.isfinite(found.normalised_residuals) & ~found.critical & (meters.sigma > 0)
    bus = np.full(len(meters), -1, dtype=np.int64)
    for quantity in np.unique(meters.quantity):
        rows = meters.quantity == quantity
        bus[rows] = bus_of(solution.model, Quantity(int(quantity)), meters.element[rows])
    return Bench(solution, meters, np.flatnonzero(usable), bus)


def _calibration(bench: Bench) -> Iterator[Row]:
    """Sets without any wrong meter: J against its distribution, false accusations, coverage of the intervals."""
    rng, objective, rejected, accused, inside = np.random.default_rng(_SEED), [], 0, np.zeros(2), np.zeros(2)
    dof, limits = 0, (3.0, family_threshold(len(bench.candidates)))
    for _ in range(GOOD_RUNS):
        found = estimate(bench.solution.model, bench.drawn(rng))
        dof = found.dof
        objective.append(found.j)
        rejected += not found.passes
        accused += [found.row_normalised.max() > limit for limit in limits]
        inside += _inside(bench.solution, found)
    how = f"{GOOD_RUNS} sets without a wrong meter, {dof} degrees of freedom"
    name = f"calibration {bench.name}"
    yield Row(f"{name}: mean of J over degrees of freedom", float(np.mean(objective)) / dof, "", f"{how}; 1 is right")
    yield Row(f"{name}: variance of J over twice that", float(np.var(objective)) / (2 * dof), "", f"{how}; 1 is right")
    yield Row(f"{name}: Kolmogorov-Smirnov p of J", float(kstest(objective, chi2(dof).cdf).pvalue), "", f"{how}; small is wrong")
    yield Row(f"{name}: sets rejected by the chi-square test", 100 * rejected / GOOD_RUNS, "%", f"{how}; 5 is right")
    for what, share in zip(("magnitudes", "angles"), inside / GOOD_RUNS, strict=True):
        yield Row(f"{name}: {what} within their 95 % interval", 100 * float(share), "%", f"{how}; 95 is right")
    for limit, count in zip(limits, accused, strict=True):
        yield Row(f"false alarm {bench.name}: threshold {limit:.2f}", 100 * float(count) / GOOD_RUNS, "%", f"{how}, any meter accused")
    hidden = float((SIZES[-1] * _seen_share(bench) < limits[-1]).mean())
    how = f"of {len(bench.candidates)} meters that are not critical; nothing else measures what they do well enough"
    yield Row(f"hidden {bench.name}: {SIZES[-1]} sigma stay below {limits[-1]:.2f}", 100 * hidden, "%", how)


def _seen_share(bench: Bench) -> FloatArray:
    """(candidates,) normalised residual that an error of one standard deviation makes: what the other meters leave of it."""
    found = estimate(bench.solution.model, measured(bench.solution, bench.meters, None))
    table, row = found.layout.table, found.layout.table.entry_row
    share = np.zeros(len(bench.meters))
    left = np.sqrt(np.maximum(found.row_variance, 0.0)) * found.rows.weight
    share[table.entry_measurement] = left[row] * np.abs(table.entry_factor) * bench.meters.sigma[table.entry_measurement]
    return share[bench.candidates]


def _inside(solution: Solution, found: Estimate) -> tuple[float, float]:
    """Share of the live nodes whose true magnitude and angle lie within the estimate's interval."""
    own = node_covariance(found.layout, found.rows, found.theta, found.vm)
    free, network = ~found.layout.reference, found.layout.network
    first = np.unique(network.place_of_bus, return_index=True)
    place, bus = first[0][first[0] >= 0], first[1][first[0] >= 0]
    at = found.layout.order[place]
    apart = np.abs(found.vm[at] - solution.vm_pu[bus])
    turned = found.theta[at] - np.deg2rad(solution.va_degree[bus])
    turned = np.abs(turned - 2 * np.pi * np.round(turned / (2 * np.pi)))
    magnitude = apart <= _TWO_SIDED_95 * np.sqrt(own[at, 1, 1])
    angle = (turned <= _TWO_SIDED_95 * np.sqrt(own[at, 0, 0]))[free[at]]
    return float(magnitude.mean()), float(angle.mean())


def _detection(bench: Bench) -> Iterator[Row]:
    for kind in Kind:
        for size in SIZES:
            for limit in (3.0, family_threshold(len(bench.candidates))):
                yield _one_cell(bench, kind, size, limit)


def _one_cell(bench: Bench, kind: Kind, size: int, limit: float) -> Row:
    """Share of the wrong meters that were removed; how many right ones with them, and how often the chi-square test noticed."""
    rng = np.random.default_rng((_SEED, size, list(Kind).index(kind)))  # the same errors for every threshold
    hit, wrongly, noticed, failed, wrong = 0, 0, 0, 0, 0
    for _ in range(ERROR_RUNS):
        bad = _wrong_meters(bench, kind, rng)
        given = bench.drawn(rng)
        value = given.value.copy()
        value[bad] += size * given.sigma[bad] * rng.choice([-1.0, 1.0], len(bad))
        wrong += len(bad)
        try:
            cleaned = clean(estimate(bench.solution.model, replace(given, value=value)), threshold=limit)
        except AeipError:
            failed += 1
            continue
        removed = {i for one in cleaned.removed for i in (*one.measurements, *one.twins)}
        hit += len(removed & set(bad.tolist()))
        wrongly += sum(not set(one.measurements + one.twins) & set(bad.tolist()) for one in cleaned.removed)
        noticed += not cleaned.before.passes
    how = f"{ERROR_RUNS} sets; right ones removed a set {wrongly / ERROR_RUNS:.2f}; chi-square noticed {100 * noticed / ERROR_RUNS:.0f} %"
    how += f"; {failed} without an estimate" if failed else ""
    return Row(f"detection {bench.name}: {kind}, {size} sigma, threshold {limit:.2f}", 100 * hit / wrong, "%", how)


def _wrong_meters(bench: Bench, kind: Kind, rng: np.random.Generator) -> IntArray:
    """Rows of the meters that will be wrong."""
    one = int(rng.choice(bench.candidates))
    if kind is Kind.SINGLE:
        return np.array([one])
    together: BoolArray = bench.bus[bench.candidates] == bench.bus[one]
    others = bench.candidates[(together == (kind is Kind.TOGETHER)) & (bench.candidates != one)]
    return np.array([one, int(rng.choice(others))]) if len(others) else np.array([one])
