"""Ageing in the words of IEEE C57.91: acceleration factor, equivalent factor, per cent loss of life, per-unit life."""

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.ageing import NORMAL_LIFE_H, Paper, relative_ageing
from grid_models.heating.series import InvalidThermalInput
from grid_models.twin.model import FloatArray

_LIFE_A, _LIFE_B = 9.8e-18, 15_000.0  # C57.91 per-unit life curve of thermally upgraded paper; A as printed, rounded to two digits


def ageing_acceleration(hot_spot_celsius: ArrayLike) -> FloatArray:
    """F_AA of thermally upgraded paper, 1 at 110 °C."""
    return relative_ageing(hot_spot_celsius, Paper.UPGRADED)


def equivalent_ageing(acceleration: ArrayLike, step_min: ArrayLike) -> float:
    """F_EQA: the mean of F_AA weighted by the steps [min]; one step stands for all. Raises InvalidThermalInput.

    >>> equivalent_ageing([1.0, 4.0], [20.0, 10.0])
    2.0
    """
    factors = np.atleast_1d(np.asarray(acceleration, dtype=np.float64))
    steps = np.asarray(step_min, dtype=np.float64)
    if not factors.size or steps.shape not in ((), factors.shape) or not np.all(np.isfinite(steps) & (steps > 0)):
        raise InvalidThermalInput(
            f"{factors.size} ageing factors came with steps of shape {steps.shape}; one step above 0 min for all, or one for each, works."
        )
    if not np.isfinite(factors).all():
        raise InvalidThermalInput("The ageing factors hold values that are no numbers; fill the gaps first.")
    return float(np.average(factors, weights=np.broadcast_to(steps, factors.shape)))


def loss_of_life_percent(equivalent: float, hours: float, normal_life_h: float = NORMAL_LIFE_H) -> float:
    """Share of the normal insulation life that `hours` at this F_EQA use up."""
    return equivalent * hours / normal_life_h * 100.0


def per_unit_life(hot_spot_celsius: ArrayLike) -> FloatArray:
    """Life at a constant hot-spot against that at 110 °C. The printed A is rounded: 1.0003 at 110 °C, not 1; 1 / F_AA is exact."""
    return np.asarray(_LIFE_A * np.exp(_LIFE_B / (np.asarray(hot_spot_celsius, dtype=np.float64) + 273.0)))
