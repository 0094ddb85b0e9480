"""When does a relay trip whose current changes? It adds up dt/t(I) and trips at 1; below its pickup it forgets.

Currents are constant between two events, so progress goes straight and the time of the next trip is exact, not stepped.
progress, operating_s, reset_s: (relays,) or anything that broadcasts; times in seconds. Source: integral equation of IEEE C37.112.
"""

from math import inf

import numpy as np
from numpy.typing import ArrayLike

from grid_models.protection.curves import InvalidRelay
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_ROUNDING = 1e-9  # of progress: sums of a hundred intervals stray by less


def time_to_trip(progress: ArrayLike, operating_s: ArrayLike) -> FloatArray:
    """Seconds until each relay trips if the present current stays; infinite for one below its pickup, 0 for one that has tripped.

    operating_s: of the curve at the present current.
    """
    rest = np.maximum(1.0 - np.asarray(progress, dtype=np.float64), 0.0)
    rest, operating = np.broadcast_arrays(np.where(rest <= _ROUNDING, 0.0, rest), np.asarray(operating_s, dtype=np.float64))
    with np.errstate(invalid="ignore"):
        return np.where(rest == 0.0, 0.0, rest * operating)


def advanced(progress: ArrayLike, operating_s: ArrayLike, dt_s: float, reset_s: ArrayLike = 0.0) -> FloatArray:
    """Progress after dt_s more seconds of the present current, between 0 and 1; the relay has tripped at 1, and stays so.

    reset_s: seconds in which a whole progress is forgotten below the pickup (`curves.reset_time_s`): 0 at once, infinite never.
    Raises InvalidRelay where dt_s is negative or no number.
    """
    if not (np.isfinite(dt_s) and dt_s >= 0.0):
        raise InvalidRelay(f"A relay was to be advanced by {dt_s} s; a number of 0 or more would work.")
    before, operating = np.asarray(progress, dtype=np.float64), np.asarray(operating_s, dtype=np.float64)
    gained = _share(dt_s, operating, at_zero=inf)
    lost = _share(dt_s, np.asarray(reset_s, dtype=np.float64), at_zero=inf if dt_s > 0.0 else 0.0)
    after = np.clip(np.where(np.isfinite(operating), before + gained, before - lost), 0.0, 1.0)
    return np.where(tripped(before), 1.0, np.where(tripped(after), 1.0, after))


def tripped(progress: ArrayLike) -> BoolArray:
    """Which relays have tripped."""
    return np.asarray(np.asarray(progress) >= 1.0 - _ROUNDING)


def next_trip(progress: ArrayLike, operating_s: ArrayLike) -> tuple[float, IntArray]:
    """Seconds until the next trip of any relay (infinite where none), and the rows of all that trip then, in order."""
    seconds = np.atleast_1d(time_to_trip(progress, operating_s))
    first = float(seconds.min(initial=inf))
    if first == inf:
        return inf, np.zeros(0, dtype=np.int64)
    return first, np.flatnonzero(seconds <= first * (1.0 + _ROUNDING))


def _share(dt_s: float, seconds: FloatArray, at_zero: float) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seconds > 0.0, dt_s / seconds, at_zero)
