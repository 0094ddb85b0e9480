"""How warm a transformer gets by IEEE C57.91-2011 clause 7: top oil over the air, hot-spot over the top oil."""

from math import ceil, exp

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.ageing import consumed_min
from grid_models.heating.clause_7_parameters import Clause7Parameters
from grid_models.heating.series import ThermalSeries, ThermalStart, checked
from grid_models.twin.model import FloatArray

_LONGEST_INNER_MIN = 1.0  # engineering judgement: shorter steps move no temperature by 0.05 K


def clause_7(
    load_pu: ArrayLike,
    ambient_celsius: ArrayLike,
    step_min: float,
    params: Clause7Parameters,
    initial: ThermalStart | None = None,
) -> ThermalSeries:
    """Top oil, hot-spot and loss of life of a *held* series: value i holds during step i, result i stands for the end of step i.

    load_pu: (steps,) in pu of the load of the rated rises.  ambient_celsius: (steps,) or one value.  step_min: up to 60.
    initial: None is the steady state of the first load and ambient, also where the series covers whole days: what is held does not tell
    whether it repeats. Rises are over the ambient temperature of the step: as in the standard the oil follows the air at once.
    The oil time constant is corrected (7.2.6) at every inner minute, so that results do not depend on the step; one correction for a
    whole load step of hours, as done by hand, differs (folder README).  Raises InvalidThermalInput.
    """
    load, ambient = checked(load_pu, ambient_celsius, step_min)
    inside = ceil(step_min / _LONGEST_INNER_MIN - 1e-9)
    rise, above = _marched(load, ambient[0], step_min, inside, params, initial)
    air = np.concatenate([ambient[:1], np.repeat(ambient, inside)])
    top_oil = air + rise * params.top_oil_rise_k
    hot_spot = top_oil + above
    life = consumed_min(float(hot_spot[0]), hot_spot[1:], step_min / inside, params.paper)
    ends = slice(inside, None, inside)
    return ThermalSeries(top_oil[ends].copy(), hot_spot[ends].copy(), life[inside - 1 :: inside].copy())


def _marched(
    load: FloatArray, first_ambient: float, step_min: float, inside: int, p: Clause7Parameters, initial: ThermalStart | None
) -> tuple[FloatArray, FloatArray]:
    """Top-oil rise [pu of rated] and hot-spot gradient [K] at the start and at every inner step."""
    from grid_models.heating.clause_7_kernel import march  # numba: 0.2 s

    aim = ((load**2 * p.loss_ratio + 1.0) / (p.loss_ratio + 1.0)) ** p.oil_exponent
    gradient_aim = p.hot_spot_gradient_k * load ** (2.0 * p.winding_exponent)
    rise, above = np.empty(len(load) * inside + 1), np.empty(len(load) * inside + 1)
    rise[0], above[0] = aim[0], gradient_aim[0]
    if initial is not None:
        rise[0] = (initial.top_oil_celsius - first_ambient) / p.top_oil_rise_k
        above[0] = initial.hot_spot_gradient_k
    dt = step_min / inside
    decay = exp(-dt / p.winding_time_constant_min)
    march(aim, gradient_aim, inside, dt / p.oil_time_constant_min, decay, float(p.oil_exponent), rise, above)
    return rise, above
