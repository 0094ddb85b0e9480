"""What is a usual year of a transformer, how fast does its load grow, and since when does it run?"""

from dataclasses import dataclass

import numpy as np

from grid_models.life.constants import GROWTH_SIGMA, tested
from grid_models.life.outlook import Outlook, growth_percent
from grid_models.life.yearly import LEVELS, Yearly, yearly
from grid_models.twin.model import FloatArray

_SAMPLES = 200
TODAY = int(np.flatnonzero(LEVELS == 1.0)[0])
YEAR_H = 8766.0


@dataclass(frozen=True, eq=False)
class Usual:
    """growth, growth_so_far: (samples,) a year, as asked and as the record says.  service_years: until plant time; None: no record says."""

    year: Yearly
    growth: FloatArray
    growth_so_far: FloatArray
    service_years: float | None


def usual_year(outlook: Outlook, u: int, seed: int) -> Usual:
    """Of one transformer, the same for the same seed."""
    case = outlook.cases[u]
    unknown = np.random.default_rng((seed, case.unit.stream, 1)).standard_normal(_SAMPLES) * GROWTH_SIGMA
    growth = growth_percent(outlook.assumptions, case) / 100.0 + unknown
    so_far = (case.growth_percent_per_year or 0.0) / 100.0 + unknown
    since = case.record.commissioned_year if case.record else None
    at = outlook.assumptions.at
    service = None if since is None else max(at.year + at.timetuple().tm_yday / 366.0 - since - 0.5, 0.0)
    return Usual(yearly(outlook, u, _SAMPLES, seed, tested(case.record)), growth, so_far, service)
