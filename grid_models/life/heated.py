"""How warm do transformers get under a load? The compiled equations for every transformer in turn, and where they settle."""

from dataclasses import dataclass

import numpy as np

from grid_models.life.ahead import STEP_MIN
from grid_models.life.kernel_columns import GRADIENT, INDOOR, K21, LOSS_RATIO, RISE, SHARE, X, Y
from grid_models.twin.model import FloatArray


@dataclass(frozen=True, eq=False)
class Temperatures:
    """(units, steps) each, at the end of each step; life_min: cumulative minutes of normal insulation life."""

    load_pu: FloatArray
    top_oil_celsius: FloatArray
    hot_spot_celsius: FloatArray
    life_min: FloatArray


def heated(load_pu: FloatArray, ambient_celsius: FloatArray, table: FloatArray, start: FloatArray) -> Temperatures:
    """Temperatures of every unit; `start` (units, 3) is moved to the end."""
    from grid_models.life.kernel import one_path  # numba

    oil, hot, life = (np.empty_like(load_pu) for _ in range(3))
    for u in range(len(table)):
        one_path(load_pu[u], ambient_celsius, STEP_MIN, table[u], start[u], oil[u], hot[u], life[u])
    return Temperatures(load_pu, oil, hot, life)


def steady(load_pu: FloatArray, ambient_celsius: float, table: FloatArray) -> FloatArray:
    """(units, 3) top oil and both gradients after a load (units,) that has lasted for ever."""
    k = load_pu / table[:, SHARE]
    ratio = table[:, LOSS_RATIO]
    rise = table[:, RISE] * ((1.0 + ratio * k**2) / (1.0 + ratio)) ** table[:, X]
    gradient = table[:, GRADIENT] * k ** table[:, Y]
    return np.column_stack([ambient_celsius + table[:, INDOOR] + rise, table[:, K21] * gradient, (table[:, K21] - 1.0) * gradient])
