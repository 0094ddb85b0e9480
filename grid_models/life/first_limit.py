"""When is a limit first crossed, and how sure is that?"""

from dataclasses import dataclass

import numpy as np

from grid_models.forecasting.known import STEPS_A_DAY
from grid_models.life.paths import Paths
from grid_models.twin.model import FloatArray

INTERVAL = (0.05, 0.5, 0.95)  # 90 % of the paths between the outer two


@dataclass(frozen=True)
class FirstLimit:
    """probability: share of paths that cross a limit within the horizon.  leads: share in which this transformer is the first of all.

    low, median, high: days until 5, 50 and 95 % of the paths have crossed; None: not so many do within the horizon.
    """

    probability: float
    leads: float
    low_days: float | None
    median_days: float | None
    high_days: float | None


def first_limits(paths: Paths) -> tuple[FirstLimit, ...]:
    """One for each transformer. Transformers that cross in the same step share the lead."""
    first = paths.first_step
    earliest = first.min(axis=0)
    leading = (first == earliest) & np.isfinite(first)
    leads = (leading / np.maximum(leading.sum(axis=0), 1)).mean(axis=1)
    return tuple(
        FirstLimit(float(np.isfinite(steps).mean()), float(leads[u]), *(_days(steps, share) for share in INTERVAL))
        for u, steps in enumerate(first)
    )


def _days(steps: FloatArray, share: float) -> float | None:
    at = float(np.quantile(steps, share, method="inverted_cdf"))
    return at / STEPS_A_DAY if np.isfinite(at) else None


def interval(values: FloatArray) -> tuple[float, float, float]:
    """5 %, median and 95 % of some values, each one of them."""
    low, median, high = np.quantile(values, INTERVAL, method="inverted_cdf")
    return float(low), float(median), float(high)
