"""Cascades worked out with pencil and paper: what trips, when, what is lost, and who holds what is left."""

from collections.abc import Callable

import pytest

from grid_models.cascade.course import Cascade, Ends
from grid_models.protection.element_settings import ElementSettings
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower

Small, Simulate = Callable[..., GridState], Callable[..., Cascade]
TRIANGLE = [(0, 1), (0, 2), (1, 2)]
LADDER = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5)]
WIDE = [200.0] * 7


def _told(found: Cascade) -> list[tuple[str, str, float]]:
    """Kind, element and load lost of what happened after the outages."""
    return [(e.kind, e.element, round(e.lost_load_mw, 6)) for e in found.events if e.kind != "outage"]


@pytest.mark.parametrize("method", ["dc", "ac"])
def test_three_buses_one_trip_and_a_dead_bus(small: Small, simulate: Simulate, method: str) -> None:
    """Without L0 all 90 MW go over L1, 60 of them on over L2: 150 % of its 40; it trips and B1 with its 60 MW is dark."""
    found = simulate(small(TRIANGLE, {1: 60.0, 2: 30.0}, [60, 100, 40]), ["L0"], method=method)
    assert _told(found) == [("trip", "L2", 0.0), ("island lost", "B1", 60.0)]
    assert found.events[1].loading_pu == pytest.approx(1.5, rel=1e-4)
    assert found.lost_load_mw == pytest.approx(60.0)
    assert [mw for _, mw in found.supplied] == pytest.approx([90.0, 90.0, 30.0])
    assert (found.ends, found.steps, found.trips) == (Ends.QUIET, 2, 1)


@pytest.mark.parametrize("method", ["dc", "ac"])
def test_a_rating_holds_what_it_says_on_both_sides(small: Small, simulate: Simulate, method: str) -> None:
    """60 MW over L2 against 40 MW times a factor: 1.51 holds, 1.49 trips."""
    state = small(TRIANGLE, {1: 60.0, 2: 30.0}, [60, 100, 40])
    assert simulate(state, ["L0"], method=method, rating_factor=1.51).lost_load_mw == 0.0
    assert simulate(state, ["L0"], method=method, rating_factor=1.49).lost_load_mw == pytest.approx(60.0)


@pytest.mark.parametrize("method", ["dc", "ac"])
def test_six_buses_split_and_half_the_load_of_the_lower_part_is_shed(small: Small, simulate: Simulate, method: str) -> None:
    """L3 and L4 bring 50 MW down; without L3 all 50 go over L4, 111 % of 45: it trips.

    Below, 100 MW of load face 50 MW of a machine that may add 5 % of its 80: 46 lack, four stages of 12.5 MW shed 50, the machine comes
    down to 50.
    """
    state = small(LADDER, {3: 40.0, 5: 60.0}, [200, 200, 200, 200, 45, 200, 200], machines={4: (50.0, 0.0, 80.0)})
    found = simulate(state, ["L3"], method=method)
    assert _told(found) == [("trip", "L4", 0.0), *[("shed", "B3", 12.5)] * 4]
    assert found.events[1].loading_pu == pytest.approx(50 / 45, rel=1e-3)
    assert found.state.generator_injected_mw == pytest.approx([50.0])
    assert found.state.load_drawn_mw == pytest.approx([20.0, 30.0])
    assert found.lost_load_mw == pytest.approx(50.0)


GONE = [("machine trip", "Machine 4", 0.0), ("island lost", "B3", 100.0)]


