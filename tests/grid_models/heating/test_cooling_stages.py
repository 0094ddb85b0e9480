"""What a transformer can do without its fans, and when automatic fans start and stop."""

import numpy as np
import pytest

from grid_models.heating.ageing import Paper
from grid_models.heating.cooling_stages import hot_spot_switched, natural_cooling
from grid_models.heating.iec import hot_spot, settled
from grid_models.heating.iec_parameters import IecParameters, Size, iec_parameters
from grid_models.heating.series import InvalidThermalInput, ThermalStart
from grid_models.twin.model import FloatArray

_ONAF = iec_parameters("ONAF")
_NATURAL = natural_cooling(_ONAF, Size.MEDIUM, rated_mva=40.0, onan_rating_mva=28.0)


def by_hand(
    load: FloatArray, ambient: float, step_min: float, sets: dict[bool, IecParameters], on: float, off: float, start: ThermalStart
) -> tuple[FloatArray, FloatArray]:
    """The standard's recursive equations with a thermostat that is read at the end of each step."""
    running, oil, oils, hots = start.top_oil_celsius >= on, start.top_oil_celsius, [], []
    fast, slow = (n * start.hot_spot_gradient_k for n in (sets[running].k21, sets[running].k21 - 1))
    for each in load:
        p = sets[running]
        k = each / p.rated_share
        rise = p.top_oil_rise_k * ((1 + p.loss_ratio * k**2) / (1 + p.loss_ratio)) ** p.oil_exponent
        oil += (ambient + rise - oil) * (1 - np.exp(-step_min / (p.k11 * p.oil_time_constant_min)))
        gradient = p.hot_spot_gradient_k * k**p.winding_exponent
        fast += (p.k21 * gradient - fast) * (1 - np.exp(-step_min / (p.k22 * p.winding_time_constant_min)))
        slow += ((p.k21 - 1) * gradient - slow) * (1 - np.exp(-step_min * p.k22 / p.oil_time_constant_min))
        running = oil >= on or (running and oil > off)
        oils.append(oil)
        hots.append(oil + fast - slow)
    return np.array(oils), np.array(hots)


def test_natural_cooling_of_a_known_rating() -> None:
    """Rises of the ONAN class hold at the ONAN rating; the loss ratio there is the full one times the share squared; nothing is doubted."""
    assert _NATURAL.rated_share == pytest.approx(0.7)
    assert _NATURAL.loss_ratio == pytest.approx(6.0 * 0.49)
    assert (_NATURAL.oil_time_constant_min, _NATURAL.winding_time_constant_min) == (210.0, 10.0)
    assert _NATURAL.unverified == ""
    start = settled(0.7, 20.0, _NATURAL)
    assert (start.top_oil_celsius, start.hot_spot_gradient_k) == pytest.approx((72.0, 26.0))


def test_natural_cooling_of_an_unknown_rating_is_doubted() -> None:
    """Without an ONAN rating the share is a judgement, and says so; paper and housing are those of the transformer."""
    forced = IecParameters(52, 26, 150, 7, 5, 0.8, 1.3, 0.5, 2, 2, paper=Paper.UPGRADED, indoor_rise_k=6.0)
    found = natural_cooling(forced, Size.LARGE, rated_mva=250.0, restricted_flow=True)
    assert found.rated_share == 0.6
    assert "engineering judgement" in found.unverified
    assert "restricted" in found.unverified
    assert (found.paper, found.indoor_rise_k, found.loss_ratio) == (Paper.UPGRADED, 6.0, pytest.approx(1.8))


def test_lost_fans_heat_a_loaded_transformer() -> None:
    """At rated load the same transformer is over 30 K hotter without its fans, and at the same losses never cooler."""
    load = [1.0] * 48
    with_fans, without = (hot_spot(load, 20.0, 30.0, each, ThermalStart(60.0, 20.0)) for each in (_ONAF, _NATURAL))
    assert without.hot_spot_celsius[-1] > with_fans.hot_spot_celsius[-1] + 30.0
    assert without.loss_of_life_min[-1] > 20 * with_fans.loss_of_life_min[-1]


