"""What would have stopped a cascade: nothing is claimed that its own simulation does not show."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grid_models.actions import ActionKind
from grid_models.cascade.running import Scene
from grid_models.cascade.simulate import cascade
from grid_models.cascade.stops import stops
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower

Scenes = Callable[..., Scene]
TRIPS = ("trip", "machine trip")


@pytest.mark.parametrize("outage", ["HV1 Line 54", "HV1 Trafo 3", "HV1 Line 12"])
def test_each_action_leaves_what_it_says(default_grid: Grid, scene: Scenes, outage: str) -> None:
    """Done at once, each is simulated again, and compared with the same grid in which it was done before the outage."""
    lost = scene(default_grid.state_at(), [outage], relay="inverse", method="ac")
    known = cascade(lost)
    found, tried = stops(lost, known, 0.0)
    assert (tried > 0) == any(e.kind in (*TRIPS, "island lost") for e in known.events)
    for stop in found:
        again = cascade(replace(lost, acted_at_s=0.0, actions=(stop.action,)))
        assert (again.lost_load_mw, again.trips) == (pytest.approx(stop.lost_load_mw), stop.trips)
        assert stop.trips < known.trips or stop.lost_load_mw < known.lost_load_mw - 1e-3
        before = scene(lost.state.apply((stop.action,)), [outage], relay="inverse", method="ac")
        done = cascade(before)  # nothing more is lost so, and voltages that have not risen yet trip no machine
        assert done.lost_load_mw <= stop.lost_load_mw + 1e-6
        assert done.trips <= stop.trips


def test_a_line_that_spreads_can_be_stopped_and_one_that_does_not_need_not(default_grid: Grid, scene: Scenes) -> None:
    """Line 54 loses 20 MW that one park could save; what hangs on Line 12 is dark at once, and no action is claimed to help."""
    spreads = scene(default_grid.state_at(), ["HV1 Line 54"], relay="inverse", method="ac")
    assert stops(spreads, cascade(spreads), 0.0)[0][0].lost_load_mw == pytest.approx(0.0, abs=1e-6)
    radial = scene(default_grid.state_at(), ["HV1 Line 12"], relay="inverse", method="ac")
    assert stops(radial, cascade(radial), 0.0)[0] == ()


def test_a_slow_trip_can_be_stopped_in_time_and_not_after_it(small: Callable[..., GridState], scene: Scenes) -> None:
    """L0 at 125 % trips by its temperature after 57 minutes: a machine at the load helps at 15 minutes; at 58 there is nothing to try."""
    state = small([(0, 1)] * 3, {1: 50.0}, [20, 200, 200], machines={1: (0.0, 0.0, 60.0)})
    lost = scene(state, ["L2"], relay="inverse", method="ac")
    known = cascade(lost)
    assert [(e.element, e.cause) for e in known.events if e.kind == "trip"] == [("L0", "temperature")]
    (best, *_), _ = stops(lost, known, 900.0)
    assert (best.action.element, best.trips, best.lost_load_mw) == ("Machine 1", 0, pytest.approx(0.0))
    assert stops(lost, known, 58 * 60.0) == ((), 0)


def test_fewer_trips_that_darken_more_stop_nothing(scene: Scenes, grid_cache: Path) -> None:
    """On tight ratings case39 loses thousands of MW: no action is claimed that would lose more of them."""
    state = GridState.at_start(load_grid("case39", grid_cache).model)
    lost = scene(state, ["Line 16-19 (1)", "Line 21-22 (1)"], relay="instant", method="ac", rating_factor=0.7)
    known = cascade(lost)
    found, tried = stops(lost, known, 0.0)
    assert known.lost_load_mw > 1000.0
    assert tried > 0
    assert all(s.lost_load_mw <= known.lost_load_mw + 1e-3 for s in found)


def test_to_switch_off_what_would_trip_is_no_remedy(default_grid: Grid, scene: Scenes) -> None:
    """Without one infeed seven parks trip by high voltage after 20 minutes; one of them taken off before leaves the other six."""
    lost = scene(default_grid.state_at(), [default_grid.model.infeeds.name[0]], relay="inverse", method="ac")
    known = cascade(lost)
    tripped = {e.element for e in known.events if e.kind in TRIPS}
    found, _ = stops(lost, known, 900.0)
    assert len(tripped) > 1
    assert all(s.trips < known.trips - (s.action.element in tripped) for s in found if s.lost_load_mw >= known.lost_load_mw - 1e-3)


def test_in_dc_set_points_are_tried_too(default_grid: Grid, scene: Scenes) -> None:
    """What relieves Line 75 in DC as in AC: the wind park behind it."""
    lost = scene(default_grid.state_at(), ["HV1 Line 54"], relay="inverse", method="dc")
    known = cascade(lost)
    best = stops(lost, known, 0.0)[0][0]
    assert (known.trips, best.action.kind, best.trips, best.lost_load_mw) == (1, ActionKind.SET_P, 0, pytest.approx(0.0))


def test_to_open_a_line_can_stop_what_no_set_point_does(scene: Scenes, grid_cache: Path) -> None:
    """On case39 at 0.9 of its ratings the best single action is a line opened, and the cascade with it shows what is claimed."""
    state = GridState.at_start(load_grid("case39", grid_cache).model)
    lost = scene(state, ["Line 16-19 (1)", "Line 21-22 (1)"], relay="inverse", method="ac", rating_factor=0.9)
    known = cascade(lost)
    best = stops(lost, known, 0.0)[0][0]
    again = cascade(replace(lost, acted_at_s=0.0, actions=(best.action,)))
    assert best.action.kind is ActionKind.OPEN
    assert again.lost_load_mw == pytest.approx(best.lost_load_mw)
    assert best.lost_load_mw < known.lost_load_mw - 100.0
