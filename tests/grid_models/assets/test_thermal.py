"""Constants of a transformer: from its class, from its heat-run test, and what is assumed in words."""

from dataclasses import replace

import pytest

from grid_models.assets.record import AssetRecord
from grid_models.assets.thermal import thermal_model
from grid_models.heating.ageing import Paper
from grid_models.heating.iec_parameters import Cooling, Size, iec_parameters

KNOWN = AssetRecord("T1", rated_mva=100.0, cooling=Cooling.ONAF, paper=Paper.UPGRADED, onan_rating_mva=70.0)


def test_a_full_record_assumes_nothing() -> None:
    """The class's constants, its paper, and what it carries without fans."""
    found = thermal_model(KNOWN, 100.0)
    assert found.parameters == iec_parameters(Cooling.ONAF, Size.MEDIUM, paper=Paper.UPGRADED)
    assert found.without_cooling is not None
    assert found.without_cooling.rated_share == pytest.approx(0.7)
    assert found.without_cooling.oil_time_constant_min == 210.0
    assert found.assumed == ()


@pytest.mark.parametrize(
    ("rated_mva", "cooling", "size"), [(350.0, "ONAF", Size.LARGE), (20.0, "ONAN", Size.MEDIUM), (0.63, "ONAN", Size.DISTRIBUTION)]
)
def test_without_a_record_every_assumption_is_told(rated_mva: float, cooling: str, size: Size) -> None:
    """Cooling by its size and kraft paper; natural cooling has nothing to lose."""
    found = thermal_model(None, rated_mva)
    assert found.size is size
    assert found.parameters == iec_parameters(cooling, size)
    assert f"{cooling} cooling" in found.assumed[0]
    assert "kraft paper" in found.assumed[1]
    assert (found.without_cooling is None) == (cooling == "ONAN")
    assert len(found.assumed) == (2 if cooling == "ONAN" else 3)


def test_an_unknown_rating_without_fans_is_flagged() -> None:
    """In the constants and in words."""
    found = thermal_model(replace(KNOWN, onan_rating_mva=None), 100.0)
    assert found.without_cooling is not None
    assert found.without_cooling.rated_share == pytest.approx(0.6)
    assert "0.6" in found.without_cooling.unverified
    assert found.assumed == ("60 MVA without fans and pumps (engineering judgement)",)


def test_heat_run_values_replace_the_classs() -> None:
    """The gradient is the average one times the hot-spot factor; the source says so."""
    run = replace(
        KNOWN,
        top_oil_rise_k=47.0,
        winding_gradient_k=15.0,
        hot_spot_factor=1.3,
        oil_time_constant_min=110.0,
        loss_ratio=8.0,
        source="test 12",
    )
    found = thermal_model(run, 100.0).parameters
    assert (found.top_oil_rise_k, found.oil_time_constant_min, found.loss_ratio) == (47.0, 110.0, 8.0)
    assert found.hot_spot_gradient_k == pytest.approx(19.5)
    assert found.winding_time_constant_min == 7.0
    assert "test 12" in found.source


@pytest.mark.parametrize(
    ("field", "value", "missing"), [("winding_gradient_k", 15.0, "hot-spot factor"), ("hot_spot_factor", 1.3, "winding gradient")]
)
def test_half_a_gradient_is_not_used_and_told(field: str, value: float, missing: str) -> None:
    """The class's product cannot be split."""
    found = thermal_model(replace(KNOWN, **{field: value}), 100.0)
    assert found.parameters.hot_spot_gradient_k == 26.0
    assert f"without a {missing}" in found.assumed[0]


def test_lost_fans_are_the_present_state() -> None:
    """The constants of now are those without fans and pumps."""
    found = thermal_model(replace(KNOWN, cooling_lost=True), 100.0)
    assert found.parameters == found.without_cooling
    assert found.assumed == ("fans and pumps out, as the record says",)


def test_a_nameplate_that_differs_from_the_grids_rating_moves_the_share() -> None:
    """Loads are in pu of the grid's rating; the rises hold at the nameplate's."""
    found = thermal_model(KNOWN, 80.0)
    assert found.parameters.rated_share == pytest.approx(1.25)
    assert found.without_cooling is not None
    assert found.without_cooling.rated_share == pytest.approx(70.0 / 80.0)


def test_housing_and_restricted_flow_are_kept() -> None:
    """With and without fans."""
    found = thermal_model(replace(KNOWN, indoor_rise_k=6.0, restricted_flow=True), 100.0)
    assert found.without_cooling is not None
    assert found.parameters.indoor_rise_k == found.without_cooling.indoor_rise_k == 6.0
    assert found.parameters.k21 == found.without_cooling.k21 == 3.0
    assert "restricted" in found.parameters.unverified
