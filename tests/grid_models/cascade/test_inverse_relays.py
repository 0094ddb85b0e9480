"""When relays with inverse curves trip in a cascade: by the formula of the standard, and with what they have counted before."""

from collections.abc import Callable
from math import log

import numpy as np
import pytest

from grid_models.cascade.course import Cascade, Ends
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower

Small, Simulate = Callable[..., GridState], Callable[..., Cascade]
PICKUP_PU, TIME_MULTIPLIER = 1.3, 0.3  # documented defaults of 110 kV, IEC SI
FIVE = [(0, 1)] * 5


def si_s(loading_pu: float) -> float:
    """IEC 60255-151 standard inverse, written anew."""
    return float(TIME_MULTIPLIER * 0.14 / ((loading_pu / PICKUP_PU) ** 0.02 - 1.0))


def _times(found: Cascade) -> list[tuple[str, float]]:
    return [(e.element, e.at_s) for e in found.events if e.kind == "trip"]


@pytest.mark.parametrize(("method", "near"), [("dc", 1e-9), ("ac", 1e-3)])
def test_two_relays_in_sequence_and_the_second_keeps_what_it_has_counted(
    small: Small, simulate: Simulate, method: str, near: float
) -> None:
    """Five equal lines bring 120 MW; without two of them each carries 40: L0 160 % of 25 MW, L1 143 % of 28.

    L0 trips by its curve. Then 60 MW are 214 % of L1, which has counted a share of its first time already. Then L2 carries all: quiet.
    """
    found = simulate(small(FIVE, {1: 120.0}, [25, 28, 200, 200, 200]), ["L3", "L4"], relay="inverse", method=method)
    first = si_s(40 / 25)
    second = first + (1.0 - first / si_s(40 / 28)) * si_s(60 / 28)
    assert first == pytest.approx(10.1, abs=0.05)
    assert _times(found) == [("L0", pytest.approx(first, rel=near)), ("L1", pytest.approx(second, rel=near))]
    assert found.events[2].cause == "overcurrent IEC SI"
    assert (found.ends, found.ends_at_s) == (Ends.QUIET, pytest.approx(second, rel=near))


def test_energy_not_supplied_is_the_integral_of_what_is_lost(small: Small, simulate: Simulate) -> None:
    """36 MW over a line of 20 until its relay trips, by its curve; from then on they are missing, until the hour is over."""
    found = simulate(small([(0, 1), (0, 1)], {1: 36.0}, [20, 200]), ["L1"], relay="inverse")
    at_s = si_s(36 / 20)
    assert _times(found) == [("L0", pytest.approx(at_s))]
    assert found.lost_mwh(3600.0) == pytest.approx(36.0 * (3600.0 - at_s) / 3600.0)


def test_beyond_the_horizon_nothing_trips(small: Small, simulate: Simulate) -> None:
    """A relay that would need 10.1 s has tripped after 11 s, and not after 10."""
    state = small(FIVE, {1: 120.0}, [25, 200, 200, 200, 200])
    at_ten = simulate(state, ["L3", "L4"], relay="inverse", horizon_s=10.0)
    assert (at_ten.ends, at_ten.ends_at_s, at_ten.trips) == (Ends.HORIZON, 10.0, 0)
    assert simulate(state, ["L3", "L4"], relay="inverse", horizon_s=11.0).trips == 1


def test_below_its_pickup_a_relay_trips_by_temperature_alone(small: Small, simulate: Simulate) -> None:
    """125 % is below the pickup of 130 %: only the conductor's temperature trips it.

    In air of 20 °C, 45 K of rise at the rating: 51.25 °C before, towards 90.3125 °C, and the relay trips at 35 + 1.1² · 45 = 89.45 °C.
    """
    found = simulate(small([(0, 1)] * 3, {1: 50.0}, [20, 200, 200]), ["L2"], relay="inverse")
    (event,) = [e for e in found.events if e.kind == "trip"]
    assert (event.element, event.cause, event.loading_pu) == ("L0", "temperature", pytest.approx(1.25))
    assert event.at_s == pytest.approx(900.0 * log((90.3125 - 51.25) / (90.3125 - 89.45)))


def test_inverse_relays_trip_later_and_only_what_instant_ones_trip_too(case39: Grid, simulate: Simulate) -> None:
    """The first trips of inverse relays come after 0 s, and instant relays trip the same branches in their first round."""
    state, rng = case39.state_at(), np.random.default_rng(3)
    spread = 0
    for pair in rng.choice(len(state.model.branches), (40, 2)):
        names = [state.model.branches.name[i] for i in set(pair.tolist())]
        slow = [e for e in simulate(state, names, relay="inverse", rating_factor=0.9).events if e.kind == "trip"]
        if slow:
            fast = [e for e in simulate(state, names, rating_factor=0.9).events if e.kind == "trip"]
            first = {e.branch for e in slow if e.at_s == slow[0].at_s}
            spread += 1
            assert slow[0].at_s > 0.0 == fast[0].at_s
            assert first <= {e.branch for e in fast if e.step == slow[0].step}
    assert spread > 5
