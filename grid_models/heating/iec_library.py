"""How a calculation is told to the package transformer-thermal-model, which solves the equations of IEC 60076-7.

Four things about version 0.5.0 shape this file. Its distribution transformer multiplies a surcharge of the ambient temperature with the
losses, so every transformer here is its power transformer, whose equations are those of the standard. It cuts time steps to whole
seconds, so time is counted in steps: one step is one of its minutes. Its validation takes k21 and k22 as whole numbers, which 1.3 (OF) is
not, so they are put into a copy after the validation. And it reports each run to the log, which would drown an operator's.
"""

import logging
from collections.abc import Callable

import numpy as np
from transformer_thermal_model.cooler import CoolerType
from transformer_thermal_model.model import Model
from transformer_thermal_model.schemas import InputProfile, UserTransformerSpecifications
from transformer_thermal_model.schemas.thermal_model.initial_state import InitialTopOilTemp
from transformer_thermal_model.transformer import PowerTransformer

from grid_models.heating.iec_parameters import IecParameters
from grid_models.heating.series import ThermalStart
from grid_models.twin.model import FloatArray

logging.getLogger("transformer_thermal_model").setLevel(logging.WARNING)

_BEGIN = np.datetime64("2000-01-01T00:00:00", "s")  # any would do: the equations know durations only


class _Started(Model):
    """The library's model, started at a hot-spot gradient as well; on its own it starts at the one of a load, or at none."""

    def __init__(self, profile: InputProfile, transformer: PowerTransformer, start: ThermalStart) -> None:
        super().__init__(profile, transformer, InitialTopOilTemp(initial_top_oil_temp=start.top_oil_celsius))
        self._gradient_k = start.hot_spot_gradient_k

    def get_initial_hot_spot_increase(self) -> float:
        return self._gradient_k


def temperatures(
    load: FloatArray, ambient: FloatArray, start: ThermalStart, transformer: Callable[[], PowerTransformer]
) -> tuple[FloatArray, FloatArray]:
    """Top oil and hot-spot [°C] at the start and at the end of each step, (steps + 1,) each, of a held series of checked arrays.

    The library changes the transformer it is given where fans switch, so it is given a new one. In its convention a value holds on
    the interval that ends at its moment, and the first moment is the start: the first load is never read.
    """
    profile = InputProfile(
        datetime_index=moments(len(load)), load_profile=with_dummy(load), ambient_temperature_profile=with_dummy(ambient)
    )
    result = _Started(profile, transformer(), start).run()
    return result.top_oil_temp_profile.to_numpy(), result.hot_spot_temp_profile.to_numpy()


def moments(steps: int) -> np.ndarray:
    """The start and the end of each step, each step one of the library's minutes."""
    return np.asarray(_BEGIN + np.arange(steps + 1) * np.timedelta64(60, "s"))


def with_dummy(values: FloatArray) -> FloatArray:
    """A held series with the unread value of the start in front."""
    return np.concatenate([values[:1], values])


def power_transformer(params: IecParameters, step_min: float) -> PowerTransformer:
    """The library's transformer of these constants, times in steps; every one is given, so that none of its defaults is left."""
    found = PowerTransformer(_user_specifications(params, step_min), CoolerType.ONAF)
    found.specs = found.specs.model_copy(update={"winding_const_k21": params.k21, "winding_const_k22": params.k22})
    return found


def _user_specifications(params: IecParameters, step_min: float) -> UserTransformerSpecifications:
    return UserTransformerSpecifications(
        no_load_loss=1.0,
        load_loss=params.loss_ratio,
        nom_load_sec_side=params.rated_share,
        top_oil_temp_rise=params.top_oil_rise_k,
        winding_oil_gradient=params.hot_spot_gradient_k,
        hot_spot_fac=1.0,  # H is inside the gradient
        time_const_oil=params.oil_time_constant_min / step_min,
        time_const_windings=params.winding_time_constant_min / step_min,
        oil_const_k11=params.k11,
        oil_exp_x=params.oil_exponent,
        winding_exp_y=params.winding_exponent,
        amb_temp_surcharge=params.indoor_rise_k,
        end_temp_reduction=0.0,
    )
