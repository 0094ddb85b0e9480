"""Hot-spot relays of transformers against the IEC 60076-7 model they must agree with."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.heating.iec import hot_spot as reference
from grid_models.heating.iec import settled as settled_reference
from grid_models.heating.iec_parameters import Cooling, iec_parameters
from grid_models.protection.hot_spot import HotSpotState, hot_spot_model, settled, time_to_trip, warmed

_CLASSES = [iec_parameters("ONAN", "distribution"), *(iec_parameters(cooling, "large") for cooling in Cooling)]
_MODEL = hot_spot_model(_CLASSES, 140.0)


@pytest.mark.parametrize("minutes", [1.0, 7.0, 60.0])
def test_the_same_temperatures_as_the_library(minutes: float) -> None:
    """From the settled 60 % to 140 %, the hot-spot of every class is that of `heating/iec.py`."""
    state = warmed(settled(0.6, 20.0, _MODEL), 1.4, 20.0, minutes * 60.0, _MODEL)
    for row, params in enumerate(_CLASSES):
        series = reference([1.4], 20.0, minutes, params, settled_reference(0.6, 20.0, params))
        assert state.hot_spot_celsius[row] == pytest.approx(series.hot_spot_celsius[-1], abs=1e-6)
        assert state.top_oil_celsius[row] == pytest.approx(series.top_oil_celsius[-1], abs=1e-6)


def test_the_trip_is_when_the_library_crosses() -> None:
    """A minute before the time found the library's hot-spot is below the limit, a minute after it is beyond."""
    seconds = time_to_trip(settled(0.7, 25.0, _MODEL), 1.6, 25.0, _MODEL)
    for row, params in enumerate(_CLASSES):
        series = reference([1.6] * 600, 25.0, 1.0, params, settled_reference(0.7, 25.0, params))
        minute = seconds[row] / 60.0
        assert series.hot_spot_celsius[int(minute) - 1] < 140.0 <= series.hot_spot_celsius[int(np.ceil(minute)) - 1] + 1e-9


def test_an_overshoot_trips_although_it_settles_below() -> None:
    """With warm oil the hot-spot runs ahead of the oil's flow: a limit between where it settles and its peak is reached."""
    params = [iec_parameters("ONAF", "large")]
    end = settled(1.3, 20.0, hot_spot_model(params, inf))
    start = HotSpotState(end.top_oil_celsius, np.zeros(1), np.zeros(1))
    model = hot_spot_model(params, end.hot_spot_celsius + 5.0)
    seconds = time_to_trip(start, 1.3, 20.0, model)
    assert 0.0 < seconds[0] < inf
    assert warmed(start, 1.3, 20.0, float(seconds[0]), model).hot_spot_celsius == pytest.approx(end.hot_spot_celsius + 5.0, abs=1e-6)
    assert time_to_trip(start, 1.3, 20.0, hot_spot_model(params, end.hot_spot_celsius + 40.0))[0] == inf


@settings(deadline=None, max_examples=50)
@given(st.floats(0.0, 1.0), st.floats(0.5, 2.0), st.floats(0.0, 0.3), st.floats(-20.0, 40.0))
def test_more_load_never_trips_later(before: float, load: float, more: float, ambient: float) -> None:
    """From one state, more load reaches the limit no later."""
    state = settled(before, ambient, _MODEL)
    assert np.all(time_to_trip(state, load + more, ambient, _MODEL) <= time_to_trip(state, load, ambient, _MODEL) + 1e-6)


def test_beyond_the_limit_and_never() -> None:
    """A hot-spot beyond the limit trips at once; at the rating none ever does, nor where no load is known."""
    assert time_to_trip(settled(2.0, 20.0, _MODEL), 0.0, 20.0, _MODEL).tolist() == [0.0] * 5
    assert time_to_trip(settled(0.5, 20.0, _MODEL), np.array([1.0, 1.0, 1.0, 1.0, np.nan]), 20.0, _MODEL).tolist() == [inf] * 5


def test_a_grid_without_transformers() -> None:
    """No transformer, no time."""
    empty = hot_spot_model([], 140.0)
    assert time_to_trip(settled(np.zeros(0), 20.0, empty), np.zeros(0), 20.0, empty).tolist() == []
