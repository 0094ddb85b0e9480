"""Distance relays and load, after PRC-023."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.protection.loadability import (
    apparent_ohm,
    bears_pu,
    inside_mho,
    largest_reach_ohm,
    load_ohm,
    meets_criterion_1,
    reached_pu,
)


def test_a_line_by_hand() -> None:
    """230 kV, 1 kA: 0.85·230/(√3·1.5) = 75.25 Ω at 30°, 131.2 Ω at a torque angle of 85°."""
    assert float(load_ohm(1.0, 230.0)) == pytest.approx(75.25, abs=0.01)
    assert float(largest_reach_ohm(1.0, 230.0, 85.0)) == pytest.approx(75.25 / np.cos(np.radians(55.0)), rel=1e-4)


@given(st.floats(0.1, 4.0), st.floats(60.0, 400.0), st.floats(35.0, 90.0))
def test_the_longest_reach_just_meets_the_criterion(rating_ka: float, kv: float, angle: float) -> None:
    """The longest reach bears 150 % exactly and meets the criterion; one per cent more does not."""
    reach = largest_reach_ohm(rating_ka, kv, angle)
    assert float(bears_pu(reach, angle, rating_ka, kv)) == pytest.approx(1.5)
    assert meets_criterion_1(reach, angle, rating_ka, kv)
    assert not meets_criterion_1(1.01 * reach, angle, rating_ka, kv)


@pytest.mark.parametrize(("loading_pu", "trips"), [(1.49, False), (1.51, True)])
def test_a_zone_at_150_percent_trips_beyond(loading_pu: float, trips: bool) -> None:
    """Through power flow: at 0.85 pu and 30° the zone set at 150 % lets 149 % pass and trips at 151 %."""
    mva = np.sqrt(3.0) * 0.85 * 110.0 * 0.6 * loading_pu
    seen = apparent_ohm(0.85 * 110.0, mva * np.cos(np.pi / 6), mva * np.sin(np.pi / 6))
    assert bool(inside_mho(seen, largest_reach_ohm(0.6, 110.0, 80.0), 80.0)) is trips


def test_active_power_at_full_voltage_is_farther_away() -> None:
    """At 1.0 pu and unity power factor the same zone bears more than twice the rating."""
    reach = largest_reach_ohm(0.6, 110.0, 80.0)
    assert not inside_mho(apparent_ohm(110.0, np.sqrt(3.0) * 110.0 * 0.6 * 2.0, 0.0), reach, 80.0)


def test_faults_forward_only() -> None:
    """A fault on the torque angle within the reach is in the zone; beyond it, behind the relay and without current it is not."""
    fault = 40.0 * np.exp(1j * np.radians(80.0))
    seen = np.array([fault, 0.99 * 2 * fault, 1.01 * 2 * fault, -fault, apparent_ohm(110.0, 0.0, 0.0)[()]])
    assert inside_mho(seen, 80.0, 80.0).tolist() == [True, True, False, False, False]
    assert not inside_mho(np.array([fault]), np.nan, 80.0)[0]


@given(st.floats(1.0, 500.0), st.floats(-180.0, 180.0), st.floats(10.0, 500.0), st.floats(45.0, 90.0))
def test_how_near_a_load_comes_agrees_with_the_circle(ohm: float, angle: float, reach: float, torque: float) -> None:
    """Beyond 1 lies inside, below outside; behind the relay it is 0."""
    seen = np.array([ohm * np.exp(1j * np.radians(angle))])
    near = float(reached_pu(seen, reach, torque)[0])
    assert near >= 0.0
    if abs(near - 1.0) > 1e-9:
        assert bool(inside_mho(seen, reach, torque)[0]) is (near > 1.0)


def test_how_near_without_current_voltage_or_relay() -> None:
    """Nothing flows: 0. No voltage, or no relay: not known."""
    assert reached_pu(apparent_ohm(np.array([110.0]), 0.0, 0.0), 80.0, 80.0)[0] == 0.0
    assert np.isnan(reached_pu(apparent_ohm(np.array([np.nan]), 10.0, 0.0), 80.0, 80.0)[0])
    assert np.isnan(reached_pu(np.array([30.0 + 10.0j]), np.nan, 80.0)[0])


def test_a_blinder_keeps_loads_out() -> None:
    """A resistive blinder keeps a load out that the circle lets in, and a fault in."""
    load, fault = np.array([30.0 + 10.0j]), 40.0 * np.exp(1j * np.radians([80.0]))
    assert inside_mho(load, 120.0, 80.0)[0]
    assert not inside_mho(load, 120.0, 80.0, blinder_ohm=20.0)[0]
    assert inside_mho(fault, 120.0, 80.0, blinder_ohm=20.0)[0]
