"""The temperatures of one transformer by others: the package transformer-thermal-model in its usual way, and scipy's general integrator."""

import logging

import numpy as np
from scipy.integrate import solve_ivp
from transformer_thermal_model.cooler import CoolerType
from transformer_thermal_model.model import Model
from transformer_thermal_model.schemas import InputProfile, UserTransformerSpecifications
from transformer_thermal_model.transformer import PowerTransformer

from grid_models.heating.iec_parameters import IecParameters
from grid_models.twin.model import FloatArray

logging.getLogger("transformer_thermal_model").setLevel(logging.WARNING)


def library_hot_spot(load: FloatArray, ambient: FloatArray, step_min: float, params: IecParameters) -> FloatArray:
    """(steps + 1,) as its documentation does it, from input arrays to the result; its first moment is the start, whose load it ignores."""
    minutes = np.arange(len(load) + 1) * np.timedelta64(round(step_min * 60), "s")
    profile = InputProfile(
        datetime_index=np.datetime64("2016-01-01T00:00:00", "s") + minutes,
        load_profile=np.concatenate([load[:1], load]) * _NOMINAL_A,
        ambient_temperature_profile=np.concatenate([ambient[:1], ambient]),
    )
    result = Model(profile, PowerTransformer(_specifications(params), CoolerType.ONAF)).run()
    return result.hot_spot_temp_profile.to_numpy()


_NOMINAL_A = 1000.0


def _specifications(params: IecParameters) -> UserTransformerSpecifications:
    return UserTransformerSpecifications(
        load_loss=params.loss_ratio,
        no_load_loss=1.0,
        nom_load_sec_side=_NOMINAL_A,
        amb_temp_surcharge=0.0,
        top_oil_temp_rise=params.top_oil_rise_k,
        winding_oil_gradient=params.hot_spot_gradient_k / 1.3,
        hot_spot_fac=1.3,
        time_const_oil=params.oil_time_constant_min,
        time_const_windings=params.winding_time_constant_min,
        oil_const_k11=params.k11,
        winding_const_k21=int(params.k21),
        winding_const_k22=int(params.k22),
        oil_exp_x=params.oil_exponent,
        winding_exp_y=params.winding_exponent,
        end_temp_reduction=0.0,
    )


def integrated_hot_spot(load: FloatArray, ambient: FloatArray, step_min: float, params: IecParameters, start: FloatArray) -> FloatArray:
    """(steps,) at the ends of the steps, by LSODA from step to step, since the load jumps there.  start: top oil and both gradients."""
    p, state, found = params, start, np.empty(len(load))
    rate = 1.0 / np.array([p.k11 * p.oil_time_constant_min, p.k22 * p.winding_time_constant_min, p.oil_time_constant_min / p.k22])
    for i, (k, around) in enumerate(zip(load, ambient, strict=True)):
        gradient = p.hot_spot_gradient_k * k**p.winding_exponent
        rise = p.top_oil_rise_k * ((1.0 + p.loss_ratio * k**2) / (1.0 + p.loss_ratio)) ** p.oil_exponent
        goal = np.array([around + rise, p.k21 * gradient, (p.k21 - 1.0) * gradient])
        state = solve_ivp(lambda _, s, g=goal: (g - s) * rate, (0.0, step_min), state, method="LSODA", rtol=1e-6, atol=1e-6).y[:, -1]
        found[i] = state[0] + state[1] - state[2]
    return found
