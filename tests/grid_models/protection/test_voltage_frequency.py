"""Voltage and frequency relays: stages with delays."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.protection.curves import InvalidRelay
from grid_models.protection.defaults import protection_defaults
from grid_models.protection.voltage_frequency import Stage, StageBank, advanced, first_trip_s, picked_up, time_to_trip

_KNOWN = protection_defaults()
_PRC = StageBank.of([_KNOWN.voltage_sets["PRC-024-3"].stages])


@pytest.mark.parametrize(
    ("vm_pu", "seconds"),
    [
        *[(0.44, 0.15), (0.45, 0.30), (0.70, 2.0), (0.89, 3.0), (0.90, inf), (1.0, inf)],
        *[(1.099, inf), (1.10, 1.0), (1.16, 0.5), (1.18, 0.2), (1.2, 0.0), (nan, inf)],
    ],
)
def test_voltage_ride_through_of_prc_024(vm_pu: float, seconds: float) -> None:
    """From rest, the time to the trip is the table's, on both sides of each threshold."""
    assert time_to_trip(_PRC.at_rest, [vm_pu], _PRC).tolist() == [seconds]


@pytest.mark.parametrize(("hz", "seconds"), [(47.49, 0.0), (47.6, 1800.0), (49.0, inf), (50.99, inf), (51.2, 1800.0), (51.5, 0.0)])
def test_frequency_withstand_of_continental_europe(hz: float, seconds: float) -> None:
    """Generators of Continental Europe stay between 49 and 51 Hz for ever, between 47.5 and 51.5 Hz for half an hour."""
    bank = StageBank.of([_KNOWN.frequency_sets["RfG Continental Europe"].stages])
    assert time_to_trip(bank.at_rest, [hz], bank).tolist() == [seconds]


def test_timers_run_on_and_drop_off() -> None:
    """A deeper sag keeps the timers that ran; a recovery sets them back, so that two short sags are not one long one."""
    timers = advanced(_PRC.at_rest, [0.80], 2.0, _PRC)
    assert float(time_to_trip(timers, [0.70], _PRC)[0]) == pytest.approx(1.0)  # 3 s below 0.90, of which 2 have passed
    recovered = advanced(timers, [1.0], 0.01, _PRC)
    assert not recovered.any()
    assert float(time_to_trip(recovered, [0.80], _PRC)[0]) == 3.0


@given(st.floats(0.0, 1.3), st.floats(0.0, 5.0), st.floats(0.0, 1.0))
def test_splitting_an_interval_changes_nothing(vm_pu: float, dt_s: float, share: float) -> None:
    """Timers after an interval and after its two parts are the same."""
    part = advanced(_PRC.at_rest, [vm_pu], share * dt_s, _PRC)
    assert advanced(part, [vm_pu], (1.0 - share) * dt_s, _PRC) == pytest.approx(advanced(_PRC.at_rest, [vm_pu], dt_s, _PRC), abs=1e-12)


def test_the_trip_is_due_after_its_time() -> None:
    """Advanced by the time to the trip, the trip is due at once."""
    timers = advanced(_PRC.at_rest, [0.6], 0.1, _PRC)
    rest = float(time_to_trip(timers, [0.6], _PRC)[0])
    assert time_to_trip(advanced(timers, [0.6], rest, _PRC), [0.6], _PRC).tolist() == [0.0]


def test_elements_with_fewer_stages_or_none() -> None:
    """Each element has its own stages; where there are none, nothing trips."""
    bank = StageBank.of([(Stage(0.8, 5.0, over=False),), (), (Stage(0.9, 1.0, over=False), Stage(1.2, 0.0, over=True))])
    assert time_to_trip(bank.at_rest, np.zeros(3), bank).tolist() == [5.0, inf, 1.0]
    none = StageBank.of([(), ()])
    assert (time_to_trip(none.at_rest, np.ones(2), none).tolist(), picked_up(np.ones(2), none).shape) == ([inf, inf], (2, 0))


def test_the_first_trip_in_a_course() -> None:
    """A dip of 0.9 s, then one for good: each stage counts anew, the other side's trips by its own, and nobody without stages does."""
    times = np.arange(0.0, 10.0, 0.1)
    values = np.where((times >= 1.0) & (times < 1.9), 0.7, np.where(times >= 3.0, 0.75, 1.0))
    bank = StageBank.of([(Stage(0.8, 1.0, over=False),), (Stage(0.8, 0.5, over=False),), (Stage(0.9, 0.5, over=True),), ()])
    assert first_trip_s(times, values, bank) == pytest.approx([4.0, 1.5, 0.5, inf], abs=0.1)  # a row
    assert first_trip_s(times, values, bank, 5.0) == pytest.approx([5.0, 5.0, inf, inf])


@given(st.lists(st.sampled_from([0.5, 0.7, 0.95, 1.0, 1.15]), min_size=2, max_size=30))
def test_the_first_trip_is_that_of_timers_that_run_along(values: list[float]) -> None:
    """Values that stay for a step each, no delay a multiple of it: a fine course and the timers agree to a row."""
    step_s, rows = 0.27, 54
    times = step_s / rows * np.arange(rows * len(values))
    found = float(first_trip_s(times, np.repeat(values, rows), _PRC)[0])
    timers, at_s = _PRC.at_rest, inf
    for i, value in enumerate(values):
        rest = float(time_to_trip(timers, [value], _PRC)[0])
        if rest <= step_s:
            at_s = i * step_s + rest
            break
        timers = advanced(timers, [value], step_s, _PRC)
    assert found == pytest.approx(at_s, abs=1.01 * step_s / rows)


def test_a_stage_must_be_possible() -> None:
    """A negative delay is refused."""
    with pytest.raises(InvalidRelay, match="delay of 0 s or more"):
        Stage(0.9, -1.0, over=False)
