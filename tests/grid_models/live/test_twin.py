"""The loop from the plant's truth through measurements to a state that may be believed."""

import tracemalloc
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.estimation.verdicts import Likely
from grid_models.live.conclusion import Conclusion
from grid_models.steady.boundary import solve
from grid_models.telemetry.faults import Drift, Frozen, GrossError, LostRtu, SignFlip, TimeSkew, WrongStatus
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.state_store import load_state


def worst_error(found: Conclusion, watched) -> tuple[float, float]:
    """Largest voltage [pu] and loading [percentage points] by which the concluded state's power flow misses the truth."""
    stored = load_state(watched.grid.model, watched.folder / "plant.npz")
    truth, told = solve(stored[0]), solve(found.state)
    return (
        float(np.nanmax(np.abs(truth.vm_pu - told.vm_pu))),
        float(np.nanmax(np.abs(truth.loading_percent - told.loading_percent))),
    )


def test_the_state_is_near_the_truth_and_never_equal_to_it(watched) -> None:
    """Voltages within 2e-3 pu and loadings within a percentage point, as meters of class 0.5 allow; exact ones would be no measurement."""
    found = watched.after()
    watched.plant.save()
    vm, loading = worst_error(found, watched)
    assert found.accepted
    assert 1e-6 < vm < 2e-3
    assert 1e-3 < loading < 1.0


def test_what_is_not_measured_is_not_known(watched) -> None:
    """The truth changes and no set comes: neither the latest state nor anything in it moves."""
    before = watched.after().state
    watched.plant.execute(Action(kind="open", element="HV1 Line 14"), "k")
    watched.at += timedelta(hours=1)
    assert watched.twin.latest.state is before
    same = watched.twin.take(replace(watched.twin.last.telemetry))
    assert np.array_equal(same.state.switch_closed, before.switch_closed)
    assert same.state.load_p_mw == pytest.approx(before.load_p_mw, abs=1e-5)


def test_a_command_shows_in_the_next_set(watched) -> None:
    """An opened line is open in the state concluded from the measurements after it."""
    before = watched.after().state
    watched.plant.execute(Action(kind="open", element="HV1 Line 14"), "k")
    after = watched.after().state
    assert np.sum(before.switch_closed != after.switch_closed) == 2


@pytest.mark.parametrize(
    ("action", "array", "value"),
    [
        (Action(kind="shed_load", element="HV1 Load 7", p_mw=0.2), "load_shed_mw", 0.2),
        (Action(kind="set_p", element="HV1 Sgen 65", p_mw=20.0), "generator_p_setpoint_mw", 20.0),
        (Action(kind="set_q", element="HV1 Sgen 65", q_mvar=-3.0), "generator_q_setpoint_mvar", -3.0),
    ],
)
def test_a_set_point_is_read_back_and_obeyed(watched, action: Action, array: str, value: float) -> None:
    """The echo is exact; the state's own injection follows within what the meters see."""
    watched.after()
    watched.plant.execute(action, "k")
    state = watched.after().state
    index = int(np.flatnonzero(np.nan_to_num(getattr(state, array)) == value)[0])
    assert getattr(state, array)[index] == value
    if action.kind == "set_p":
        assert state.generator_injected_mw[index] == pytest.approx(20.0, abs=0.5)
        assert state.generator_p_mw[index] > 21.0  # what is available is remembered behind the cap


def test_a_tap_that_was_ordered_may_jump(watched) -> None:
    """Ten positions at once are refused at the door unless they were ordered."""
    watched.after()
    name = watched.grid.model.branches.name[
        int(np.flatnonzero(watched.grid.model.branches.tap_max > watched.grid.model.branches.tap_min)[0])
    ]
    order = Action(kind="set_tap", element=name, position=8)
    watched.twin.ordered(order)
    watched.plant.execute(order, "k")
    assert 8 in watched.after().state.tap


@pytest.mark.parametrize(
    ("fault", "likely"),
    [
        (SignFlip(quantity="P_FROM", element="HV1 Line 12"), Likely.SIGN),
        (GrossError(quantity="P_FROM", element="HV1 Line 54", offset=40.0), Likely.GROSS),
        (GrossError(quantity="P_FROM", element="HV1 Line 12", value=0.0), Likely.NOTHING),
        (Drift(quantity="P_FROM", element="HV1 Line 54", per_hour=60.0), Likely.DRIFT),
    ],
)
def test_a_bad_meter_is_named_and_left_out(watched, fault, likely: Likely) -> None:
    """It is the only one named, with what is probably wrong; the state stays near the truth."""
    watched.after(rounds=3)
    watched.plant.inject(fault)
    for _ in range(120):
        found = watched.after()
        if found.bad_meters:
            break
    watched.plant.save()
    assert [(b.element, b.likely, b.removed) for b in found.bad_meters] == [(fault.element, likely, True)]
    assert found.accepted
    assert worst_error(found, watched)[1] < 1.5


