"""How grave is an outage? One scale for ranking (engineering judgement)."""

from typing import overload

import numpy as np

from grid_models.twin.model import FloatArray, IntArray

_PER_PU = 1000.0  # 10 points for each 0.01 pu outside the voltage band
_PER_SHARE = 100.0  # one point for each percent of the load lost


@overload
def severity_of(overload_percent: float, voltage_excess_pu: float, lost_load_share: float) -> float: ...
@overload
def severity_of(overload_percent: FloatArray, voltage_excess_pu: FloatArray, lost_load_share: FloatArray) -> FloatArray: ...
def severity_of(
    overload_percent: float | FloatArray, voltage_excess_pu: float | FloatArray, lost_load_share: float | FloatArray
) -> float | FloatArray:
    """Percentage points above the loading limit + 10 per 0.01 pu outside the voltage band + percent of the load lost. Works on arrays."""
    return overload_percent + _PER_PU * voltage_excess_pu + _PER_SHARE * lost_load_share


def gravest_first(severity: FloatArray) -> IntArray:
    """Rows by falling severity; equal values (to 1e-9) keep the order of the grid, NaN comes last."""
    return np.argsort(-np.round(severity, 9), kind="stable")
