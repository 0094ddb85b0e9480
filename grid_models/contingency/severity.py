"""How grave is an outage? One scale for ranking (engineering judgement)."""

from typing import overload

import numpy as np

from grid_models.twin.model import FloatArray, IntArray

_PER_PU = 1000.0  # 10 points for each 0.01 pu outside the voltage band
_PER_SHARE = 100.0  # one point for each percent of the load lost
TIE_DIGITS = 6  # differences below are rounding of the solver


@overload
def severity_of(overload_percent: float, voltage_excess_pu: float, lost_load_share: float) -> float: ...
@overload
def severity_of(overload_percent: FloatArray, voltage_excess_pu: FloatArray, lost_load_share: FloatArray) -> FloatArray: ...
def severity_of(
    overload_percent: float | FloatArray, voltage_excess_pu: float | FloatArray, lost_load_share: float | FloatArray
) -> float | FloatArray:
    """Percentage points above the loading limit + 10 per 0.01 pu outside the voltage band + percent of the load lost. Works on arrays."""
    return overload_percent + _PER_PU * voltage_excess_pu + _PER_SHARE * lost_load_share


def gravest_first(severity: FloatArray, loading_percent: FloatArray) -> IntArray:
    """Rows by falling severity, then by falling loading (what breaks nothing is still ranked), then in the order of the grid; NaN last.

    Values equal to 1e-6 are equal: twin circuits differ in their last digits from one way of solving to another.
    """
    return np.lexsort((-np.round(loading_percent, TIE_DIGITS), -np.round(severity, TIE_DIGITS)))
