"""How three windings are told to the package transformer-thermal-model; what shapes it is said in `iec_library.py`, and two things more.

The library wants the losses of pairs of windings, as a test report gives them, and parts them again; with equal rated powers the pair
sums of our winding losses give exactly those back. And it starts every winding at the temperature of the oil, whatever start it is given.
"""

import numpy as np
from transformer_thermal_model.cooler import CoolerType
from transformer_thermal_model.model import Model
from transformer_thermal_model.schemas import ThreeWindingInputProfile, UserThreeWindingTransformerSpecifications, WindingSpecifications
from transformer_thermal_model.schemas.thermal_model.initial_state import InitialTopOilTemp
from transformer_thermal_model.transformer import ThreeWindingTransformer

from grid_models.heating.iec_library import moments, with_dummy
from grid_models.heating.three_winding_parameters import ThreeWindingParameters, Winding
from grid_models.twin.model import FloatArray


def temperatures_of_three(
    loads: FloatArray, ambient: FloatArray, oil_celsius: float, gradients_k: FloatArray, step_min: float, params: ThreeWindingParameters
) -> tuple[FloatArray, FloatArray]:
    """Top oil (steps + 1,) and hot-spots (3, steps + 1) [°C] at the start and at the end of each step of checked arrays.

    loads: (3, steps), gradients_k: (3,) at the start; high, medium, low voltage.
    """
    profile = ThreeWindingInputProfile(
        datetime_index=moments(loads.shape[1]),
        ambient_temperature_profile=with_dummy(ambient),
        load_profile_high_voltage_side=with_dummy(loads[0]),
        load_profile_middle_voltage_side=with_dummy(loads[1]),
        load_profile_low_voltage_side=with_dummy(loads[2]),
    )
    result = Model(profile, _transformer(params, step_min), InitialTopOilTemp(initial_top_oil_temp=oil_celsius)).run()
    columns = ["high_voltage_side", "middle_voltage_side", "low_voltage_side"]
    hot = np.array([result.hot_spot_temp_profile[name].to_numpy() for name in columns])
    return result.top_oil_temp_profile.to_numpy(), hot + _rest_of_start(gradients_k, loads.shape[1], step_min, params)


def _rest_of_start(gradients_k: FloatArray, steps: int, step_min: float, params: ThreeWindingParameters) -> FloatArray:
    """(3, steps + 1) what is left of the gradients at the start [K]: the equations are linear, so it decays on its own and adds."""
    minutes = np.arange(steps + 1) * step_min
    windings_min = np.array([[w.time_constant_min] for w in params.windings])
    fast = params.k21 * np.exp(-minutes / (params.k22 * windings_min))
    slow = (params.k21 - 1.0) * np.exp(-minutes * params.k22 / params.oil_time_constant_min)
    return np.asarray(gradients_k[:, None] * (fast - slow))


def _transformer(params: ThreeWindingParameters, step_min: float) -> ThreeWindingTransformer:
    high, medium, low = params.windings
    user = UserThreeWindingTransformerSpecifications(
        no_load_loss=1.0,
        load_loss_hv_mv=high.load_loss_ratio + medium.load_loss_ratio,
        load_loss_hv_lv=high.load_loss_ratio + low.load_loss_ratio,
        load_loss_mv_lv=medium.load_loss_ratio + low.load_loss_ratio,
        hv_winding=_winding(high, step_min),
        mv_winding=_winding(medium, step_min),
        lv_winding=_winding(low, step_min),
        top_oil_temp_rise=params.top_oil_rise_k,
        time_const_oil=params.oil_time_constant_min / step_min,
        oil_const_k11=params.k11,
        oil_exp_x=params.oil_exponent,
        winding_exp_y=params.winding_exponent,
        amb_temp_surcharge=params.indoor_rise_k,
        end_temp_reduction=0.0,
    )
    found = ThreeWindingTransformer(user, CoolerType.ONAF)
    found.specs = found.specs.model_copy(update={"winding_const_k21": params.k21, "winding_const_k22": params.k22})
    return found


def _winding(winding: Winding, step_min: float) -> WindingSpecifications:
    return WindingSpecifications(
        nom_load=1.0,
        nom_power=1.0,
        winding_oil_gradient=winding.hot_spot_gradient_k,
        hot_spot_fac=1.0,  # H is inside the gradient
        time_const_winding=winding.time_constant_min / step_min,
    )
