"""A transformer's constants and limits as the kernel reads them, and by how much nobody knows them."""

from dataclasses import dataclass

import numpy as np

from grid_models.assets.record import AssetRecord
from grid_models.heating.ageing import Paper
from grid_models.heating.iec_parameters import IecParameters
from grid_models.twin.model import FloatArray

# Standard deviations, engineering judgement: a heat-run test is good to a few kelvin; a class's constants are those of many transformers.
_TESTED = (0.03, 0.06, 0.05)
_OF_CLASS = (0.08, 0.12, 0.15)
GROWTH_SIGMA = 0.01  # a year of load growth


@dataclass(frozen=True)
class Limits:
    """Where the first crossing is looked for."""

    top_oil_celsius: float
    hot_spot_celsius: float


def nearer(limits: Limits, top_oil_celsius: float, hot_spot_celsius: float) -> tuple[str, float]:
    """Which of the two is nearer to its limit, and by how much [K]; negative beyond it."""
    oil, hot = limits.top_oil_celsius - top_oil_celsius, limits.hot_spot_celsius - hot_spot_celsius
    return ("hot-spot", hot) if hot <= oil else ("top oil", oil)


def constants(params: IecParameters, limits: Limits) -> FloatArray:
    """(COLUMNS,) in the order of `kernel.py`."""
    p = params
    return np.array(
        [
            p.top_oil_rise_k,
            p.hot_spot_gradient_k,
            p.oil_time_constant_min,
            p.winding_time_constant_min,
            p.loss_ratio,
            p.oil_exponent,
            p.winding_exponent,
            p.k11,
            p.k21,
            p.k22,
            p.rated_share,
            p.indoor_rise_k,
            float(p.paper is Paper.UPGRADED),
            limits.top_oil_celsius,
            limits.hot_spot_celsius,
        ]
    )


def tested(record: AssetRecord | None) -> bool:
    """Does a heat-run test say what the constants are?"""
    return record is not None and record.top_oil_rise_k is not None


def factors(rng: np.random.Generator, paths: int, measured: bool) -> FloatArray:
    """(paths, 3) on top-oil rise, hot-spot gradient and oil time constant; never below a half."""
    return np.asarray(np.maximum(1.0 + rng.standard_normal((paths, 3)) * (_TESTED if measured else _OF_CLASS), 0.5))
