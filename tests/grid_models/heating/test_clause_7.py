"""IEEE C57.91 clause 7 against its heat balance integrated by scipy, and where it is exact."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from grid_models.heating.clause_7 import clause_7
from grid_models.heating.clause_7_parameters import Clause7Parameters, clause_7_parameters, oil_time_constant_min
from grid_models.heating.ieee_cooling import IeeeCooling
from grid_models.heating.series import InvalidThermalInput, ThermalStart
from grid_models.twin.model import FloatArray

LOADS = np.array([0.6, 1.0, 1.4, 0.2, 0.0, 1.2, 0.9, 0.5])
AIR = np.array([20.0, 22.0, 25.0, 25.0, 18.0, 10.0, 15.0, 20.0])
curves = st.lists(st.floats(0.0, 1.6), min_size=4, max_size=8)


def of_mode(cooling: IeeeCooling | str) -> Clause7Parameters:
    return clause_7_parameters(
        cooling,
        top_oil_rise_k=55.0,
        hot_spot_gradient_k=25.0,
        oil_time_constant_min=180.0,
        winding_time_constant_min=7.0,
        loss_ratio=6.0,
    )


def by_heat_balance(loads: FloatArray, air: FloatArray, step_min: float, p: Clause7Parameters, start: ThermalStart) -> list[list[float]]:
    """Losses in, rise to the power 1/n out, held load by held load; independent of the model's exponential steps."""
    rise, gradient, rows = start.top_oil_celsius - air[0], start.hot_spot_gradient_k, []
    for load, ambient in zip(loads, air, strict=True):

        def change(_: float, y: FloatArray, load: float = load) -> list[float]:
            losses = (p.loss_ratio * load**2 + 1.0) / (p.loss_ratio + 1.0)
            given_off = np.sign(y[0]) * (abs(y[0]) / p.top_oil_rise_k) ** (1.0 / p.oil_exponent)
            aim = p.hot_spot_gradient_k * load ** (2.0 * p.winding_exponent)
            return [
                p.top_oil_rise_k * (losses - given_off) / p.oil_time_constant_min,
                (aim - y[1]) / p.winding_time_constant_min,
            ]

        found = solve_ivp(change, (0.0, step_min), [rise, gradient], rtol=1e-9, atol=1e-9)
        rise, gradient = found.y[:, -1]
        rows.append([ambient + rise, ambient + rise + gradient])
    return rows


@pytest.mark.parametrize("cooling", IeeeCooling)
@pytest.mark.parametrize("start", [ThermalStart(50.0, 10.0), ThermalStart(20.0, 0.0), ThermalStart(5.0, 0.0), ThermalStart(110.0, 60.0)])
def test_the_corrected_time_constant_follows_the_heat_balance(cooling: IeeeCooling, start: ThermalStart) -> None:
    """Through swings of load and air, from cold, warm and hot oil, within 0.05 K of scipy's integration."""
    p = of_mode(cooling)
    found = clause_7(LOADS, AIR, 60.0, p, start)
    expected = np.array(by_heat_balance(LOADS, AIR, 60.0, p, start))
    assert found.top_oil_celsius == pytest.approx(expected[:, 0], abs=0.05)
    assert found.hot_spot_celsius == pytest.approx(expected[:, 1], abs=0.05)


@pytest.mark.parametrize("cooling", IeeeCooling)
def test_a_settled_transformer_stays_settled(cooling: IeeeCooling) -> None:
    """Started by default, a constant load keeps the steady state: ambient and the two rises at 1 pu, exactly."""
    found = clause_7(np.ones(24), 30.0, 60.0, of_mode(cooling))
    assert found.top_oil_celsius == pytest.approx(85.0, abs=1e-9)
    assert found.hot_spot_celsius == pytest.approx(110.0, abs=1e-9)
    assert found.loss_of_life_min[-1] == pytest.approx(1440.0, rel=1e-9)


def test_overload_settles_at_the_formulas_of_the_standard() -> None:
    """1.3 pu for four days: 55·((6·1.69+1)/7)^0.8 = 79.85 K of oil and 25·1.3^1.6 = 38.04 K above it, by hand."""
    found = clause_7(np.full(96, 1.3), 20.0, 60.0, of_mode("ONAN"), ThermalStart(20.0))
    assert found.top_oil_celsius[-1] - 20.0 == pytest.approx(55.0 * (11.14 / 7.0) ** 0.8, abs=1e-3)
    assert found.hot_spot_celsius[-1] - found.top_oil_celsius[-1] == pytest.approx(25.0 * 1.3**1.6, abs=1e-6)


