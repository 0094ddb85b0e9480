"""Three windings in one tank against the standard's formulas written out."""

from dataclasses import replace

import numpy as np
import pytest
from transformer_thermal_model.transformer import ThreeWindingTransformer

from grid_models.heating.ageing import relative_ageing
from grid_models.heating.iec import hot_spot
from grid_models.heating.iec_parameters import Cooling, iec_parameters
from grid_models.heating.series import InvalidThermalInput, ThermalStart
from grid_models.heating.three_winding import hot_spot_three
from grid_models.heating.three_winding_parameters import Side, ThreeWindingParameters, Winding, equal_windings
from grid_models.twin.model import FloatArray


def by_hand(
    load: FloatArray, ambient: float, step_min: float, p: ThreeWindingParameters, start: ThermalStart
) -> tuple[FloatArray, FloatArray]:
    """The recursive equations of the standard, one winding after the other: top oil (steps,) and hot-spots (3, steps)."""
    ratios = np.array([w.load_loss_ratio for w in p.windings])
    oil, oils, hots = start.top_oil_celsius, [], []
    fast, slow = np.full(3, p.k21 * start.hot_spot_gradient_k), np.full(3, (p.k21 - 1) * start.hot_spot_gradient_k)
    gradients, taus = (np.array([getattr(w, name) for w in p.windings]) for name in ("hot_spot_gradient_k", "time_constant_min"))
    for k in load.T:
        rise = p.top_oil_rise_k * ((1 + (ratios * k**2).sum()) / (1 + ratios.sum())) ** p.oil_exponent
        oil += (ambient + p.indoor_rise_k + rise - oil) * (1 - np.exp(-step_min / (p.k11 * p.oil_time_constant_min)))
        settled = gradients * k**p.winding_exponent
        fast = fast + (p.k21 * settled - fast) * (1 - np.exp(-step_min / (p.k22 * taus)))
        slow = slow + ((p.k21 - 1) * settled - slow) * (1 - np.exp(-step_min * p.k22 / p.oil_time_constant_min))
        oils.append(oil)
        hots.append(oil + fast - slow)
    return np.array(oils), np.array(hots).T


def unequal(cooling: Cooling) -> ThreeWindingParameters:
    """Three windings of which no two are alike, in a cellar."""
    windings = (Winding(26.0, 7.0, 3.0), Winding(22.0, 9.0, 2.0), Winding(14.0, 5.0, 0.8))
    k11, k21, k22 = {Cooling.ONAF: (0.5, 2.0, 2.0), Cooling.OF: (1.0, 1.3, 1.0)}[cooling]
    return ThreeWindingParameters(52.0, 150.0, 0.8, 1.3, k11, k21, k22, windings, indoor_rise_k=4.0)


@pytest.mark.parametrize("cooling", [Cooling.ONAF, Cooling.OF])
def test_unequal_windings_follow_the_formulas(cooling: Cooling) -> None:
    """Random loads of three different windings, from a start with gradients, give the temperatures of the written-out formulas."""
    load, start, params = np.random.default_rng(3).uniform(0.0, 1.4, (3, 40)), ThermalStart(45.0, 12.0), unequal(cooling)
    oil, hot = by_hand(load, 18.0, 15.0, params, start)
    found = hot_spot_three(load, 18.0, 15.0, params, start)
    assert found.top_oil_celsius == pytest.approx(oil, abs=1e-6)
    assert found.hot_spot_celsius == pytest.approx(hot, abs=1e-6)


def test_one_of_three_equal_windings_loaded() -> None:
    """With one winding loaded the oil takes a third of the load loss, that winding its full gradient and the others none."""
    params = equal_windings(iec_parameters("ONAF"))
    load = np.zeros((3, 96))
    load[list(Side).index(Side.MEDIUM)] = 1.0
    found = hot_spot_three(load, 20.0, 60.0, params, ThermalStart(20.0))
    oil = 20.0 + 52.0 * ((1.0 + 2.0) / 7.0) ** 0.8
    assert found.top_oil_celsius[-1] == pytest.approx(oil, abs=1e-3)
    assert found.hot_spot_celsius[:, -1] == pytest.approx([oil, oil + 26.0, oil], abs=1e-3)
    assert found.worst is Side.MEDIUM


def test_three_equal_windings_are_one_transformer() -> None:
    """Equally loaded equal windings give the temperatures and the loss of life of the model with two windings."""
    load, params = np.linspace(0.4, 1.3, 60), iec_parameters("OF")
    three, two = hot_spot_three(np.tile(load, (3, 1)), 25.0, 15.0, equal_windings(params)), hot_spot(load, 25.0, 15.0, params)
    assert three.top_oil_celsius == pytest.approx(two.top_oil_celsius, abs=1e-9)
    for row in three.hot_spot_celsius:
        assert row == pytest.approx(two.hot_spot_celsius, abs=1e-9)
    assert three.loss_of_life_min == pytest.approx(two.loss_of_life_min, rel=1e-9)


def test_starts_settled_although_the_library_starts_without_gradients() -> None:
    """Without a start given, constant loads change nothing, and the life lost is that of the hottest winding."""
    found = hot_spot_three(np.tile([[1.0], [0.8], [0.4]], 24), 20.0, 15.0, unequal(Cooling.ONAF))
    assert np.ptp(found.hot_spot_celsius, axis=1) == pytest.approx(0.0, abs=1e-9)
    assert found.worst is Side.HIGH
    assert found.loss_of_life_min[-1] == pytest.approx(360.0 * float(relative_ageing(found.hot_spot_celsius.max())))


def test_inputs_and_library_defaults_stay() -> None:
    """Loads and the defaults that all transformers of the library share are as they were."""
    load, before = np.full((3, 4), 0.9), ThreeWindingTransformer._onaf_defaults.model_dump()
    hot_spot_three(load, 20.0, 15.0, unequal(Cooling.OF))
    assert (load == 0.9).all()
    assert ThreeWindingTransformer._onaf_defaults.model_dump() == before


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (np.ones((2, 4)), "Loads of 2 windings"),
        ([[1.0, 1.0], [1.0, 1.0], [1.0]], "Loads of 2, 2, 1 steps"),
        ([[1.0, 1.0], [1.0, 90.0], [1.0, 1.0]], "90 at row 1"),
        (1.0, "three series"),
    ],
)
def test_loads_that_are_not_three_series_are_refused(load: object, said: str) -> None:
    """Another number of windings, other lengths and per cent are refused, and said which."""
    with pytest.raises(InvalidThermalInput, match=said):
        hot_spot_three(load, 20.0, 15.0, unequal(Cooling.ONAF))


def test_constants_that_make_no_sense_are_refused() -> None:
    """A winding without a gradient, and constants of a lost cooling stage, are refused by name."""
    with pytest.raises(InvalidThermalInput, match="hot_spot_gradient_k = 0"):
        Winding(0.0, 7.0, 2.0)
    with pytest.raises(InvalidThermalInput, match=r"0\.6 of the rating"):
        equal_windings(replace(iec_parameters("ONAN"), rated_share=0.6))
