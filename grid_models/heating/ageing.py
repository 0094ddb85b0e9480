"""How fast insulation ages at a hot-spot temperature, by the rules of IEC 60076-7 and IEEE C57.91."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from grid_models.twin.model import FloatArray

NORMAL_LIFE_H = 180_000.0  # IEEE C57.91: normal insulation life, 20.55 years; IEC 60076-7 leaves the figure to the user
_KELVIN = 273.0  # as both standards write it


class Paper(StrEnum):
    """Kraft paper ages twice as fast for each 6 K; thermally upgraded paper follows an Arrhenius law."""

    NON_UPGRADED = "non-upgraded"
    UPGRADED = "thermally upgraded"


def relative_ageing(hot_spot_celsius: ArrayLike, paper: Paper = Paper.NON_UPGRADED) -> FloatArray:
    """Ageing rate against normal: 1 at 98 °C (kraft) or 110 °C (upgraded). IEC 60076-7:2018 clause 6.3.

    >>> round(float(relative_ageing(100.0)), 6), round(float(relative_ageing(100.0, Paper.UPGRADED)), 6)
    (1.259921, 0.349943)
    """
    hot_spot = np.asarray(hot_spot_celsius, dtype=np.float64)
    if paper is Paper.NON_UPGRADED:
        return np.asarray(np.exp2((hot_spot - 98.0) / 6.0))
    return np.asarray(np.exp(15_000.0 / (110.0 + _KELVIN) - 15_000.0 / (hot_spot + _KELVIN)))
