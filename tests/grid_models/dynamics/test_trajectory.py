"""Frequency with limits, delays, converters and further losses: what any such course must obey."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from grid_models.dynamics.measures import balance_hz, nadir, rocof_at_once, rocof_over, seconds_below, settling_hz, zenith
from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.response import Follows, Governor, ResponseGroup, fast_response, synthetic_inertia
from grid_models.dynamics.system import FrequencySystem, Loss, ShedStage
from grid_models.dynamics.trajectory import Trajectory, trajectory_of

LOAD = 10_000.0
TURBINES = Governor().group(0.6 * LOAD, 50.0, reserve_mw=600.0, down_mw=600.0, delay_s=0.5, deadband_hz=0.015)
BATTERIES = fast_response(300.0, 0.5, delay_s=0.1, lag_s=0.1)
VIRTUAL = synthetic_inertia(20.0, 50.0, limit_mw=200.0, delay_s=0.05)
STAGES = tuple(ShedStage(hz, 500.0, 0.15, 0.08) for hz in (49.0, 48.8, 48.6, 48.4))
EVERYTHING = FrequencySystem(50.0, 20.0, LOAD, 1.0, (TURBINES, BATTERIES, VIRTUAL), STAGES)
BARE = replace(EVERYTHING, stages=())
THREE = (Loss(0.0, 900.0), Loss(3.0, 900.0), Loss(7.0, 600.0))


def test_the_step_does_not_matter() -> None:
    """Halved and cut to a tenth, with every kind of group, shedding and three losses: nadir, moments and end stay to 1e-6."""
    usual = trajectory_of(EVERYTHING, THREE)
    for step_s in (0.0025, 0.0005):
        fine = trajectory_of(EVERYTHING, THREE, longest_step_s=step_s)
        assert nadir(fine).frequency_hz == pytest.approx(nadir(usual).frequency_hz, abs=1e-6)
        assert fine.shed_s[:3] == pytest.approx(usual.shed_s[:3], abs=1e-6)
        assert fine.frequency_hz[-1] == pytest.approx(usual.frequency_hz[-1], abs=1e-6)


def test_energy_is_conserved() -> None:
    """What is missing or left over, integrated, is what the turning masses give or take: to 0.001 % of the largest."""
    course = trajectory_of(EVERYTHING, THREE)
    passed = np.diff(course.time_s) * (course.imbalance_mw[1:] + course.imbalance_mw[:-1]) / 2
    stored = 2.0 * 20_000.0 / 50.0 * course.deviation_hz
    assert np.abs(np.concatenate([[0.0], np.cumsum(passed)]) - stored).max() < 1e-5 * np.abs(stored).max()


def test_power_balances_where_it_settles() -> None:
    """Response, damping and shedding make up for all that was lost."""
    course = trajectory_of(EVERYTHING, THREE, 200.0)
    assert course.imbalance_mw[-1] == pytest.approx(0.0, abs=0.01)
    assert course.frequency_hz[-1] == pytest.approx(settling_hz(course), abs=1e-4)
    assert course.response_mw[-1] + course.damping_mw[-1] + course.shed_mw[-1] == pytest.approx(2400.0, abs=0.01)


def test_against_another_integrator() -> None:
    """A limited governor with a dead band, by scipy at tolerances of 1e-10: within 1e-6 Hz at every moment."""
    system = replace(BARE, groups=(replace(TURBINES, delay_s=0.0),))
    course = trajectory_of(system, [Loss(0.0, 900.0)], 20.0)
    gain = 0.95 / 0.05 * 6000.0 / 50.0

    def slopes(_: float, y: np.ndarray) -> list[float]:
        demand = min(max(abs(y[0]) - 0.015, 0.0) * gain, 600.0) * -np.sign(y[0])
        power = 0.3 * demand + 0.7 * y[1]
        return [50.0 / 40_000.0 * (power - 900.0 - 100.0 * y[0]), (demand - y[1]) / 8.0]

    other = solve_ivp(slopes, (0.0, 20.0), [0.0, 0.0], t_eval=np.unique(course.time_s), rtol=1e-10, atol=1e-10, max_step=0.002)
    assert np.abs(other.y[0] - np.interp(other.t, course.time_s, course.deviation_hz)).max() < 1e-6


def test_two_losses_at_once_are_one() -> None:
    """Of their sum."""
    both, one = trajectory_of(BARE, [Loss(0.0, 500.0), Loss(0.0, 400.0)]), trajectory_of(BARE, [Loss(0.0, 900.0)])
    assert np.array_equal(both.deviation_hz, one.deviation_hz)


def test_a_loss_that_comes_later_changes_nothing_before() -> None:
    """And the frequency then falls further."""
    one, two = trajectory_of(BARE, [Loss(0.0, 900.0)]), trajectory_of(BARE, [Loss(0.0, 900.0), Loss(20.0, 300.0)])
    at = np.linspace(0.0, 19.9, 50)
    assert np.interp(at, one.time_s, one.deviation_hz) == pytest.approx(np.interp(at, two.time_s, two.deviation_hz), abs=1e-7)
    assert settling_hz(two) < settling_hz(one)


def test_more_inertia_is_never_worse() -> None:
    """From 5 to 400 GW·s, no nadir is deeper than one with less; nor does a larger loss ever have a higher nadir."""
    by_inertia = [nadir(trajectory_of(replace(BARE, inertia_gws=e), [Loss(0.0, 900.0)])).frequency_hz for e in (5, 10, 20, 50, 100, 400)]
    assert by_inertia == sorted(by_inertia)
    by_loss = [nadir(trajectory_of(BARE, [Loss(0.0, mw)])).frequency_hz for mw in (100, 300, 600, 900, 1200)]
    assert by_loss == sorted(by_loss, reverse=True)


def test_each_kind_of_help_lifts_the_nadir() -> None:
    """Governors, then batteries, then synthetic inertia."""
    groups = (TURBINES, BATTERIES, VIRTUAL)
    nadirs = [nadir(trajectory_of(replace(BARE, groups=groups[:n]), [Loss(0.0, 900.0)])).frequency_hz for n in range(4)]
    assert all(better > worse + 0.005 for worse, better in pairwise(nadirs))


def test_synthetic_inertia_slows_the_fall_only_once_it_is_measured() -> None:
    """Nothing within its delay; afterwards the rate over 500 ms is smaller."""
    plain, helped = (trajectory_of(replace(BARE, groups=g), [Loss(0.0, 300.0)], 5.0) for g in ((), (VIRTUAL,)))
    early = np.linspace(0.0, 0.049, 10)
    seen = [np.interp(early, c.time_s, c.deviation_hz) for c in (plain, helped)]
    assert seen[0] == pytest.approx(seen[1], abs=1e-6)
    assert rocof_over(helped, 0.5) < 0.8 * rocof_over(plain, 0.5)


def test_reserves_and_delays_are_kept() -> None:
    """No group passes its limit, and none moves before its delay."""
    course = trajectory_of(BARE, [Loss(0.0, 1200.0)])
    assert course.power_mw.max(axis=0) == pytest.approx([600.0, 300.0, 200.0], rel=0.02)
    assert np.all(course.power_mw <= np.array([600.0, 300.0, 200.0]) + 1e-9)
    for k, group in enumerate(BARE.groups):
        assert not course.power_mw[course.time_s <= group.delay_s, k].any()


def test_units_that_start_late() -> None:
    """Nothing before 4 s, then as governors without dead time: frequency does not swing up, and settles as it would have."""
    late = replace(BARE, groups=(Governor().group(LOAD, 50.0, start_s=4.0),))
    course = trajectory_of(late, [Loss(2.0, 500.0)])
    assert not course.power_mw[course.time_s < 6.0].any()
    assert course.power_mw[course.time_s > 6.0].all()
    assert course.frequency_hz[-1] == pytest.approx(settling_hz(course), abs=1e-3)
    fine = trajectory_of(late, [Loss(2.0, 500.0)], longest_step_s=0.0005)
    assert nadir(fine).frequency_hz == pytest.approx(nadir(course).frequency_hz, abs=1e-8)


def test_a_unit_that_trips_takes_its_inertia_and_its_answer_along() -> None:
    """450 MW of 19 GW·s fall at 0.592 Hz/s; when half of it goes without any power, the rate doubles; what had answered is gone at once."""
    bare = FrequencySystem(50.0, 19.0, 30_000.0)
    course = trajectory_of(bare, [Loss(0.0, 450.0), Loss(1.0, inertia_gws=9.5)], 2.0)
    rates = -course.rate_hz_per_s
    assert rates[course.time_s < 1.0] == pytest.approx(450 / 19 / 40, rel=1e-9)
    assert rates[course.time_s > 1.0] == pytest.approx(450 / 19 / 20, rel=1e-9)
    with_it = trajectory_of(bare, [Loss(0.0, 450.0, inertia_gws=9.5)], 2.0)
    assert rocof_at_once(with_it) == pytest.approx(450 / 19 / 20) == pytest.approx(rocof_over(with_it, 0.5))
    answers = ResponseGroup("goes", Follows.DEVIATION, 400.0, lag_s=0.5, at_once=0.0, until_s=1.5)
    gone = trajectory_of(replace(bare, groups=(answers,)), [Loss(0.0, 450.0)], 2.0)
    assert (gone.power_mw[gone.time_s < 1.5][-1] > 50.0).all()
    assert not gone.power_mw[gone.time_s > 1.5].any()
    with pytest.raises(NotCalculable, match="less than there is would work"):
        trajectory_of(bare, [Loss(0.0, 450.0, inertia_gws=19.0)], 2.0)


def test_a_loss_of_load_is_the_mirror() -> None:
    """With equal limits on both sides and the damping of the load that is left: the same course, upwards."""
    down = trajectory_of(replace(BARE, damping_percent_per_hz=0.0), [Loss(0.0, 500.0)])
    up = trajectory_of(replace(BARE, damping_percent_per_hz=0.0), [Loss(0.0, load_mw=500.0)])
    assert up.deviation_hz == pytest.approx(-down.deviation_hz, abs=1e-12)
    assert zenith(up).at_s == pytest.approx(nadir(down).at_s)


def test_frequency_collapses_where_nothing_answers() -> None:
    """The course ends there, and no balance is named."""
    course = trajectory_of(FrequencySystem(50.0, 20.0, LOAD), [Loss(0.0, 900.0)])
    assert course.collapsed
    assert course.time_s[-1] < 60.0
    assert settling_hz(course) is None


def _falling(course: Trajectory, hz: float) -> float:
    return float(course.time_s[np.argmax(course.frequency_hz <= hz)])


def test_time_below_a_frequency() -> None:
    """A fall without any answer passes each frequency when it must."""
    course = trajectory_of(FrequencySystem(50.0, 20.0, LOAD), [Loss(0.0, 800.0)], 5.0)
    assert _falling(course, 49.0) == pytest.approx(1.0, abs=0.006)
    assert seconds_below(course, 49.0) == pytest.approx(4.0, abs=1e-6)


def test_balance_without_a_course() -> None:
    """A governor of 5 % on the load alone: 1000 MW of 10,000 lower frequency by 0.05·0.1·50 Hz."""
    system = FrequencySystem(50.0, 20.0, LOAD, 0.0, (Governor(gain=1.0).group(LOAD, 50.0),))
    assert balance_hz(system, lost_mw=1000.0) == pytest.approx(49.75, abs=1e-8)


REFUSED = [
    (lambda: replace(BARE, inertia_gws=0.0), "An inertia of 0 GW·s"),
    (lambda: replace(BARE, inertia_gws=float("nan")), "An inertia of nan GW·s"),
    (lambda: replace(BARE, load_mw=-1.0), "A load of -1 MW"),
    (lambda: replace(BARE, damping_percent_per_hz=-1.0), "damping of -1 %"),
    (lambda: replace(BARE, stages=STAGES[::-1]), "out of order"),
    (lambda: replace(BARE, stages=(ShedStage(51.0, 1.0),)), "below 50 Hz would work"),
    (lambda: replace(BARE, stages=(ShedStage(49.0, 20_000.0),)), "no more than the load"),
    (lambda: Loss(0.0, -1.0), "A loss of -1 MW"),
    (lambda: Loss(-1.0, 1.0), "at -1 s"),
    (lambda: Governor(droop_pu=0.0).group(LOAD, 50.0), "droop of 0"),
    (lambda: replace(TURBINES, delay_s=0.001), "a delay of 0.001 s"),
    (lambda: replace(VIRTUAL, lag_s=0.0), "a lag of 0.01 s or more"),
    (lambda: fast_response(100.0, 0.0), "deviation of 0 Hz"),
    (lambda: trajectory_of(BARE, []), "No power is lost"),
    (lambda: trajectory_of(BARE, THREE, 601.0), "up to 600 s"),
    (lambda: trajectory_of(BARE, THREE, float("nan")), "horizon of nan s"),
    (lambda: trajectory_of(BARE, THREE, 5.0), "beyond the horizon"),
    (lambda: trajectory_of(BARE, [Loss(0.0, load_mw=2e4)]), "no more than there is"),
]


@pytest.mark.parametrize(("asked", "says"), REFUSED)
def test_what_is_no_system_is_refused(asked: object, says: str) -> None:
    """In one sentence that says what would work."""
    with pytest.raises(NotCalculable) as refused:
        asked()  # type: ignore[operator]
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")
