"""When does a thermal overload relay of a line trip? Its conductor is a first-order lag towards a rise that goes with the current squared.

In shares of the rated rise this is the hot curve of IEC 60255-149, `t = τ·ln((I² − Ip²)/(I² − (k·In)²))`, as the manuals of GE N60
(after its predecessor IEC 255-8) and Toshiba GR200 print it. Arguments broadcast; temperatures in °C, times in seconds, loading in pu of
the rating.
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from grid_models.twin.model import FloatArray


@dataclass(frozen=True, eq=False)
class Conductor:
    """(lines,) each, or one number for all.  rated_celsius: where it settles at its rating in air of rated_ambient_celsius.

    trip_celsius: the relay trips there.
    """

    time_constant_s: FloatArray | float
    rated_celsius: FloatArray | float
    rated_ambient_celsius: FloatArray | float
    trip_celsius: FloatArray | float


def trip_celsius(rated_celsius: ArrayLike, rated_ambient_celsius: ArrayLike, trip_pu: ArrayLike) -> FloatArray:
    """The temperature of a relay set to factor k (trip_pu): it just bears k times the rating for ever in air of the rated temperature."""
    ambient = np.asarray(rated_ambient_celsius, dtype=np.float64)
    return np.asarray(ambient + (np.asarray(rated_celsius) - ambient) * np.square(trip_pu))


def settled_celsius(loading_pu: ArrayLike, ambient_celsius: FloatArray | float, of: Conductor) -> FloatArray:
    """Where the conductor settles at a constant current; loading NaN (no rating) settles at the air's."""
    rise = of.rated_celsius - of.rated_ambient_celsius
    return np.asarray(ambient_celsius + rise * np.square(np.nan_to_num(np.asarray(loading_pu, dtype=np.float64))))


def warmed_celsius(
    celsius: ArrayLike, loading_pu: ArrayLike, ambient_celsius: FloatArray | float, dt_s: ArrayLike, of: Conductor
) -> FloatArray:
    """The conductor after dt_s more seconds of the present current; exact, whatever dt_s."""
    end = settled_celsius(loading_pu, ambient_celsius, of)
    return np.asarray(end + (np.asarray(celsius) - end) * np.exp(-np.asarray(dt_s) / of.time_constant_s))


def time_to_trip(celsius: ArrayLike, loading_pu: ArrayLike, ambient_celsius: FloatArray | float, of: Conductor) -> FloatArray:
    """Seconds until the relay trips if the present current stays; infinite where the conductor settles below, 0 where it is beyond."""
    return first_order_s(celsius, settled_celsius(loading_pu, ambient_celsius, of), of.trip_celsius, of.time_constant_s)


def first_order_s(now: ArrayLike, settled: ArrayLike, limit: ArrayLike, time_constant_s: ArrayLike) -> FloatArray:
    """When a first-order lag from `now` towards `settled` first reaches `limit` from below: τ·ln((settled − now)/(settled − limit)).

    >>> round(float(first_order_s(0.0, 2.0**2, 1.1**2, 900.0)))  # IEC 60255-149, cold, twice the rating, k = 1.1
    324
    """
    start, end, trip = (np.asarray(value, dtype=np.float64) for value in (now, settled, limit))
    with np.errstate(divide="ignore", invalid="ignore"):
        seconds = time_constant_s * np.log((end - start) / (end - trip))
    return np.where(start >= trip, 0.0, np.where(end > trip, seconds, inf))


def hot_curve_s(loading_pu: ArrayLike, before_pu: ArrayLike, trip_pu: ArrayLike, time_constant_s: ArrayLike) -> FloatArray:
    """The standard's own form: settled at before_pu, then loading_pu; trip_pu is its k. In air of the rated temperature."""
    return first_order_s(np.square(before_pu), np.square(loading_pu), np.square(trip_pu), time_constant_s)
