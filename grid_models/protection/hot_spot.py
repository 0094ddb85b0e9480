"""When does a transformer's hot-spot relay trip? The equations of IEC 60076-7 in closed form, for all transformers of a grid at once.

The same physics as `heating/iec.py`, which is the reference of its test: under a constant load the top oil and both parts of the gradient
are exponentials. Their sum may overshoot, so the first crossing is looked for on a grid of times and then halved down to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.iec_parameters import IecParameters
from grid_models.twin.model import FloatArray

_EARLIEST_MIN, _TIMES, _HALVINGS = 0.01, 240, 50  # 5 % apart up to ten oil time constants; halved to nanoseconds
_SETTLED = 10.0  # time constants after which nothing moves


@dataclass(frozen=True, eq=False)
class HotSpotModel:
    """(transformers,) each: the constants of `IecParameters` as columns.  limit_celsius: the relay trips there."""

    rise_k: FloatArray
    gradient_k: FloatArray
    loss_ratio: FloatArray
    oil_exponent: FloatArray
    winding_exponent: FloatArray
    k21: FloatArray
    share: FloatArray
    indoor_k: FloatArray
    oil_min: FloatArray  # k11·τo
    fast_min: FloatArray  # k22·τw
    slow_min: FloatArray  # τo/k22
    limit_celsius: FloatArray


@dataclass(frozen=True, eq=False)
class HotSpotState:
    """(transformers,) each: top oil, and the two parts of the hot-spot's gradient (Δθh1 and Δθh2 of the standard)."""

    top_oil_celsius: FloatArray
    fast_k: FloatArray
    slow_k: FloatArray

    @property
    def hot_spot_celsius(self) -> FloatArray:
        return self.top_oil_celsius + self.fast_k - self.slow_k


def hot_spot_model(params: Sequence[IecParameters], limit_celsius: ArrayLike) -> HotSpotModel:
    """One row for each transformer; limit_celsius: (transformers,) or one for all."""

    def column(name: str) -> FloatArray:
        return np.array([getattr(p, name) for p in params], dtype=np.float64)

    k22, oil_min = column("k22"), column("oil_time_constant_min")
    return HotSpotModel(
        rise_k=column("top_oil_rise_k"),
        gradient_k=column("hot_spot_gradient_k"),
        loss_ratio=column("loss_ratio"),
        oil_exponent=column("oil_exponent"),
        winding_exponent=column("winding_exponent"),
        k21=column("k21"),
        share=column("rated_share"),
        indoor_k=column("indoor_rise_k"),
        oil_min=column("k11") * oil_min,
        fast_min=k22 * column("winding_time_constant_min"),
        slow_min=oil_min / k22,
        limit_celsius=np.broadcast_to(np.asarray(limit_celsius, dtype=np.float64), oil_min.shape),
    )


def settled(load_pu: ArrayLike, ambient_celsius: FloatArray | float, of: HotSpotModel) -> HotSpotState:
    """Where everything settles under a constant load [pu of the rating]; NaN (no rating) counts as no load. Clause 8.2."""
    k = np.nan_to_num(np.asarray(load_pu, dtype=np.float64)) / of.share
    losses = (1.0 + of.loss_ratio * k * k) / (1.0 + of.loss_ratio)
    gradient = of.gradient_k * k**of.winding_exponent
    return HotSpotState(ambient_celsius + of.indoor_k + of.rise_k * losses**of.oil_exponent, of.k21 * gradient, (of.k21 - 1.0) * gradient)


def warmed(state: HotSpotState, load_pu: ArrayLike, ambient_celsius: FloatArray | float, dt_s: float, of: HotSpotModel) -> HotSpotState:
    """The state after dt_s more seconds of the present load; exact, whatever dt_s."""
    end, minutes = settled(load_pu, ambient_celsius, of), dt_s / 60.0
    return HotSpotState(
        end.top_oil_celsius + (state.top_oil_celsius - end.top_oil_celsius) * np.exp(-minutes / of.oil_min),
        end.fast_k + (state.fast_k - end.fast_k) * np.exp(-minutes / of.fast_min),
        end.slow_k + (state.slow_k - end.slow_k) * np.exp(-minutes / of.slow_min),
    )


def time_to_trip(state: HotSpotState, load_pu: ArrayLike, ambient_celsius: FloatArray | float, of: HotSpotModel) -> FloatArray:
    """(transformers,) seconds until the hot-spot first reaches its limit if the present load stays; infinite where it never does."""
    end = settled(load_pu, ambient_celsius, of)

    def margin_k(minutes: FloatArray) -> FloatArray:
        """(..., transformers) by how much the limit is exceeded."""
        oil = (state.top_oil_celsius - end.top_oil_celsius) * np.exp(-minutes / of.oil_min)
        fast = (state.fast_k - end.fast_k) * np.exp(-minutes / of.fast_min)
        slow = (state.slow_k - end.slow_k) * np.exp(-minutes / of.slow_min)
        return np.asarray(end.hot_spot_celsius + oil + fast - slow - of.limit_celsius)

    longest = _SETTLED * np.maximum(np.maximum(of.oil_min, of.fast_min), of.slow_min)
    times = np.concatenate([np.zeros((1, len(longest))), np.geomspace(_EARLIEST_MIN, longest, _TIMES)])
    beyond = margin_k(times) >= 0.0
    first, rows = beyond.argmax(axis=0), np.arange(len(longest))
    low, high = times[np.maximum(first - 1, 0), rows], times[first, rows]
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        reached = margin_k(middle) >= 0.0
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(beyond.any(axis=0), high * 60.0, inf)
