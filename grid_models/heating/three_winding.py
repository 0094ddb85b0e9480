"""How warm the three windings of one tank get by IEC 60076-7:2018, and what that costs of the life of the one that ages most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.ageing import consumed_min
from grid_models.heating.iec import inner_steps
from grid_models.heating.series import InvalidThermalInput, ThermalStart, checked
from grid_models.heating.three_winding_library import temperatures_of_three
from grid_models.heating.three_winding_parameters import Side, ThreeWindingParameters
from grid_models.twin.model import FloatArray


@dataclass(frozen=True, eq=False)
class ThreeWindingSeries:
    """top_oil_celsius: (steps,).  hot_spot_celsius: (3, steps) high, medium, low.  loss_of_life_min: (steps,) of `worst`."""

    top_oil_celsius: FloatArray
    hot_spot_celsius: FloatArray
    loss_of_life_min: FloatArray
    worst: Side


def hot_spot_three(
    load_pu: ArrayLike,
    ambient_celsius: ArrayLike,
    step_min: float,
    params: ThreeWindingParameters,
    initial: ThermalStart | None = None,
) -> ThreeWindingSeries:
    """Top oil, hot-spots and loss of life of *held* series; result i stands for the end of step i.

    load_pu: (3, steps) high, medium, low, each in pu of its own winding's rating.  ambient_celsius: (steps,) or one value.
    initial: its gradient is that of every winding; None is the steady state of the first values.  Raises InvalidThermalInput.
    """
    loads, ambient = _checked_loads(load_pu, ambient_celsius, step_min)
    inner = inner_steps(step_min, *(params.k22 * w.time_constant_min for w in params.windings))
    oil, gradients_k = _start(loads[:, 0], ambient[0], params, initial)
    loads, ambient = np.repeat(loads, inner, axis=1), np.repeat(ambient, inner)
    top_oil, hot = temperatures_of_three(loads, ambient, oil, gradients_k, step_min / inner, params)
    life = consumed_min(hot[:, 0], hot[:, 1:], step_min / inner, params.paper)
    worst = int(np.argmax(life[:, -1]))
    ends = slice(inner, None, inner)
    return ThreeWindingSeries(top_oil[ends].copy(), hot[:, ends].copy(), life[worst, inner - 1 :: inner].copy(), list(Side)[worst])


def _start(loads: FloatArray, ambient: float, params: ThreeWindingParameters, initial: ThermalStart | None) -> tuple[float, FloatArray]:
    if initial is not None:
        return initial.top_oil_celsius, np.full(3, initial.hot_spot_gradient_k)
    gradients = np.array([w.hot_spot_gradient_k for w in params.windings]) * loads**params.winding_exponent
    return settled_oil(loads, ambient, params), gradients


def settled_oil(loads_pu: FloatArray, ambient_celsius: float, params: ThreeWindingParameters) -> float:
    """Top oil [°C] under constant loads (3,): the rise follows the sum of the losses."""
    ratios = np.array([w.load_loss_ratio for w in params.windings])
    losses = (1.0 + ratios @ loads_pu**2) / (1.0 + ratios.sum())
    return float(ambient_celsius + params.indoor_rise_k + params.top_oil_rise_k * losses**params.oil_exponent)


def _checked_loads(load_pu: ArrayLike, ambient_celsius: ArrayLike, step_min: float) -> tuple[FloatArray, FloatArray]:
    rows = list(load_pu) if isinstance(load_pu, np.ndarray | list | tuple) else []
    if len(rows) != 3:
        raise InvalidThermalInput(f"Loads of {len(rows)} windings were given; three series (high, medium, low voltage) would work.")
    pairs = [checked(row, ambient_celsius, step_min) for row in rows]
    if len({len(load) for load, _ in pairs}) != 1:
        raise InvalidThermalInput(f"Loads of {', '.join(str(len(load)) for load, _ in pairs)} steps were given; one length would work.")
    return np.array([load for load, _ in pairs]), pairs[0][1]
