"""The constants of the top-oil model of IEEE C57.91 clause 7, by cooling mode, and the oil's time constant from what it weighs."""

from dataclasses import dataclass
from math import isfinite

from grid_models.heating.ageing import Paper
from grid_models.heating.annex_g_parameters import KG_PER_LB, L_PER_US_GALLON
from grid_models.heating.ieee_cooling import IeeeCooling, ieee_cooling
from grid_models.heating.series import InvalidThermalInput

_EXPONENTS = {  # n of the oil, m of the winding
    IeeeCooling.ONAN: (0.8, 0.8),
    IeeeCooling.ONAF: (0.9, 0.8),
    IeeeCooling.OFAF: (0.9, 0.8),
    IeeeCooling.ODAF: (1.0, 1.0),
}
_SOURCE = "IEEE C57.91 clause 7 exponents by the open source of its 2025 revision"
_OFAF_UNVERIFIED = "n = 0.9 for pumped oil that is not directed: from memory of the standard, its open source has 0.8"
# Heat capacity by C57.91 clause 7, there in W·h/K for pounds of core and coils, pounds of tank and US gallons of oil.
_NATURAL, _PUMPED = (0.06, 0.04, 1.33), (0.06, 0.06, 1.93)


@dataclass(frozen=True)
class Clause7Parameters:
    """Rises [K] at 1 pu load: top oil over ambient, hot-spot over top oil. loss_ratio R: load loss to no-load loss at 1 pu.

    oil_exponent n, winding_exponent m.  unverified: which of them nobody here has read in the standard, in words; empty where none.
    Raises InvalidThermalInput.
    """

    top_oil_rise_k: float
    hot_spot_gradient_k: float
    oil_time_constant_min: float
    winding_time_constant_min: float
    loss_ratio: float
    oil_exponent: float
    winding_exponent: float
    paper: Paper = Paper.UPGRADED
    source: str = "given"
    unverified: str = ""

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            value = getattr(self, name)
            if not (isfinite(value) and value > 0):
                raise InvalidThermalInput(f"{name} = {value} was given; a number above 0 would work.")


_POSITIVE = (
    "top_oil_rise_k",
    "hot_spot_gradient_k",
    "oil_time_constant_min",
    "winding_time_constant_min",
    "loss_ratio",
    "oil_exponent",
    "winding_exponent",
)


def clause_7_parameters(
    cooling: IeeeCooling | str,
    *,
    top_oil_rise_k: float,
    hot_spot_gradient_k: float,
    oil_time_constant_min: float,
    winding_time_constant_min: float,
    loss_ratio: float,
    paper: Paper = Paper.UPGRADED,
) -> Clause7Parameters:
    """A transformer with the exponents of its cooling mode. Raises InvalidThermalInput."""
    mode = ieee_cooling(cooling)
    n, m = _EXPONENTS[mode]
    times = (oil_time_constant_min, winding_time_constant_min)
    doubt = _OFAF_UNVERIFIED if mode is IeeeCooling.OFAF else ""
    return Clause7Parameters(top_oil_rise_k, hot_spot_gradient_k, *times, loss_ratio, n, m, paper, _SOURCE, doubt)


def oil_time_constant_min(
    cooling: IeeeCooling | str, *, top_oil_rise_k: float, total_loss_w: float, core_and_coils_kg: float, tank_kg: float, oil_l: float
) -> float:
    """At rated load: heat capacity times top-oil rise by total loss, both at 1 pu. Raises InvalidThermalInput."""
    given = (top_oil_rise_k, total_loss_w, core_and_coils_kg, tank_kg, oil_l)
    if not all(isfinite(value) and value > 0 for value in given):
        raise InvalidThermalInput(f"A rise, a loss, two masses and a volume of {given} were given; numbers above 0 would work.")
    core, tank, oil = _NATURAL if ieee_cooling(cooling) in (IeeeCooling.ONAN, IeeeCooling.ONAF) else _PUMPED
    capacity_wh_per_k = core * core_and_coils_kg / KG_PER_LB + tank * tank_kg / KG_PER_LB + oil * oil_l / L_PER_US_GALLON
    return capacity_wh_per_k * top_oil_rise_k / total_loss_w * 60.0