def test_a_frozen_meter_is_told_once_the_grid_has_moved(watched) -> None:
    """A value that is confirmed again and again while everything around it moves is frozen, not merely wrong."""
    watched.after(rounds=3)
    watched.plant.inject(Frozen(quantity="P_FROM", element="HV1 Line 54"))
    watched.after()
    watched.plant.execute(Action(kind="open", element="HV1 Line 75"), "k")  # its twin: the flow of 54 doubles
    found = watched.after(rounds=20)
    assert [(b.element, b.likely) for b in found.bad_meters] == [("HV1 Line 54", Likely.FROZEN)]


@pytest.mark.parametrize(("switch", "reported"), [("HV1 Switch 47", "open"), ("HV1 Switch 49", "open")])
def test_a_wrong_breaker_status_is_told_apart_from_bad_meters(watched, switch: str, reported: str) -> None:
    """The breaker is blamed, no meter is; the state has it as it is."""
    watched.after()
    watched.plant.inject(WrongStatus(quantity="SWITCH_CLOSED", element=switch))
    found = watched.after(rounds=2)
    assert [(w.element, w.reported, w.concluded) for w in found.wrong_positions] == [(switch, reported, "closed")]
    assert found.bad_meters == ()
    assert found.accepted
    assert bool(found.state.switch_closed[watched.grid.model.switches.name.index(switch)])


def test_a_silent_station_is_told_and_the_forecast_stands_in(watched) -> None:
    """Its measurements grow old, are refused and told; the rest and the forecast still give a state."""
    watched.after()
    station = watched.plant.instruments.stations[8]
    watched.plant.inject(LostRtu(station=station))
    found = watched.after(rounds=30)
    assert any(station in s and "s old" in s for s in found.admitted.sentences)
    assert found.accepted
    watched.plant.save()
    assert worst_error(found, watched)[0] < 5e-3


def test_a_wrong_clock_is_told(watched) -> None:
    """Measurements from the future are refused at the door."""
    watched.after()
    station = watched.plant.instruments.stations[9]
    watched.plant.inject(TimeSkew(station=station, seconds=300.0))
    found = watched.after()
    assert any(station in s and "ahead of the plant's clock" in s for s in found.admitted.sentences)
    assert found.accepted


def test_nonsense_is_not_believed_and_the_last_state_stands(watched) -> None:
    """A set that contradicts itself everywhere is not accepted, says why, and changes nothing."""
    before = watched.after()
    telemetry = watched.plant.telemetry()
    noise = np.random.default_rng(1).normal(0.0, 30.0, len(telemetry.measurements))
    analogue = telemetry.measurements.quantity < Quantity.SWITCH_CLOSED
    wild = replace(telemetry.measurements, value=np.where(analogue, telemetry.measurements.value + noise, telemetry.measurements.value))
    found = watched.twin.take(replace(telemetry, measurements=wild))
    assert not found.accepted
    assert found.doubts
    assert found.doubts[0].endswith(".")
    assert watched.twin.latest is before


def test_an_empty_set_is_no_end(watched) -> None:
    """Nothing at all came: that is said, and the next set is taken as ever."""
    watched.after()
    telemetry = watched.plant.telemetry()
    found = watched.twin.take(replace(telemetry, measurements=MeasurementSet.joined([])))
    assert found.state is None or found.accepted in (True, False)
    assert watched.after().accepted


def test_a_clock_that_jumps_back_is_survived(watched) -> None:
    """The restart is told, and the state of then is taken."""
    first = watched.after()
    watched.after(rounds=5)
    again = watched.twin.take(first.telemetry)
    assert any("went back" in s for s in again.admitted.sentences)
    assert again.accepted


@pytest.mark.parametrize("name", ["case118", "training"])
def test_grids_without_profiles_are_watched_too(watch, name: str, request: pytest.FixtureRequest) -> None:
    """Their forecast is constant and their clock stands; estimates come all the same."""
    assert watch(request.getfixturevalue(name)).after().accepted


@pytest.mark.slow
def test_memory_is_steady_over_an_hour(watched) -> None:
    """900 rounds of four seconds keep less than two MiB more than 300 did."""
    watched.after(rounds=20)
    tracemalloc.start()
    watched.after(rounds=280)
    first = tracemalloc.get_traced_memory()[0]
    watched.after(rounds=600)
    second = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert second - first < 2 * 2**20


@pytest.mark.slow
def test_good_telemetry_is_almost_always_accepted_and_nothing_is_removed(watched) -> None:
    """Of 300 sets without a fault at most six lose a measurement or are doubted: one in a hundred is expected of each."""
    rounds = [watched.after() for _ in range(300)]
    assert sum(bool(found.bad_meters) for found in rounds) <= 6
    assert sum(not found.accepted for found in rounds) <= 6
