"""IEEE C57.91 Annex G against its published example, its own nameplate and physics."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.heating.ageing import Paper
from grid_models.heating.annex_g import AnnexGStart, annex_g
from grid_models.heating.annex_g_kernel import march
from grid_models.heating.annex_g_parameters import AnnexGParameters, Conductor, kilograms, litres
from grid_models.heating.annex_g_rated import Moment, at_rated_load, rated
from grid_models.heating.ieee_cooling import IeeeCooling
from grid_models.heating.series import InvalidThermalInput, ThermalSeries
from grid_models.twin.model import FloatArray

EXAMPLE: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "ieee_annex_g.json").read_text(encoding="utf-8"))
PARAMS = AnnexGParameters(
    **EXAMPLE["nameplate"]
    | {"cooling": IeeeCooling(EXAMPLE["nameplate"]["cooling"]), "conductor": Conductor(EXAMPLE["nameplate"]["conductor"])},
    core_and_coils_kg=kilograms(EXAMPLE["masses"]["core_and_coils_lb"]),
    tank_kg=kilograms(EXAMPLE["masses"]["tank_lb"]),
    oil_l=litres(EXAMPLE["masses"]["oil_us_gallons"]),
    source=EXAMPLE["source"],
)
curves = st.lists(st.floats(0.0, 1.2), min_size=6, max_size=6)  # one value every four hours


def of_mode(cooling: IeeeCooling, **changes: float) -> AnnexGParameters:
    """The example's transformer with another cooling; the rated winding rise as tested, so that 1 pu is the heat run itself."""
    return replace(PARAMS, cooling=cooling, rated_winding_rise_k=PARAMS.tested_winding_rise_k, **changes)


def published_day(step_min: float) -> tuple[FloatArray, FloatArray]:
    """Load and ambient of the example at this step; its corners are whole hours."""
    hours = np.arange(round(1440 / step_min) + 1) * step_min / 60.0
    return np.interp(hours, EXAMPLE["hours"], EXAMPLE["load_pu"]), np.interp(hours, EXAMPLE["hours"], EXAMPLE["ambient_celsius"])


def published_result(step_min: float) -> ThermalSeries:
    return annex_g(*published_day(step_min), step_min, PARAMS)


def test_the_published_day_comes_out() -> None:
    """Hot-spot and top oil within 0.1 K of the print at all 25 hours, equivalent ageing within 0.5 %."""
    found = published_result(60.0)
    assert found.hot_spot_celsius == pytest.approx(np.array(EXAMPLE["hot_spot_celsius"]), abs=0.1)
    assert found.top_oil_celsius == pytest.approx(np.array(EXAMPLE["top_oil_celsius"]), abs=0.1)
    assert found.loss_of_life_min[-1] / 1440.0 == pytest.approx(EXAMPLE["equivalent_ageing"], rel=0.005)


def test_losses_are_corrected_to_the_load_base_and_its_temperature() -> None:
    """28 MVA losses at 75 °C become 52.267 MVA losses at 95 °C; the winding's grow with temperature, the stray losses shrink."""
    k, expected = rated(PARAMS), EXAMPLE["rated"]
    assert (k.i2r_w, k.stray_w, k.total_w) == pytest.approx((expected["i2r_w"], expected["stray_w"], expected["total_w"]), abs=0.1)


def test_the_peak_of_the_published_day() -> None:
    """130.13 °C five minutes after the load's plateau ends."""
    found = published_result(5.0)
    peak = int(found.hot_spot_celsius.argmax())
    assert found.hot_spot_celsius[peak] == pytest.approx(EXAMPLE["rated"]["peak_hot_spot_celsius"], abs=0.01)
    assert peak * 5.0 / 60.0 == pytest.approx(EXAMPLE["rated"]["peak_at_h"], abs=0.01)
    assert found.top_oil_celsius.max() == pytest.approx(EXAMPLE["rated"]["peak_top_oil_celsius"], abs=0.01)


def test_a_cycle_ends_where_it_began() -> None:
    """The periodic state of the published day is the same at both ends, and life is used up from 0 on."""
    found = published_result(15.0)
    assert found.hot_spot_celsius[-1] == pytest.approx(found.hot_spot_celsius[0], abs=0.01)
    assert found.loss_of_life_min[0] == 0.0
    assert np.all(np.diff(found.loss_of_life_min) > 0.0)