@pytest.mark.parametrize(
    ("machine", "told", "left_mw"),
    [
        ((98.0, 0.0, 200.0), [], 100.0),  # reserve of 10 MW: 2 are enough
        ((86.0, 0.0, 200.0), [("shed", "B3", 12.5)], 87.5),  # 4 MW lack after 10 of reserve: one stage
        ((74.0, 0.0, 200.0), [("shed", "B3", 12.5)] * 2, 75.0),  # 16 lack: two stages
        ((104.0, 0.0, 200.0), [], 100.0),  # comes down
        ((199.0, 0.0, 200.0), GONE, 0.0),  # 3.1 Hz/s: 51.5 Hz long before the reheater has answered
        ((47.0, 0.0, 47.0), [*[("shed", "B3", 12.5)] * 4, GONE[0], ("island lost", "B3", 50.0)], 0.0),  # all stages shed 50 of 53
        ((20.0, 0.0, 20.0), GONE, 0.0),  # 25 Hz/s: 47.5 Hz before the first breaker
        ((130.0, 110.0, 200.0), GONE, 0.0),  # cannot come down below 110: 51.5 Hz
    ],
)
def test_reserve_then_stages_then_machines_then_darkness(
    small: Small, simulate: Simulate, machine: tuple[float, float, float], told: list[tuple[str, str, float]], left_mw: float
) -> None:
    """100 MW of load cut off with one machine, by what that machine can."""
    found = simulate(small(LADDER, {3: 40.0, 5: 60.0}, WIDE, machines={4: machine}), ["L3", "L4"])
    assert _told(found) == told
    assert found.state.load_drawn_mw.sum() == pytest.approx(left_mw)
    assert found.state.generator_injected_mw.sum() == pytest.approx(left_mw)
    assert found.lost_load_mw == pytest.approx(100.0 - left_mw)


def test_stages_go_when_frequency_says_so(small: Small, simulate: Simulate) -> None:
    """60 MW of load, a machine of 50 with nothing in reserve: E = 200 MW·s, load damping 0.6 MW/Hz, so d' = -1.25 - 0.075 d.

    49 Hz at 0.8250 s, gone 0.15 s later at -1.1753 Hz; with 2.5 MW of 52.5 missing 48.8 Hz comes 0.1055 s after that, gone 0.15 s later.
    """
    found = simulate(small(LADDER, {3: 20.0, 5: 40.0}, WIDE, machines={4: (50.0, 0.0, 50.0)}), ["L3", "L4"])
    assert [(e.kind, round(e.lost_load_mw, 6)) for e in found.events[2:]] == [("shed", 7.5)] * 2
    assert [e.at_s for e in found.events[2:]] == pytest.approx([0.9750, 1.2305], abs=5e-4)
    assert found.state.generator_injected_mw == pytest.approx([45.0])


def test_a_machine_trips_for_surplus_and_what_it_leaves_is_made_up(small: Small, simulate: Simulate) -> None:
    """90 MW of load, machines of 70 and 60 MW that cannot go below 50 each: 10 too much, so at 51.5 Hz the smaller goes.

    The other had come down to 50 and its reheater brings it back slowly: two stages of 11.25 MW go, and it meets the rest.
    """
    machines = {4: (70.0, 50.0, 200.0), 3: (60.0, 50.0, 100.0)}
    found = simulate(small(LADDER, {3: 30.0, 5: 60.0}, WIDE, machines=machines), ["L3", "L4"])
    assert _told(found) == [("machine trip", "Machine 3", 0.0), *[("shed", "B3", 11.25)] * 2]
    assert found.state.generator_injected_mw == pytest.approx([67.5, 0.0])
    assert found.lost_load_mw == pytest.approx(22.5)


def test_a_reserve_and_a_stage_are_given_once(small: Small, simulate: Simulate) -> None:
    """Cut off with 100 MW of load, a machine of 60 gives its 10 beside a park of 20, and a stage of 12.5 MW goes; 2.5 MW too much then.

    When L6 takes the park, 17.5 MW lack: the first stage is off already, two more of 12.5 MW follow, though one of them is not enough.
    """
    state = small(LADDER, {3: 40.0, 4: 60.0}, [*WIDE[:6], 19.0], machines={4: (60.0, 0.0, 200.0)}, parks={5: 20.0})
    found = simulate(state, ["L3", "L4"])
    assert [e.element for e in found.events if e.kind == "trip"] == ["L6"]
    assert sorted(e.lost_load_mw for e in found.events if e.kind == "shed") == pytest.approx([12.5] * 3)
    assert found.state.generator_injected_mw.sum() == pytest.approx(62.5)


def test_machines_without_frequency_relays_ride_it_out(small: Small, simulate: Simulate) -> None:
    """The surplus that trips a machine at 51.5 Hz does not where a utility says that it is not protected; it turns down."""
    state = small(LADDER, {3: 40.0, 5: 60.0}, WIDE, machines={4: (199.0, 0.0, 200.0)})
    found = simulate(state, ["L3", "L4"], settings=[ElementSettings(element="Machine 4", protected=False)])
    assert _told(found) == []
    assert found.state.generator_injected_mw == pytest.approx([100.0])


