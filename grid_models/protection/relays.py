"""After how long does every branch of a grid trip at its loading, by the relays of a study: instant, inverse or thermal?"""

from enum import StrEnum
from math import inf

import numpy as np

from grid_models.protection import curves
from grid_models.protection.branch_settings import BranchSettings
from grid_models.twin.model import FloatArray


class RelayMode(StrEnum):
    """instant: trips at the limit at once.  inverse: by its overcurrent relay.  thermal: by its temperature (`thermal_relays.py`)."""

    INSTANT = "instant"
    INVERSE = "inverse"
    THERMAL = "thermal"


def instant_s(branches: BranchSettings, loading_pu: FloatArray, rating_factor: float = 1.0) -> FloatArray:
    """(branches,) 0 above rating_factor times the rating, infinite up to it, without a rating (NaN) and without protection."""
    return np.where((loading_pu > rating_factor) & np.isfinite(branches.pickup_pu), 0.0, inf)


def inverse_s(branches: BranchSettings, loading_pu: FloatArray, rating_factor: float = 1.0) -> FloatArray:
    """(branches,) seconds by the curve, from rest, of the larger end current in pu of the rating.  rating_factor: on every rating."""
    multiple = loading_pu / (branches.pickup_pu * rating_factor)
    return curves.operating_time_s(multiple, branches.time_multiplier, branches.k_s, branches.exponent, branches.constant_s)


def inverse_reset_s(branches: BranchSettings, loading_pu: FloatArray, rating_factor: float = 1.0) -> FloatArray:
    """(branches,) seconds in which a relay forgets below its pickup, for `integrating.advanced`; 0 at once."""
    multiple = loading_pu / (branches.pickup_pu * rating_factor)
    return curves.reset_time_s(multiple, branches.time_multiplier, branches.reset_s)
