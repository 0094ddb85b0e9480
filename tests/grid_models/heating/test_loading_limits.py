"""The limits of each loading regime, and the verdict on a calculation."""

import numpy as np
import pytest

from grid_models.findings import Outcome
from grid_models.heating.iec import hot_spot
from grid_models.heating.iec_parameters import Size, iec_parameters
from grid_models.heating.loading_limits import Regime, Standard, ieee_limits, limits_of
from grid_models.heating.loading_verdict import Quantity, RegimeVerdict, judged, judged_against
from grid_models.heating.series import InvalidThermalInput, ThermalSeries, ThermalStart


def verdicts(
    load: list[float], oil: list[float], hot: list[float], size: Size = Size.MEDIUM, step_min: float = 15.0
) -> dict[Regime, RegimeVerdict]:
    """By regime, of temperatures given outright."""
    series = ThermalSeries(np.array(oil), np.array(hot), np.zeros(len(oil)))
    return {each.limits.regime: each for each in judged(series, load, step_min, size)}


@pytest.mark.parametrize("size", list(Size))
def test_regimes_in_order_with_their_temperatures(size: Size) -> None:
    """Each size has the three regimes of IEC 60076-7 with 120, 140 and 160 °C hot-spot, loaded once, each with source and doubt."""
    limits = limits_of(size)
    assert [each.regime for each in limits] == [Regime.NORMAL_CYCLIC, Regime.LONG_TIME, Regime.SHORT_TIME]
    assert [(each.top_oil_celsius, each.hot_spot_celsius) for each in limits] == [(105.0, 120.0), (115.0, 140.0), (115.0, 160.0)]
    assert [each.longest_min for each in limits] == [None, None, 30.0]
    assert all(each.source and each.unverified for each in limits)
    assert all(one is other for one, other in zip(limits, limits_of(size), strict=True))


def test_currents_shrink_with_size() -> None:
    """A short-time emergency allows 2.0, 1.8 and 1.5 times the rating from distribution to large; no regime allows a larger one more."""
    assert [limits_of(size)[2].current_pu for size in Size] == [2.0, 1.8, 1.5]
    for regime in range(3):
        currents = [limits_of(size)[regime].current_pu for size in Size]
        assert currents == sorted(currents, reverse=True)


def test_the_ieee_set_is_apart_and_unverified() -> None:
    """IEEE C57.91 has four regimes of temperatures only, none of which anybody here has read in the standard."""
    limits = ieee_limits()
    assert [each.hot_spot_celsius for each in limits] == [120.0, 130.0, 140.0, 180.0]
    assert all(each.standard is Standard.IEEE and each.unverified and each.current_pu is None for each in limits)


@pytest.mark.parametrize(("hot", "outcome"), [(120.0, Outcome.PASS), (120.1, Outcome.FAIL)])
def test_a_value_at_its_limit_is_inside(hot: float, outcome: Outcome) -> None:
    """120.0 °C is allowed in normal cyclic loading, 120.1 °C is not, and longer regimes allow both."""
    found = verdicts([1.0, 1.0], [80.0, 90.0], [100.0, hot])
    assert found[Regime.NORMAL_CYCLIC].outcome is outcome
    assert found[Regime.LONG_TIME].allowed


def test_minutes_until_the_first_limit() -> None:
    """A temperature crosses where the straight line between step ends does, and a current at the begin of its step; the earliest binds."""
    found = verdicts([1.0, 1.2, 1.6, 1.0], [80.0, 95.0, 104.0, 100.0], [100.0, 115.0, 125.0, 110.0])[Regime.NORMAL_CYCLIC]
    assert {check.quantity: check.crossed_min for check in found.checks} == {
        Quantity.CURRENT: 30.0,
        Quantity.TOP_OIL: None,
        Quantity.HOT_SPOT: 37.5,
    }
    assert found.binding.quantity is Quantity.CURRENT
    assert found.first_crossed_min == 30.0
    assert [round(check.margin, 9) for check in found.checks] == [-0.1, 1.0, -5.0]


def test_nearest_limit_binds_where_none_is_crossed() -> None:
    """Inside all limits the one with the smallest share left binds, and nothing is crossed."""
    found = verdicts([0.8], [60.0], [118.0])[Regime.NORMAL_CYCLIC]
    assert (found.binding.quantity, found.first_crossed_min, found.allowed) == (Quantity.HOT_SPOT, None, True)


def test_crossed_in_the_first_step() -> None:
    """Of the first step only its end is known, so a limit crossed in it is crossed there."""
    assert verdicts([1.0], [80.0], [125.0])[Regime.NORMAL_CYCLIC].first_crossed_min == 15.0


@pytest.mark.parametrize(("steps", "outcome"), [(2, Outcome.PASS), (3, Outcome.NOT_APPLICABLE)])
def test_short_time_emergency_is_for_half_an_hour(steps: int, outcome: Outcome) -> None:
    """Thirty minutes above the rating may use the short-time limits, forty-five may not, however cool; two short ones do not add up."""
    load = [1.0] + [1.7] * steps + [1.0] + [1.7] * 2
    found = verdicts(load, [90.0] * len(load), [130.0] * len(load))[Regime.SHORT_TIME]
    assert (found.outcome, found.overload_min) == (outcome, max(steps, 2) * 15.0)
    assert not verdicts(load, [90.0] * len(load), [130.0] * len(load))[Regime.NORMAL_CYCLIC].allowed


def test_size_decides() -> None:
    """1.4 times the rating is a matter of course for a medium transformer and too much for a large one."""
    one, other = (verdicts([1.4], [90.0], [110.0], size)[Regime.NORMAL_CYCLIC] for size in (Size.MEDIUM, Size.LARGE))
    assert (one.allowed, other.allowed) == (True, False)
    assert other.binding.quantity is Quantity.CURRENT


@pytest.mark.parametrize(("load_pu", "long_time"), [(1.2, Outcome.PASS), (1.3, Outcome.FAIL)])
def test_two_hours_of_overload_at_35_degrees(load_pu: float, long_time: Outcome) -> None:
    """A medium ONAF transformer from 70 % load carries 120 % for two hours as a long-time emergency; 130 % crosses 140 °C in the second."""
    load = [0.7] * 4 + [load_pu] * 24
    normal, emergency, short_time = judged(hot_spot(load, 35.0, 5.0, iec_parameters("ONAF")), load, 5.0, Size.MEDIUM)
    assert (normal.outcome, emergency.outcome, short_time.outcome) == (Outcome.FAIL, long_time, Outcome.NOT_APPLICABLE)
    assert normal.binding.quantity is emergency.binding.quantity is Quantity.HOT_SPOT
    if long_time is Outcome.FAIL:
        assert emergency.first_crossed_min is not None
        assert 80.0 < emergency.first_crossed_min < 140.0


def test_another_set_can_judge() -> None:
    """The IEEE limits judge the same series by temperatures alone."""
    load = [1.0, 2.5]
    found = judged_against(hot_spot(load, 20.0, 15.0, iec_parameters("ONAF"), ThermalStart(60.0, 20.0)), load, 15.0, ieee_limits())
    assert [{check.quantity for check in each.checks} for each in found] == [{Quantity.TOP_OIL, Quantity.HOT_SPOT}] * 4


def test_a_load_of_another_calculation_is_refused() -> None:
    """Temperatures and load of different lengths are refused."""
    with pytest.raises(InvalidThermalInput, match="of 2 steps and a load of 3"):
        verdicts([1.0] * 3, [60.0] * 2, [80.0] * 2)
