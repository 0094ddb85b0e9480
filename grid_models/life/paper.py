"""How strong is the paper, and how long will it last? By the model of chain breaks, apart from relative ageing: the two are never mixed."""

from dataclasses import dataclass

import numpy as np

from grid_models.heating.paper_kinetics import paper_ageing
from grid_models.heating.polymerisation import PaperState, chain_breaks_per_h, polymerisation_from_furan, share_consumed
from grid_models.heating.series import InvalidThermalInput
from grid_models.life.assumptions import Case
from grid_models.life.outlook import Outlook
from grid_models.life.remaining import Remaining, remaining, used_since
from grid_models.life.usual_year import YEAR_H, usual_year


@dataclass(frozen=True)
class PaperStrength:
    """The model of chain breaks, kept apart. polymerisation: DP as last known, aged until now where that can be.  how: where it comes from.

    used: share of the paper's life, of its chain breaks.  remaining: None where its moisture or oxygen have no known constants.
    """

    polymerisation: float
    how: str
    used: float
    remaining: Remaining | None
    unverified: str


@dataclass(frozen=True)
class _Measured:
    polymerisation: float
    how: str
    year: int | None
    unverified: str


def paper_strength(outlook: Outlook, u: int, seed: int) -> PaperStrength | None:
    """None where no record gives a DP or furan: nothing else says how strong paper is."""
    known = _measured(outlook.cases[u])
    if known is None:
        return None
    try:
        return _aged(outlook, u, seed, known)
    except InvalidThermalInput as unknown:
        share = share_consumed(known.polymerisation)
        doubt = _joined(known.unverified, share.unverified)
        return PaperStrength(
            known.polymerisation, f"{known.how}; not aged since: {str(unknown).rstrip('.')}", float(share.values), None, doubt
        )


def _aged(outlook: Outlook, u: int, seed: int, known: _Measured) -> PaperStrength:
    """From when it was known until now and on. Raises InvalidThermalInput where moisture or oxygen are unknown or without constants."""
    record = outlook.cases[u].record
    if record is None or record.moisture_percent is None or record.sealed is None:
        raise InvalidThermalInput("the record says nothing of its moisture and oxygen.")
    usual = usual_year(outlook, u, seed)
    state = PaperState(known.polymerisation, record.moisture_percent, record.sealed, outlook.cases[u].thermal.parameters.paper)
    breaks = chain_breaks_per_h(usual.year.hot_spot, state)
    a_year = np.asarray(breaks.values.mean(axis=2) * YEAR_H)  # (levels, samples) growth of 1/DP
    since = 0.0 if known.year is None else float(max(outlook.assumptions.at.year - known.year, 0))
    grown = 1.0 / known.polymerisation + used_since(a_year, usual.growth_so_far, since)
    whole = 1.0 / paper_ageing().end - 1.0 / paper_ageing().start
    left = remaining(a_year / whole, usual.growth, (grown - 1.0 / paper_ageing().start) / whole)
    how = f"{known.how}, and aged since by the load history" if since else known.how
    return PaperStrength(float(1.0 / np.median(grown)), how, left.used, left, _joined(breaks.unverified, known.unverified))


def _joined(*doubts: str) -> str:
    return "; ".join(dict.fromkeys(d for d in doubts if d))


def _measured(case: Case) -> _Measured | None:
    """DP as measured, else from furan."""
    record = case.record
    if record is None:
        return None
    if record.polymerisation is not None:
        when = f" in {record.polymerisation_year}" if record.polymerisation_year else ""
        return _Measured(record.polymerisation, f"measured{when}", record.polymerisation_year, "")
    if record.furan_ppm:
        found = polymerisation_from_furan(record.furan_ppm)
        return _Measured(float(found.values), f"from {record.furan_ppm:g} ppm of furan in the oil", None, found.unverified)
    return None