@pytest.mark.parametrize("step_min", [1.0, 5.0, 15.0])
def test_the_step_between_points_does_not_matter(step_min: float) -> None:
    """The same straight lines read more often give the same hours within 0.1 K, and the same loss of life within 0.1 %."""
    coarse, fine, every = published_result(60.0), published_result(step_min), round(60.0 / step_min)
    assert fine.hot_spot_celsius[::every] == pytest.approx(coarse.hot_spot_celsius, abs=0.1)
    assert fine.top_oil_celsius[::every] == pytest.approx(coarse.top_oil_celsius, abs=0.1)
    assert fine.loss_of_life_min[-1] == pytest.approx(coarse.loss_of_life_min[-1], rel=1e-3)


@pytest.mark.parametrize("cooling", IeeeCooling)
def test_rated_load_gives_the_nameplate_back(cooling: IeeeCooling) -> None:
    """Ten days after a cold start at 1 pu and rated ambient every cooling mode has settled at the tested rises."""
    air = PARAMS.rated_ambient_celsius
    found = annex_g(np.ones(241), air, 60.0, of_mode(cooling), AnnexGStart(air, air, air, air))
    assert found.hot_spot_celsius[-1] - air == pytest.approx(PARAMS.hot_spot_rise_k, abs=0.001)
    assert found.top_oil_celsius[-1] - air == pytest.approx(PARAMS.top_oil_rise_k, abs=0.001)


@pytest.mark.parametrize("cooling", IeeeCooling)
@pytest.mark.parametrize(("load", "ambient"), [(0.3, -10.0), (0.8, 20.0), (1.4, 40.0)])
def test_heat_made_is_heat_lost_once_settled(cooling: IeeeCooling, load: float, ambient: float) -> None:
    """After ten days of one load its losses at the winding's temperature equal what the oil's rise gives to the air."""
    params = of_mode(cooling, eddy_loss_w=4_000.0)
    k, ends = rated(params), np.empty(28_801)
    end: Moment = march(np.full(241, load), np.full(241, ambient), 120, 0.5, k, at_rated_load(k), ends, ends.copy())
    warm = (end.winding + 234.5) / (PARAMS.rated_ambient_celsius + params.rated_winding_rise_k + 234.5)
    made = k.core_w + load**2 * (k.i2r_w * warm + (k.eddy_w + k.stray_w) / warm)
    exponent = {"ONAN": 0.8, "ONAF": 0.9, "OFAF": 0.9, "ODAF": 1.0}[cooling]
    rated_rise = (params.top_oil_rise_k + params.bottom_oil_rise_k) / 2.0
    assert made == pytest.approx(k.total_w * ((end.oil - ambient) / rated_rise) ** (1.0 / exponent), rel=1e-4)


@settings(max_examples=100, deadline=None)
@given(loads=curves, more=st.floats(0.0, 0.4), warmer=st.floats(0.0, 15.0), cooling=st.sampled_from(IeeeCooling))
def test_more_load_or_warmer_air_is_never_cooler(loads: list[float], more: float, warmer: float, cooling: IeeeCooling) -> None:
    """Over a day that repeats, no temperature and no loss of life falls when load or ambient rise."""
    day = np.array([*np.repeat(loads, 4), loads[0]])
    base, raised = (annex_g(day + load, 15.0 + air, 60.0, of_mode(cooling)) for load, air in ((0.0, 0.0), (more, warmer)))
    assert np.all(raised.top_oil_celsius >= base.top_oil_celsius - 0.02)
    assert np.all(raised.hot_spot_celsius >= base.hot_spot_celsius - 0.02)
    assert raised.loss_of_life_min[-1] >= base.loss_of_life_min[-1] * (1.0 - 1e-3)


def test_no_load_in_the_cold_settles_between_air_and_core() -> None:
    """Only the core heats: every temperature stays a number, above the air, and far below rated."""
    found = annex_g([0.0] * 5, -40.0, 60.0, PARAMS)
    assert np.all(found.hot_spot_celsius >= found.top_oil_celsius - 1e-9)
    assert np.all((found.top_oil_celsius > -40.0) & (found.top_oil_celsius < 0.0))


def test_no_cycle_starts_at_the_steady_state_of_its_first_point() -> None:
    """A load that stays as it began changes no temperature."""
    found = annex_g(np.full(49, 0.7), 12.0, 60.0, PARAMS)
    assert np.ptp(found.hot_spot_celsius) < 0.01
    assert np.ptp(found.top_oil_celsius) < 0.01


