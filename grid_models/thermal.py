"""How warm transformers get and what it costs of their life, by IEC 60076-7 and IEEE C57.91: the public functions, plain arrays in and out.

load_pu: (steps,) of the nameplate rating.  ambient_celsius: (steps,) or one value.  Each function says whether its series is held through
each step of `step_min` minutes (IEC, clause 7) or made of points joined by straight lines (Annex G).

>>> example = IecParameters(38.3, 14.5 * 1.4, 150, 7, 1000, 0.8, 1.3, 0.5, 2, 2)  # 250 MVA, ONAF: the standard's step example
>>> steps = [1.0] * 38 + [0.6] * 35 + [1.5] * 27 + [0.3] * 41 + [2.1] * 5 + [0.0] * 3  # 5 min each
>>> found = hot_spot(steps, 25.6, 5.0, example, ThermalStart(top_oil_celsius=25.6 + 12.7))
>>> found.hot_spot_celsius[[37, 72, 99, 140, 145, 148]].round(2).tolist()
[83.78, 54.06, 128.05, 37.57, 138.64, 75.28]
>>> found.loss_of_life_min[-1].round().item()
2525.0
"""

from grid_models.heating.ageing import NORMAL_LIFE_H, Paper, relative_ageing
from grid_models.heating.annex_g import AnnexGStart, annex_g
from grid_models.heating.annex_g_parameters import AnnexGParameters, Conductor, kilograms, litres
from grid_models.heating.clause_7 import clause_7
from grid_models.heating.clause_7_parameters import Clause7Parameters, clause_7_parameters
from grid_models.heating.cooling_stages import hot_spot_switched, natural_cooling
from grid_models.heating.iec import hot_spot
from grid_models.heating.iec_parameters import Cooling, IecParameters, Size, iec_parameters
from grid_models.heating.ieee_ageing import ageing_acceleration, equivalent_ageing, loss_of_life_percent, per_unit_life
from grid_models.heating.ieee_cooling import IeeeCooling
from grid_models.heating.loading_limits import limits_of
from grid_models.heating.loading_verdict import judged
from grid_models.heating.series import InvalidThermalInput, ThermalSeries, ThermalStart
from grid_models.heating.three_winding import hot_spot_three
from grid_models.heating.three_winding_parameters import ThreeWindingParameters, Winding, equal_windings

__all__ = [
    "NORMAL_LIFE_H",
    "AnnexGParameters",
    "AnnexGStart",
    "Clause7Parameters",
    "Conductor",
    "Cooling",
    "IecParameters",
    "IeeeCooling",
    "InvalidThermalInput",
    "Paper",
    "Size",
    "ThermalSeries",
    "ThermalStart",
    "ThreeWindingParameters",
    "Winding",
    "ageing_acceleration",
    "annex_g",
    "clause_7",
    "clause_7_parameters",
    "equal_windings",
    "equivalent_ageing",
    "hot_spot",
    "hot_spot_switched",
    "hot_spot_three",
    "iec_parameters",
    "judged",
    "kilograms",
    "limits_of",
    "litres",
    "loss_of_life_percent",
    "natural_cooling",
    "per_unit_life",
    "relative_ageing",
]
