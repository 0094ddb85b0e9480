"""Thermal overload relays of lines."""

from math import inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from grid_models.protection.thermal import Conductor, hot_curve_s, settled_celsius, time_to_trip, trip_celsius, warmed_celsius

_LINE = Conductor(900.0, 80.0, 35.0, float(trip_celsius(80.0, 35.0, 1.1)))


def test_a_line_at_its_rating_settles_at_its_rated_temperature() -> None:
    """In air of the rated temperature: the rated one at the rating, the air's without current or rating, four times the rise at twice."""
    assert settled_celsius([1.0, 0.0, np.nan, 2.0], 35.0, _LINE).tolist() == [80.0, 35.0, 35.0, 215.0]


def test_hot_curve_of_the_standard() -> None:
    """In air of the rated temperature the time equals τ·ln((I² − Ip²)/(I² − k²)), also through temperatures."""
    start = settled_celsius(0.7, 35.0, _LINE)
    expected = 900.0 * log((1.5**2 - 0.7**2) / (1.5**2 - 1.1**2))
    assert float(hot_curve_s(1.5, 0.7, 1.1, 900.0)) == pytest.approx(expected)
    assert float(time_to_trip(start, 1.5, 35.0, _LINE)) == pytest.approx(expected)


def test_it_bears_its_factor_for_ever() -> None:
    """Up to k the relay never trips; just above it does, late; a conductor already beyond trips at once."""
    times = time_to_trip([50.0, 50.0, 90.0], [1.0999, 1.101, 0.2], 35.0, _LINE)
    assert times[0] == inf
    assert 3600.0 < times[1] < inf
    assert times[2] == 0.0


def test_cool_air_gives_time() -> None:
    """The colder the air, the later the trip, until there is none."""
    times = time_to_trip(60.0, 1.3, np.array([35.0, 20.0, 5.0, -20.0]), _LINE)
    assert np.all(np.diff(times[:3]) > 0)
    assert times[3] == inf


@given(st.floats(-20.0, 85.0), st.floats(0.0, 3.0), st.floats(0.0, 5000.0), st.floats(0.0, 1.0))
def test_warming_in_parts(celsius: float, loading: float, dt_s: float, share: float) -> None:
    """Two parts of an interval warm as the whole."""
    whole = warmed_celsius(celsius, loading, 20.0, dt_s, _LINE)
    part = warmed_celsius(celsius, loading, 20.0, share * dt_s, _LINE)
    assert float(warmed_celsius(part, loading, 20.0, (1.0 - share) * dt_s, _LINE)) == pytest.approx(float(whole), abs=1e-9)


def test_against_an_integration() -> None:
    """The temperature equals the differential equation's, and stands at the trip's at the time of the trip."""
    found = solve_ivp(lambda t, y: (20.0 + 45.0 * 1.69 - y) / 900.0, (0.0, 1200.0), [40.0], rtol=1e-10, atol=1e-10)
    assert float(warmed_celsius(40.0, 1.3, 20.0, 1200.0, _LINE)) == pytest.approx(found.y[0, -1], abs=1e-6)
    seconds = time_to_trip(40.0, 1.3, 20.0, _LINE)
    assert float(warmed_celsius(40.0, 1.3, 20.0, seconds, _LINE)) == pytest.approx(float(trip_celsius(80.0, 35.0, 1.1)))