@pytest.mark.parametrize("cooling", ["ONAF", "OF"])
def test_fans_switch_as_a_thermostat_written_out(cooling: str) -> None:
    """Temperatures of a random load follow the written-out equations through several starts and stops, also where pumps change k21."""
    forced = iec_parameters(cooling)
    natural = natural_cooling(forced, rated_mva=40.0, onan_rating_mva=28.0)
    load, start = np.repeat(np.random.default_rng(5).uniform(0.1, 1.1, 12), 240), ThermalStart(40.0, 8.0)
    oil, hot = by_hand(load, 20.0, 0.5, {True: forced, False: natural}, 65.0, 55.0, start)
    found = hot_spot_switched(load, 20.0, 0.5, forced, natural, 65.0, 55.0, start)
    assert found.top_oil_celsius == pytest.approx(oil, abs=1e-6)
    assert found.hot_spot_celsius == pytest.approx(hot, abs=1e-6)
    assert np.count_nonzero(np.diff((oil >= 65.0).astype(int)) == 1) >= 2


def test_fans_that_never_or_always_run() -> None:
    """Below the start temperature it is the transformer without fans, started above and never falling to the stop the one with them."""
    load = np.linspace(0.6, 1.2, 40)
    for on, off, same, start in ((150.0, 140.0, _NATURAL, ThermalStart(60.0, 9.0)), (50.0, 20.0, _ONAF, ThermalStart(60.0, 9.0))):
        found, alone = hot_spot_switched(load, 20.0, 15.0, _ONAF, _NATURAL, on, off, start), hot_spot(load, 20.0, 15.0, same, start)
        assert found.hot_spot_celsius == pytest.approx(alone.hot_spot_celsius, abs=1e-6)
        assert found.loss_of_life_min[-1] == pytest.approx(alone.loss_of_life_min[-1], rel=0.01)


@pytest.mark.parametrize(("load", "running"), [(0.3, False), (1.0, True)])
def test_starts_settled_with_the_fans_as_they_would_be(load: float, running: bool) -> None:
    """Without a start given a light load settles without fans and a heavy one with them, also where that is below the start temperature."""
    found = hot_spot_switched([load] * 20, 20.0, 15.0, _ONAF, _NATURAL, 75.0, 55.0)
    assert found.top_oil_celsius == pytest.approx(settled(load, 20.0, _ONAF if running else _NATURAL).top_oil_celsius, abs=1e-9)


def test_hunting_fans_start_running() -> None:
    """Where a load settles neither with fans nor without, the oil stays between stop and start, give or take one look at it."""
    found = hot_spot_switched([0.75] * 300, 20.0, 5.0, _ONAF, _NATURAL, 70.0, 62.0)
    assert found.top_oil_celsius.max() < 70.5
    assert found.top_oil_celsius.min() > 61.0
    assert np.ptp(found.top_oil_celsius[-100:]) > 4.0


@pytest.mark.parametrize(("rated", "onan", "said"), [(40.0, 60.0, "60 MVA beside a rating of 40"), (40.0, 0.0, "0 MVA beside")])
def test_an_onan_rating_beyond_the_rating_is_refused(rated: float, onan: float, said: str) -> None:
    """A rating without fans above the one with them, or none at all, is refused with both figures."""
    with pytest.raises(InvalidThermalInput, match=said):
        natural_cooling(_ONAF, rated_mva=rated, onan_rating_mva=onan)


def test_thresholds_and_sets_that_do_not_belong_together_are_refused() -> None:
    """Fans that stop above where they start, and two different papers, are refused."""
    with pytest.raises(InvalidThermalInput, match="on at 55 °C and off at 65"):
        hot_spot_switched([1.0], 20.0, 15.0, _ONAF, _NATURAL, 55.0, 65.0)
    with pytest.raises(InvalidThermalInput, match="papers"):
        hot_spot_switched([1.0], 20.0, 15.0, iec_parameters("ONAF", paper=Paper.UPGRADED), _NATURAL, 65.0, 55.0)