def test_directed_oil_follows_an_exact_exponential() -> None:
    """With n = 1 one time constant after a step from cold has covered 1 - 1/e of the way, whatever the load."""
    found = clause_7(np.full(180, 1.5), 0.0, 1.0, of_mode("ODAF"), ThermalStart(0.0))
    aim = 55.0 * (6.0 * 1.5**2 + 1.0) / 7.0
    assert found.top_oil_celsius[-1] == pytest.approx(aim * (1.0 - np.exp(-1.0)), rel=1e-9)
    assert found.hot_spot_celsius[6] - found.top_oil_celsius[6] == pytest.approx(25.0 * 1.5**2 * (1.0 - np.exp(-1.0)), rel=1e-9)


def test_whole_days_are_no_cycle() -> None:
    """A held day that could be a cycle still starts at the steady state of its first value."""
    day = np.repeat([0.5, 1.2, 0.5], 8)
    alone, first = clause_7(day, 20.0, 60.0, of_mode("ONAF")), clause_7([0.5], 20.0, 60.0, of_mode("ONAF"))
    assert alone.top_oil_celsius[0] == pytest.approx(first.top_oil_celsius[0])
    assert alone.hot_spot_celsius[0] == pytest.approx(first.hot_spot_celsius[0])


@settings(max_examples=50, deadline=None)
@given(loads=curves, pieces=st.sampled_from([4, 12, 60]), cooling=st.sampled_from(IeeeCooling))
def test_the_step_does_not_matter(loads: list[float], pieces: int, cooling: IeeeCooling) -> None:
    """The same held loads in 15-, 5- or 1-minute steps give the same hours within 0.1 K."""
    p, start = of_mode(cooling), ThermalStart(45.0, 5.0)
    coarse, fine = clause_7(loads, 20.0, 60.0, p, start), clause_7(np.repeat(loads, pieces), 20.0, 60.0 / pieces, p, start)
    assert fine.hot_spot_celsius[pieces - 1 :: pieces] == pytest.approx(coarse.hot_spot_celsius, abs=0.1)
    assert fine.loss_of_life_min[-1] == pytest.approx(coarse.loss_of_life_min[-1], rel=1e-2)


@settings(max_examples=50, deadline=None)
@given(loads=curves, more=st.floats(0.0, 0.4), warmer=st.floats(0.0, 15.0), cooling=st.sampled_from(IeeeCooling))
def test_more_load_or_warmer_air_is_never_cooler(loads: list[float], more: float, warmer: float, cooling: IeeeCooling) -> None:
    """No temperature and no loss of life falls when load or ambient rise."""
    base, raised = (clause_7(np.add(loads, load), 15.0 + air, 60.0, of_mode(cooling)) for load, air in ((0.0, 0.0), (more, warmer)))
    assert np.all(raised.top_oil_celsius >= base.top_oil_celsius - 1e-6)
    assert np.all(raised.hot_spot_celsius >= base.hot_spot_celsius - 1e-6)
    assert np.all(raised.loss_of_life_min >= base.loss_of_life_min * (1.0 - 1e-9))


def test_the_oil_time_constant_from_masses() -> None:
    """The Annex G example's masses by hand: 0.06·75600 + 0.04·31400 + 1.33·4910 = 12322 W·h/K, by 55 K and 297.7 kW: 136.6 min."""
    masses = {"core_and_coils_kg": 34_291.58, "tank_kg": 14_242.80, "oil_l": 18_586.37}
    natural = oil_time_constant_min("ONAF", top_oil_rise_k=55.0, total_loss_w=297_726.2, **masses)
    assert natural == pytest.approx(12_322.3 * 55.0 / 297_726.2 * 60.0, rel=1e-5)
    pumped = oil_time_constant_min("OFAF", top_oil_rise_k=55.0, total_loss_w=297_726.2, **masses)
    assert pumped / natural == pytest.approx((4_536.0 + 1_884.0 + 9_476.3) / 12_322.3, rel=1e-5)


def test_only_pumped_undirected_oil_is_flagged() -> None:
    """Its exponent was not read in the standard; the others' were."""
    assert [bool(of_mode(mode).unverified) for mode in IeeeCooling] == [False, False, True, False]


def test_wrong_input_is_refused_in_words() -> None:
    """A cooling mode that IEEE does not know, and a time constant that is none."""
    with pytest.raises(InvalidThermalInput, match="no cooling mode 'OFXY'"):
        of_mode("OFXY")
    with pytest.raises(InvalidThermalInput, match="oil_time_constant_min"):
        replace(of_mode("ONAN"), oil_time_constant_min=0.0)
    with pytest.raises(InvalidThermalInput, match="numbers above 0"):
        oil_time_constant_min("ONAN", top_oil_rise_k=55.0, total_loss_w=0.0, core_and_coils_kg=1.0, tank_kg=1.0, oil_l=1.0)
