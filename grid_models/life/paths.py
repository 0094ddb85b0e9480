"""A Monte-Carlo of the coming weeks: forecast errors that came before, warmer and cooler days, load growth, thermal constants.

Every transformer meets the same courses and the same weather on the same path, so that "which one first" has an answer.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.forecasting.known import STEPS_A_DAY
from grid_models.life.ahead import STEP_MIN, WEEK
from grid_models.life.constants import GROWTH_SIGMA, factors, tested
from grid_models.life.kernel_columns import FIRST
from grid_models.life.outlook import Outlook
from grid_models.twin.model import ComplexArray, FloatArray, IntArray

PATHS = 1000
_THREADS = 2
_WATCHED = 240  # moments of the fan chart
_STEPS_A_YEAR = 365 * STEPS_A_DAY


@dataclass(frozen=True, eq=False)
class Paths:
    """results: (units, paths, 4) peak oil, peak hot-spot, steps until a limit is passed (-1: never), loss of life [min].

    watched: (moments,) steps.  hot_spot: (units, moments, paths) at their ends.  course: (paths, days) of `Ahead`.
    """

    results: FloatArray
    watched: IntArray
    hot_spot: FloatArray
    course: IntArray
    growth: FloatArray
    anomaly: FloatArray
    factors: FloatArray

    @cached_property
    def first_step(self) -> FloatArray:
        """(units, paths) until the first crossing; infinity where a path crosses no limit."""
        first = self.results[:, :, FIRST]
        return np.where(first < 0, np.inf, first)


def simulate(outlook: Outlook, paths: int = PATHS, seed: int = 0, progress: Callable[[int, int], None] = lambda done, total: None) -> Paths:
    """The same paths for the same seed."""
    from grid_models.life.kernel import many_paths  # numba

    rng, steps, units = np.random.default_rng(seed), outlook.ahead.steps, len(outlook.cases)
    days = -(-steps // STEPS_A_DAY)
    course = rng.integers(0, outlook.ahead.courses, (paths, days))
    anomaly = _anomaly(rng, paths, days, outlook.ambient.sigma_k, outlook.ambient.day_to_day)
    growth = rng.standard_normal(paths) * GROWTH_SIGMA / _STEPS_A_YEAR
    constant = np.array([factors(np.random.default_rng((seed, c.unit.stream)), paths, tested(c.record)) for c in outlook.cases])
    watched = np.unique(np.linspace(0, steps - 1, min(steps, _WATCHED)).round().astype(np.int64))
    first, later = _course_loads(outlook)
    results, seen = np.empty((units, paths, 4)), np.empty((units, len(watched), paths))

    def run(u: int) -> None:
        many_paths(
            first[0, u],
            later[0, u],
            first[1, u],
            later[1, u],
            course,
            growth + outlook.growth[u],
            outlook.ambient.celsius,
            anomaly,
            constant[u],
            STEP_MIN,
            outlook.constants[u],
            outlook.start[u],
            watched,
            results[u],
            seen[u],
        )

    with ThreadPoolExecutor(_THREADS) as pool:
        for done, _ in enumerate(pool.map(run, range(units)), 1):
            progress(done, units)
    return Paths(results, watched, seen, course, growth, anomaly, constant)


def _anomaly(rng: np.random.Generator, paths: int, days: int, sigma_k: float, day_to_day: float) -> FloatArray:
    """(paths, days + 1) how much warmer than expected each day from plant time on begins: a stationary first-order process."""
    noise = rng.standard_normal((paths, days + 1))
    found = np.empty_like(noise)
    found[:, 0] = noise[:, 0]
    for d in range(1, days + 1):
        found[:, d] = day_to_day * found[:, d - 1] + np.sqrt(1.0 - day_to_day**2) * noise[:, d]
    return found * sigma_k


def _course_loads(outlook: Outlook) -> tuple[ComplexArray, ComplexArray]:
    """First and later weeks of every course: (2, units, courses, a week) complex load, whole and its growing part."""
    ahead, mapped = outlook.ahead, outlook.load_map
    both = np.empty((2, 2, len(outlook.cases), ahead.courses, WEEK), dtype=np.complex128)
    for c in range(ahead.courses):
        for stretch, values in enumerate((ahead.first(c), ahead.later(c))):
            parts = mapped.of_parts(values)
            both[stretch, 0, :, c] = mapped.offset[:, None] + parts.sum(axis=0)
            both[stretch, 1, :, c] = parts[0]
    return both[0], both[1]
