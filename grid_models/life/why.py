"""Why does a transformer get hot? Each cause is taken away in every order of the causes; the mean of what that does is its share.

Shares of this kind (Shapley, 1953) add up exactly to the peak less the peak without any of the causes, and twins get the same.
"""

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from grid_models.life.counterfactual import Cause, counterfactual
from grid_models.life.course import Course
from grid_models.life.outlook import Outlook

_WITHOUT = {
    Cause.GROWTH: "against today's demand",
    Cause.WEATHER: "against the usual temperature of the season",
    Cause.WIND_AND_PV: "against no wind and PV at all",
    Cause.SWITCHING: "against the grid's normal switching",
    Cause.COOLING: "against all fans and pumps running",
    Cause.ABOVE_USUAL: "against demand and other machines at their mean of the horizon",
}


@dataclass(frozen=True)
class CauseShare:
    """What a cause adds to the hot-spot's peak [K]."""

    cause: Cause
    share_k: float
    words: str


@dataclass(frozen=True)
class Why:
    """shares add up to peak_celsius - baseline_celsius.  at_step: when the hot-spot peaks with all causes."""

    peak_celsius: float
    baseline_celsius: float
    at_step: int
    shares: tuple[CauseShare, ...]


def why(outlook: Outlook, u: int, course: Course) -> Why:
    """The causes of one transformer's peak on one course, largest first."""
    world = counterfactual(outlook, u, course)
    everything = frozenset(world.active)
    courses = {
        frozenset(kept): world.hot_spot(frozenset(kept)) for n in range(len(everything) + 1) for kept in combinations(world.active, n)
    }
    peaks = {kept: float(hot.max()) for kept, hot in courses.items()}
    shares = [CauseShare(cause, _share(cause, world.active, peaks), _WITHOUT[cause]) for cause in world.active]
    at_step = int(np.argmax(courses[everything]))
    return Why(peaks[everything], peaks[frozenset()], at_step, tuple(sorted(shares, key=lambda s: -abs(s.share_k))))


def _share(cause: Cause, active: tuple[Cause, ...], peaks: dict[frozenset[Cause], float]) -> float:
    others, n, total = [c for c in active if c is not cause], len(active), 0.0
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        total += weight * sum(peaks[frozenset((*kept, cause))] - peaks[frozenset(kept)] for kept in combinations(others, size))
    return total
