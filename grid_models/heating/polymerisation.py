"""How long the cellulose chains of the paper still are: degree of polymerisation (DP) by Arrhenius.

1/DP grows by A·exp(-Ea/(R·T)) an hour. A model of its own: its rate at a temperature is not that of the 6-K rule or of F_AA, so their
results are never added or averaged.
Every result says in words what of it is unverified. Temperatures in °C, times in hours unless a name says otherwise.
"""

from dataclasses import dataclass
from math import isfinite, log10

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.ageing import Paper, step_means
from grid_models.heating.paper_kinetics import kinetics, paper_ageing
from grid_models.heating.series import InvalidThermalInput
from grid_models.twin.model import FloatArray

_GAS_J_PER_MOL_K, _KELVIN = 8.314, 273.15  # R to the digits that the constants are given for
_LONGEST_CHAIN = 2000.0  # no paper is newer than new; engineering judgement


@dataclass(frozen=True)
class PaperState:
    """polymerisation: DP now.  moisture_percent: water in the paper, by mass.  sealed: little oxygen.  Raises InvalidThermalInput."""

    polymerisation: float
    moisture_percent: float
    sealed: bool
    paper: Paper

    def __post_init__(self) -> None:
        _checked_chain(self.polymerisation)
        kinetics(self.paper, self.moisture_percent, self.sealed)


@dataclass(frozen=True, eq=False)
class PaperResult:
    """values: what was asked, in `unit`.  unverified: what in it nobody here has read in print, in words."""

    values: FloatArray
    unit: str
    unverified: str


def chain_breaks_per_h(hot_spot_celsius: ArrayLike, state: PaperState) -> PaperResult:
    """Growth of 1/DP per hour at each temperature."""
    log_rate, unverified = _log_rate(hot_spot_celsius, state)
    return PaperResult(np.asarray(np.exp(log_rate)), "1/h", unverified)


def polymerisation_after(hot_spot_start_celsius: float, hot_spot_celsius: ArrayLike, step_min: float, state: PaperState) -> PaperResult:
    """DP at the end of each step. hot_spot_celsius: (steps,) at the ends of the steps, hot_spot_start_celsius before the first.

    Temperatures run straight between them; the mean rate of a step is the logarithmic one, as in `ageing.consumed_min`.
    """
    if not (isfinite(step_min) and step_min > 0):
        raise InvalidThermalInput(f"A step of {step_min} min was given; a number above 0 would work.")
    points = np.concatenate([[hot_spot_start_celsius], np.atleast_1d(np.asarray(hot_spot_celsius, dtype=np.float64))])
    log_rate, unverified = _log_rate(points, state)
    broken = np.cumsum(step_means(log_rate)) * step_min / 60.0
    return PaperResult(1.0 / (1.0 / state.polymerisation + broken), "DP", unverified)


def hours_to_end(hot_spot_celsius: ArrayLike, state: PaperState) -> PaperResult:
    """Hours at each constant temperature until the DP of the end of life (200); 0 where it is below already."""
    log_rate, unverified = _log_rate(hot_spot_celsius, state)
    left = max(1.0 / paper_ageing().end - 1.0 / state.polymerisation, 0.0)
    return PaperResult(np.asarray(left / np.exp(log_rate)), "h", unverified)


def share_consumed(polymerisation: float) -> PaperResult:
    """Of the chain breaks between new paper (1000) and the end of life (200), 0 to 1 and beyond: in 1/DP, in which time runs evenly."""
    data = paper_ageing()
    fresh, spent = 1.0 / data.start, 1.0 / data.end
    share = (1.0 / _checked_chain(polymerisation) - fresh) / (spent - fresh)
    return PaperResult(np.asarray(max(share, 0.0)), "share", data.doubt if data.unverified else "")


def polymerisation_from_furan(furan_ppm: float) -> PaperResult:
    """DP of kraft paper from 2-FAL dissolved in the oil, by Chendong's relation, never above new paper's. Raises InvalidThermalInput."""
    data = paper_ageing()
    furan = data.furan
    if not (isfinite(furan_ppm) and furan_ppm > 0):
        raise InvalidThermalInput(f"2-FAL of {furan_ppm} ppm was given; a concentration above 0 in mg/kg would work.")
    found = (furan.intercept - log10(max(furan_ppm, furan.lowest_ppm))) / furan.slope
    if found <= 0:
        raise InvalidThermalInput(f"2-FAL of {furan_ppm:g} ppm was given, which leaves no chains; was it in ppb? Divide by 1000.")
    return PaperResult(np.asarray(min(found, data.start)), "DP", furan.doubt if furan.unverified else "")


def _log_rate(hot_spot_celsius: ArrayLike, state: PaperState) -> tuple[FloatArray, str]:
    hot_spot = np.asarray(hot_spot_celsius, dtype=np.float64)
    if not np.all(np.isfinite(hot_spot) & (hot_spot > -_KELVIN)):
        raise InvalidThermalInput("Every hot-spot temperature must be a number above absolute zero; fill the gaps first.")
    constants = kinetics(state.paper, state.moisture_percent, state.sealed)
    return np.log(constants.a_per_h) - constants.activation_j_per_mol / (_GAS_J_PER_MOL_K * (hot_spot + _KELVIN)), constants.unverified


def _checked_chain(polymerisation: float) -> float:
    if not (isfinite(polymerisation) and 0 < polymerisation <= _LONGEST_CHAIN):
        raise InvalidThermalInput(f"A DP of {polymerisation} was given; above 0 and up to {_LONGEST_CHAIN:g} would work.")
    return polymerisation
