"""How much of a transformer's insulation life is used, and how many years are left, by relative ageing?"""

from dataclasses import dataclass

import numpy as np

from grid_models.heating.ageing import NORMAL_LIFE_H
from grid_models.life.outlook import Outlook
from grid_models.life.remaining import Remaining, remaining, used_since
from grid_models.life.usual_year import TODAY, YEAR_H, usual_year


@dataclass(frozen=True)
class Insulation:
    """remaining: None where nobody knows since when the transformer runs.  yearly_rate: relative ageing of a usual year, median."""

    remaining: Remaining | None
    yearly_rate: float
    words: str


def insulation(outlook: Outlook, u: int, seed: int) -> Insulation:
    """By IEC relative ageing against the normal life of IEEE C57.91: the load history replayed for every year of service."""
    usual = usual_year(outlook, u, seed)
    ageing = usual.year.relative_ageing(outlook.cases[u].thermal.parameters.paper)
    rate = ageing * YEAR_H / NORMAL_LIFE_H
    now = float(np.median(ageing[TODAY]))
    if usual.service_years is None:
        return Insulation(None, now, "no record says since when it is in service")
    used = used_since(rate, usual.growth_so_far, usual.service_years)
    years = f"{usual.service_years:.0f} year{'s' * (usual.service_years >= 1.5)}"
    words = f"{years} of service at the pace of the last {usual.year.days:.0f} days' load, replayed under usual weather"
    return Insulation(remaining(rate, usual.growth, used), now, words)
