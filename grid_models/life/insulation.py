"""How much of a transformer's insulation life is used, and how many years are left? By relative ageing, and apart from it by its paper."""

from dataclasses import dataclass

import numpy as np

from grid_models.heating.ageing import NORMAL_LIFE_H
from grid_models.heating.paper_kinetics import paper_ageing
from grid_models.heating.polymerisation import PaperState, chain_breaks_per_h, polymerisation_from_furan, share_consumed
from grid_models.heating.series import InvalidThermalInput
from grid_models.life.assumptions import Case
from grid_models.life.constants import tested
from grid_models.life.outlook import Outlook, growth_percent
from grid_models.life.remaining import Remaining, remaining, used_since
from grid_models.life.yearly import LEVELS, Yearly, yearly
from grid_models.twin.model import FloatArray

_SAMPLES = 200
_TODAY = int(np.flatnonzero(LEVELS == 1.0)[0])
_YEAR_H = 8766.0
_GROWTH_SIGMA = 0.01  # a year; engineering judgement


@dataclass(frozen=True)
class Insulation:
    """remaining: None where nobody knows since when the transformer runs.  yearly_rate: relative ageing of a usual year, median."""

    remaining: Remaining | None
    yearly_rate: float
    words: str


@dataclass(frozen=True)
class PaperStrength:
    """The model of chain breaks, kept apart. polymerisation: DP now.  how: where it comes from."""

    polymerisation: float
    how: str
    remaining: Remaining
    unverified: str


@dataclass(frozen=True, eq=False)
class _Usual:
    year: Yearly
    growth: FloatArray
    service_years: float | None


def insulation(outlook: Outlook, u: int, seed: int) -> Insulation:
    """By IEC relative ageing against the normal life of IEEE C57.91: the load history replayed for every year of service."""
    usual = _usual(outlook, u, seed)
    ageing = usual.year.relative_ageing(outlook.cases[u].thermal.parameters.paper)
    rate = ageing * _YEAR_H / NORMAL_LIFE_H
    now = float(np.median(ageing[_TODAY]))
    if usual.service_years is None:
        return Insulation(None, now, "no record says since when it is in service")
    used = used_since(rate, usual.growth, usual.service_years)
    years = f"{usual.service_years:.0f} year{'s' * (usual.service_years >= 1.5)}"
    words = f"{years} of service at the pace of the last {usual.year.days:.0f} days' load, replayed under usual weather"
    return Insulation(remaining(rate, usual.growth, used), now, words)


def paper_strength(outlook: Outlook, u: int, seed: int) -> PaperStrength | None:
    """None where no record gives a DP or furan, and moisture and oxygen. Raises nothing: constants that do not exist are no estimate."""
    record = outlook.cases[u].record
    if record is None or record.moisture_percent is None or record.sealed is None:
        return None
    try:
        known = _measured(outlook.cases[u])
        if known is None:
            return None
        chain, how, year, doubt = known
        usual = _usual(outlook, u, seed)
        state = PaperState(chain, record.moisture_percent, record.sealed, outlook.cases[u].thermal.parameters.paper)
        breaks = chain_breaks_per_h(usual.year.hot_spot, state)
    except InvalidThermalInput:
        return None
    a_year = np.asarray(breaks.values.mean(axis=2) * _YEAR_H)  # (levels, samples) growth of 1/DP
    since = max(outlook.assumptions.at.year - year, 0) if year is not None else 0.0
    grown = 1.0 / chain + used_since(a_year, usual.growth, float(since))
    whole = 1.0 / paper_ageing().end - 1.0 / paper_ageing().start
    share = share_consumed(chain).values + (grown - 1.0 / chain) / whole
    now = float(1.0 / np.median(grown))
    doubts = "; ".join(dict.fromkeys(t for t in (breaks.unverified, doubt) if t))
    return PaperStrength(now, how, remaining(a_year / whole, usual.growth, share), doubts)


def _measured(case: Case) -> tuple[float, str, int | None, str] | None:
    """DP, how it is known, when it was, and the doubt in it."""
    record = case.record
    if record is None:
        return None
    if record.polymerisation is not None:
        when = f" in {record.polymerisation_year}" if record.polymerisation_year else ""
        return record.polymerisation, f"measured{when}, and aged since by the load history", record.polymerisation_year, ""
    if record.furan_ppm:
        found = polymerisation_from_furan(record.furan_ppm)
        return float(found.values), f"from {record.furan_ppm:g} ppm of furan in the oil", None, found.unverified
    return None


def _usual(outlook: Outlook, u: int, seed: int) -> _Usual:
    case = outlook.cases[u]
    rng = np.random.default_rng((seed, u, 1))
    growth = growth_percent(outlook.assumptions, case) / 100.0 + rng.standard_normal(_SAMPLES) * _GROWTH_SIGMA
    since = case.record.commissioned_year if case.record else None
    at = outlook.assumptions.at
    service = None if since is None else max(at.year + at.timetuple().tm_yday / 366.0 - since - 0.5, 0.0)
    return _Usual(yearly(outlook, u, _SAMPLES, seed, tested(case.record)), growth, service)