def test_without_a_machine_that_holds_voltage_an_island_is_dark(small: Small, simulate: Simulate) -> None:
    """A park follows the grid: with 100 MW of wind beside it, a load of 100 MW is lost all the same."""
    found = simulate(small(LADDER, {3: 40.0, 5: 60.0}, WIDE, parks={4: 100.0}), ["L3", "L4"])
    assert _told(found) == [("island lost", "B3", 100.0)]
    assert found.events[-1].lost_generation_mw == pytest.approx(100.0)


def test_a_failed_busbar_takes_its_load_and_machine_with_it(small: Small, simulate: Simulate) -> None:
    """B4 with 50 MW of load and a machine of 50 MW would be a fine island, but it has failed."""
    found = simulate(small(LADDER, {3: 40.0, 4: 50.0}, WIDE, machines={4: (50.0, 0.0, 80.0)}), ["B4"])
    assert found.lost_load_mw == pytest.approx(50.0)
    assert found.events[0].lost_generation_mw == pytest.approx(50.0)
    assert found.events[0].lost_load_mw == pytest.approx(50.0)


def test_what_was_dark_before_is_not_lost_and_does_not_start(small: Small, simulate: Simulate) -> None:
    """With L3 and L4 open from the beginning nothing below B2 has supply; losing L0 costs nothing of it."""
    state = small(LADDER, {1: 10.0, 3: 40.0}, WIDE, machines={4: (50.0, 0.0, 80.0)})
    on = state.branch_on.copy()
    on[[3, 4]] = False
    found = simulate(state.with_arrays(branch_on=on), ["L0"])
    assert _told(found) == []
    assert [mw for _, mw in found.supplied] == pytest.approx([10.0, 10.0])


def test_without_its_only_infeed_a_grid_is_black(small: Small, simulate: Simulate) -> None:
    """No machine holds anything: all is lost at once, for the whole hour."""
    found = simulate(small(TRIANGLE, {1: 60.0, 2: 30.0}, [200, 200, 200]), ["Infeed"], method="ac")
    assert (found.ends, found.flows, found.steps) == (Ends.BLACKOUT, None, 1)
    assert (found.lost_load_mw, found.lost_mwh(3600.0)) == (pytest.approx(90.0), pytest.approx(90.0))


def test_the_losses_of_each_event_add_up(small: Small, simulate: Simulate) -> None:
    """Without L2, L3 carries 44 MW and L6 60: both trip at 0 s, B5 is dark; each loss is told once, though all happens at one moment."""
    found = simulate(small(LADDER, {1: 20.0, 3: 40.0, 5: 60.0}, [200, 200, 200, 30, 200, 200, 50]), ["L2"])
    assert _told(found) == [("trip", "L3", 0.0), ("trip", "L6", 0.0), ("island lost", "B5", 60.0)]
    assert found.events[1].loading_pu == pytest.approx(44 / 30)
    assert found.lost_load_mw == pytest.approx(60.0)


def test_a_collapse_is_told_once_and_dc_stands_in(small: Small, simulate: Simulate) -> None:
    """300 MW over one line of 40 Ω at 110 kV: at most V²/(2X) = 151 MW can flow. Over three lines they can."""
    state = small([(0, 1)] * 3, {1: 300.0}, [float("nan")] * 3, x_ohm=40.0)
    found = simulate(small([(0, 1)] * 4, {1: 300.0}, [float("nan")] * 4, x_ohm=40.0), ["L0"], method="ac")
    assert found.dc_steps == 0
    found = simulate(state, ["L0", "L1"], method="ac")
    assert [e.kind for e in found.events].count("collapse") == 1
    assert found.flows is not None
    assert found.flows.dc
    assert found.dc_steps == 1


def test_loading_is_told_of_the_rating_that_holds(small: Small, simulate: Simulate) -> None:
    """60 MW over L2 against half of 80 MW: 150 %, in the event and in the pathway, and not the 75 % of a rating that was halved."""
    found = simulate(small(TRIANGLE, {1: 60.0, 2: 30.0}, [120, 200, 80]), ["L0"], rating_factor=0.5)
    assert found.events[1].loading_pu == pytest.approx(1.5, rel=1e-4)
    assert ("L0", "L2", pytest.approx(1.5, rel=1e-4)) in [(p.lost, p.loaded, p.after_pu) for p in found.pathway]
