"""An integrating relay under changing current."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.protection.curves import Curve, InvalidRelay, curve_time_s, reset_time_s
from grid_models.protection.integrating import advanced, next_trip, time_to_trip, tripped

multiples = st.floats(1.05, 25.0)
shares = st.floats(0.0, 1.0)
progresses = st.floats(0.0, 0.99)
curves = st.sampled_from([Curve.IEC_SI, Curve.IEC_VI, Curve.IEC_EI, Curve.IEC_LTI, Curve.IEEE_MI, Curve.IEEE_VI, Curve.IEEE_EI])


@given(curves, multiples)
def test_constant_current_gives_the_curve(curve: Curve, multiple: float) -> None:
    """From rest, a constant current trips after the curve's time, and the progress is whole exactly then."""
    seconds = curve_time_s(curve, multiple)
    assert float(time_to_trip(0.0, seconds)) == float(seconds)
    assert tripped(advanced(0.0, seconds, float(seconds)))
    assert not tripped(advanced(0.0, seconds, 0.999 * float(seconds)))


@given(curves, st.floats(0.0, 25.0), progresses, st.floats(0.0, 100.0), shares, st.sampled_from([0.0, 29.1]))
def test_splitting_an_interval_changes_nothing(
    curve: Curve, multiple: float, progress: float, dt_s: float, share: float, t_r: float
) -> None:
    """One interval and the same in two parts end alike, above and below the pickup, with either reset."""
    operating, reset = curve_time_s(curve, multiple), reset_time_s(multiple, 1.0, t_r)
    whole = advanced(progress, operating, dt_s, reset)
    part = advanced(progress, operating, share * dt_s, reset)
    assert float(advanced(part, operating, dt_s - share * dt_s, reset)) == pytest.approx(float(whole), abs=2e-9)


@given(curves, multiples, multiples, progresses)
def test_more_current_never_trips_later(curve: Curve, one: float, other: float, progress: float) -> None:
    """The time to the trip never grows with the current, and progress never falls with it."""
    low, high = curve_time_s(curve, min(one, other)), curve_time_s(curve, max(one, other))
    assert time_to_trip(progress, high) <= time_to_trip(progress, low)
    assert advanced(progress, high, 0.5) >= advanced(progress, low, 0.5)


def test_two_currents_add_up() -> None:
    """Half of 13.5 s at twice the pickup (VI), then the other half at ten times: 6.75 + 0.75 s."""
    half = advanced(0.0, curve_time_s(Curve.IEC_VI, 2.0), 6.75)
    assert float(half) == pytest.approx(0.5)
    assert float(time_to_trip(half, curve_time_s(Curve.IEC_VI, 10.0))) == pytest.approx(0.75)


def test_resets() -> None:
    """Below the pickup a static relay forgets at once, a disc turns back in its reset time, and never trips meanwhile."""
    assert float(advanced(0.8, inf, 0.1)) == 0.0
    assert float(advanced(0.8, inf, 7.275, reset_s=29.1)) == pytest.approx(0.55)
    assert float(advanced(0.8, inf, 1e6, reset_s=inf)) == 0.8
    assert float(time_to_trip(0.8, inf)) == inf


def test_no_time_changes_nothing_but_an_instant_relay() -> None:
    """In no time nothing is gained or forgotten, except that an instantaneous relay trips."""
    assert advanced([0.3, 0.3, 0.3], [5.0, inf, 0.0], 0.0).tolist() == [0.3, 0.3, 1.0]


def test_a_tripped_relay_stays_tripped() -> None:
    """A relay that has tripped does not forget it when the current has gone."""
    assert float(advanced(1.0, inf, 10.0)) == 1.0
    assert float(time_to_trip(1.0, inf)) == 0.0


def test_next_trip_names_all_that_trip_together() -> None:
    """The first time and every relay that trips then, in order; none where all rest."""
    seconds, rows = next_trip(np.array([0.0, 0.5, 0.0, 0.0]), np.array([2.0, 4.0, inf, 3.0]))
    assert (seconds, rows.tolist()) == (2.0, [0, 1])
    assert next_trip(np.zeros(2), np.full(2, inf))[0] == inf
    assert next_trip(np.zeros(0), np.zeros(0))[1].tolist() == []


def test_a_march_of_events_hits_each_trip_once() -> None:
    """Advanced to each next trip, relays trip in the order and at the times of their curves, without a second step for a rounding."""
    operating = curve_time_s(Curve.IEC_SI, np.linspace(1.1, 9.0, 50), 0.3)
    progress, now, seen = np.zeros(50), 0.0, []
    while (step := next_trip(np.where(tripped(progress), 0.0, progress), np.where(tripped(progress), inf, operating))) and step[0] < inf:
        now += step[0]
        progress = advanced(progress, operating, step[0])
        assert np.all(tripped(progress)[step[1]])
        seen += [now] * len(step[1])
    assert seen == pytest.approx(sorted(operating), rel=1e-7)


def test_time_does_not_run_backwards() -> None:
    """A negative interval is refused."""
    with pytest.raises(InvalidRelay, match="0 or more"):
        advanced(0.0, 1.0, -1.0)