@pytest.mark.parametrize("cooling", IeeeCooling)
def test_a_runaway_is_refused_instead_of_reported(cooling: IeeeCooling) -> None:
    """Four times the rated load for a day leaves what the model knows: the sentence names load and temperature."""
    with pytest.raises(InvalidThermalInput, match=r"4 pu .* 400 °C"):
        annex_g(np.full(25, 4.0), 30.0, 60.0, of_mode(cooling), AnnexGStart(110.0, 93.0, 85.0, 55.0))


def test_oil_colder_than_the_air_warms_up() -> None:
    """A transformer brought in from the frost takes heat from the air instead of failing."""
    found = annex_g([0.0] * 13, 25.0, 60.0, PARAMS, AnnexGStart(-20.0, -20.0, -20.0, -20.0))
    assert np.all(np.diff(found.top_oil_celsius) > 0.0)


def test_the_given_start_is_the_first_result() -> None:
    """Point 0 is the start itself, not one step later."""
    found = annex_g([1.0, 1.0], 20.0, 15.0, PARAMS, AnnexGStart(90.0, 80.0, 65.0, 45.0))
    assert (found.hot_spot_celsius[0], found.top_oil_celsius[0]) == (90.0, 65.0)


def test_kraft_paper_is_counted_by_its_own_rule() -> None:
    """The temperatures stay; at a mean near 100 °C kraft paper uses up more life than upgraded paper."""
    kraft, upgraded = annex_g(*published_day(15.0), 15.0, replace(PARAMS, paper=Paper.NON_UPGRADED)), published_result(15.0)
    assert kraft.hot_spot_celsius == pytest.approx(upgraded.hot_spot_celsius)
    assert kraft.loss_of_life_min[-1] > 2.0 * upgraded.loss_of_life_min[-1]


def test_callers_keep_their_arrays() -> None:
    """Neither series is changed, and the results share no memory with them."""
    load, ambient = published_day(60.0)
    before = load.copy()
    annex_g(load, ambient, 60.0, PARAMS)
    assert np.array_equal(load, before)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"winding_loss_w": 0.0}, "winding_loss_w"),
        ({"oil_l": float("nan")}, "oil_l"),
        ({"hot_spot_height_pu": 1.2}, "0 to 1"),
        ({"bottom_oil_rise_k": 60.0}, "top_oil_rise_k above bottom_oil_rise_k"),
        ({"hot_spot_rise_k": 50.0}, "hot_spot_rise_k above"),
        ({"tested_winding_rise_k": 35.0}, "tested_winding_rise_k above"),
        ({"rated_ambient_celsius": 303.0}, "rated_ambient_celsius"),
    ],
)
def test_a_nameplate_of_no_transformer_is_refused(changes: dict[str, float], words: str) -> None:
    """The sentence names the value and what would work."""
    with pytest.raises(InvalidThermalInput, match=words):
        replace(PARAMS, **changes)


@pytest.mark.parametrize("cooling", IeeeCooling)
def test_names_mean_the_same_as_their_members(cooling: IeeeCooling) -> None:
    """A mode and a conductor given as text are those; another word is refused before anything is calculated."""
    named = replace(of_mode(cooling), cooling=str(cooling.value), conductor="copper")
    assert rated(named) == rated(of_mode(cooling))
    wrongs: tuple[dict[str, Any], ...] = ({"cooling": "AF"}, {"conductor": "Cu"})
    for wrong in wrongs:
        with pytest.raises(InvalidThermalInput, match="There is no"):
            replace(of_mode(cooling), **wrong)


def test_a_time_constant_that_outweighs_the_core_is_refused() -> None:
    """40 minutes would need windings heavier than core and coils together."""
    with pytest.raises(InvalidThermalInput, match="core and coils"):
        annex_g([1.0], 20.0, 15.0, replace(PARAMS, winding_time_constant_min=40.0))


def test_a_start_upside_down_is_refused() -> None:
    """Oil is not hotter at the bottom, and a temperature is a number."""
    for temperatures in ((90.0, 80.0, 50.0, 65.0), (float("nan"), 80.0, 65.0, 45.0)):
        with pytest.raises(InvalidThermalInput, match=r"would work|must be a number"):
            AnnexGStart(*temperatures)


def test_pounds_and_gallons_are_converted() -> None:
    """The example's 75,600 lb and 4,910 gal in SI units, by the definitions of pound and US gallon."""
    assert kilograms(75_600.0) == pytest.approx(34_291.6, abs=0.1)
    assert litres(4_910.0) == pytest.approx(18_586.4, abs=0.1)
