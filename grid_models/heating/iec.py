"""How warm a transformer gets by IEC 60076-7:2018 (clause 8.2), and what that costs of its life: the model of two windings."""

from functools import partial
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.ageing import Paper, consumed_min
from grid_models.heating.iec_library import power_transformer, temperatures
from grid_models.heating.iec_parameters import IecParameters
from grid_models.heating.series import ThermalSeries, ThermalStart, checked
from grid_models.twin.model import FloatArray

_LONGEST_INNER_MIN, _SHORTEST_INNER_MIN = 5.0, 0.5  # engineering judgement: a faster rise is over before insulation notices


def hot_spot(
    load_pu: ArrayLike,
    ambient_celsius: ArrayLike,
    step_min: float,
    params: IecParameters,
    initial: ThermalStart | None = None,
) -> ThermalSeries:
    """Top oil, hot-spot and loss of life of a *held* series: value i holds during step i, result i stands for the end of step i.

    load_pu: (steps,) in pu of the nameplate rating, not negative.  ambient_celsius: (steps,) or one value.  step_min: up to 60.
    initial: None is the steady state of the first load and ambient.  Temperatures are exact at any step, since load and ambient are
    constant inside one; the loss of life is summed over shorter steps, because the hot-spot may peak inside a long one. Whoever needs
    that peak repeats the values over a shorter step.  Raises InvalidThermalInput.

    >>> from grid_models.heating.iec_parameters import iec_parameters
    >>> day = hot_spot([1.0] * 24, 20.0, 60.0, iec_parameters("ONAF"))
    >>> float(day.hot_spot_celsius[-1].round(1)), float(day.loss_of_life_min[-1].round(1))
    (98.0, 1440.0)
    """
    load, ambient = checked(load_pu, ambient_celsius, step_min)
    inner = inner_steps(step_min, params.k22 * params.winding_time_constant_min)
    start = initial or settled(load[0], ambient[0], params)
    transformer = partial(power_transformer, params, step_min / inner)
    found = temperatures(np.repeat(load, inner), np.repeat(ambient, inner), start, transformer)
    return at_step_ends(*found, inner, step_min, params.paper)


def settled(load_pu: float, ambient_celsius: float, params: IecParameters) -> ThermalStart:
    """Where the temperatures settle under a constant load [pu of the nameplate rating] and ambient. IEC 60076-7:2018 clause 8.2."""
    share = load_pu / params.rated_share
    losses = (1.0 + params.loss_ratio * share**2) / (1.0 + params.loss_ratio)
    oil = ambient_celsius + params.indoor_rise_k + params.top_oil_rise_k * losses**params.oil_exponent
    return ThermalStart(float(oil), float(params.hot_spot_gradient_k * share**params.winding_exponent))


def inner_steps(step_min: float, *responses_min: float) -> int:
    """Into how many equal steps one is divided; a response is the time constant k22·τw with which a winding follows its load.

    None is longer than an eighth of the shortest: with the usual k22 of 2 that is τw/4, half of what is often recommended, because a
    straight line over τw/2 misses 1.4 % of the life that a jump from half load to 150 % costs in its first quarter of an hour.
    """
    eighth = min(responses_min) / 8.0
    return ceil(step_min / min(max(eighth, _SHORTEST_INNER_MIN), _LONGEST_INNER_MIN) - 1e-9)


def at_step_ends(top_oil: FloatArray, hot: FloatArray, inner: int, step_min: float, paper: Paper) -> ThermalSeries:
    """Of inner steps with their start, (steps * inner + 1,), the values at the end of each step."""
    life = consumed_min(float(hot[0]), hot[1:], step_min / inner, paper)
    ends = slice(inner, None, inner)
    return ThermalSeries(top_oil[ends].copy(), hot[ends].copy(), life[inner - 1 :: inner].copy())
