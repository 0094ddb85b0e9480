"""How warm does a given load make a transformer, by the standard that was asked for, and is that within the standard's limits?"""

from dataclasses import dataclass

import numpy as np

from grid_models.heating.annex_g import annex_g
from grid_models.heating.clause_7 import clause_7
from grid_models.heating.iec import hot_spot, settled
from grid_models.heating.iec_parameters import IecParameters
from grid_models.heating.loading_limits import RegimeLimits, ieee_limits, limits_of
from grid_models.heating.loading_verdict import RegimeVerdict, judged_against
from grid_models.heating.series import HOTTEST_OIL_CELSIUS, InvalidThermalInput, ThermalSeries, ThermalStart, checked
from grid_models.twin.model import FloatArray
from tools.result import InvalidArguments
from tools.thermal_args import Method, NameplateArgs
from tools.thermal_ieee import annex_g_of, clause_7_of
from tools.thermal_nameplate import Described
from tools.thermal_profile import Profile

METHODS = {
    "iec": "IEC 60076-7:2018, exponential hot-spot and top-oil equations",
    "ieee_clause_7": "IEEE C57.91-2011 clause 7",
    "ieee_annex_g": "IEEE C57.91-2011 Annex G (bottom oil, duct oil, hot-spot)",
}


@dataclass(frozen=True, eq=False)
class Heated:
    """series: its values stand for the moments at_min (values,).  late_min: by how much `judged_against` tells temperatures too late."""

    load_pu: FloatArray
    ambient_celsius: FloatArray
    series: ThermalSeries
    at_min: FloatArray
    late_min: float
    regimes: tuple[RegimeVerdict, ...]

    @property
    def hours(self) -> float:
        return float(self.at_min[-1]) / 60.0


def heated(
    method: Method,
    profile: Profile,
    ambient_celsius: FloatArray,
    described: Described | None,
    given: NameplateArgs | None,
    start: ThermalStart | None,
) -> Heated:
    """described: None for Annex G, which has a nameplate of its own. Raises InvalidArguments or InvalidThermalInput."""
    load, step = profile.load_pu, profile.step_min
    series = _series(method, profile, ambient_celsius, described, given, start)
    points = method == "ieee_annex_g"  # value i is of moment i there, else of the end of step i
    limits: tuple[RegimeLimits, ...] = limits_of(described.size) if method == "iec" and described else ieee_limits()
    return Heated(
        load_pu=load,
        ambient_celsius=ambient_celsius,
        series=series,
        at_min=np.asarray(step * np.arange(len(load)) + (0.0 if points else step), dtype=np.float64),
        late_min=step if points else 0.0,
        regimes=judged_against(series, load, step, limits),
    )


def _series(
    method: Method,
    profile: Profile,
    ambient: FloatArray,
    described: Described | None,
    given: NameplateArgs | None,
    start: ThermalStart | None,
) -> ThermalSeries:
    if described is None:
        return annex_g(profile.load_pu, ambient, profile.step_min, annex_g_of(given))
    found = described.parameters
    if method == "iec":
        return hot_spot(profile.load_pu, ambient, profile.step_min, found, start or _settled(profile, ambient, found))
    around = ambient + found.indoor_rise_k
    return clause_7(profile.load_pu / found.rated_share, around, profile.step_min, clause_7_of(described, given), start)


def _settled(profile: Profile, ambient: FloatArray, params: IecParameters) -> ThermalStart:
    """Raises InvalidThermalInput for a bad series, InvalidArguments where no transformer settles."""
    checked(profile.load_pu, ambient, profile.step_min)
    try:
        return settled(float(profile.load_pu[0]), float(ambient[0]), params)
    except InvalidThermalInput as error:
        raise InvalidArguments(
            f"The first load is {profile.load_pu[0]:g} pu, under which these constants settle beyond {HOTTEST_OIL_CELSIUS:g} °C; "
            "a `start` with its temperatures before it would work."
        ) from error
