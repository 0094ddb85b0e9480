"""The published transformer examples through the tool, as a person would type them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tools.thermal_result import ThermalResult

DATA = Path(__file__).parents[1] / "grid_models" / "heating" / "data"
STEP: dict[str, Any] = json.loads((DATA / "iec_step.json").read_text(encoding="utf-8"))
DAY: dict[str, Any] = json.loads((DATA / "ieee_annex_g.json").read_text(encoding="utf-8"))

SYMBOLS = {"dtheta_or": 38.3, "gr": 14.5, "H": 1.4, "R": 1000, "x": 0.8, "y": 1.3, "k11": 0.5, "k21": 2, "k22": 2, "tau_o": 150, "tau_w": 7}
NAMES = {
    "top_oil_rise_k": 38.3,
    "hot_spot_gradient_k": 20.3,
    "loss_ratio": 1000,
    "oil_exponent": 0.8,
    "winding_exponent": 1.3,
    "k11": 0.5,
    "k21": 2,
    "k22": 2,
    "oil_time_constant_min": 150,
    "winding_time_constant_min": 7,
}
STEPS, LOADS = [190, 175, 135, 205, 25, 15], [1.0, 0.6, 1.5, 0.3, 2.1, 0.0]
CSV = "step_min,load_pu,ambient_celsius\n" + "\n".join(f"{s},{k},25.6" for s, k in zip(STEPS, LOADS, strict=True)) + "\n"
INLINE = {"step_min": STEPS, "load_pu": LOADS, "ambient_celsius": 25.6}
BY_SYMBOL = {"step_min": STEPS, "load_pu": LOADS, "theta_a": [25.6] * 6}
Thermal = Callable[..., ThermalResult]


@pytest.mark.parametrize("profile", [INLINE, BY_SYMBOL, CSV], ids=["inline", "symbols", "csv"])
@pytest.mark.parametrize("nameplate", [SYMBOLS, {**SYMBOLS, "tau_o_min": 150}, NAMES], ids=["symbols", "twice", "names"])
def test_the_iec_step_example(thermal: Thermal, profile: object, nameplate: dict[str, float]) -> None:
    """All six rows within 0.1 K of the exact solution and 1.5 K of the print, however it is typed."""
    if "tau_o_min" in nameplate:
        nameplate = {name: value for name, value in nameplate.items() if name != "tau_o"}
    found = thermal(profile=profile, nameplate=nameplate, start={"top_oil_rise_k": 12.7})
    at = {round(m.hours * 60): m for m in found.series}
    for row in STEP["rows"]:
        moment = at[row["until_min"]]
        for kind, tolerance in (("exact", 0.1), ("published", 1.5)):
            assert moment.top_oil_celsius == pytest.approx(row[f"{kind}_top_oil_celsius"], abs=tolerance)
            assert moment.hot_spot_celsius == pytest.approx(row[f"{kind}_hot_spot_celsius"], abs=tolerance)
        assert moment.loss_of_life_min == pytest.approx(row["non_upgraded_ageing_min"], rel=0.01)
    assert found.horizon_hours == pytest.approx(745 / 60)
    assert found.repairs == ("steps of unequal length were divided into steps of 5 min, each with the load of its row",)
    assert found.transformers[0].hot_spot_peak_celsius == pytest.approx(138.64, abs=0.1)


def test_a_start_in_degrees_is_a_start_in_kelvin_over_the_air(thermal: Thermal) -> None:
    """12.7 K over 25.6 °C is 38.3 °C; a gradient before the first step is felt."""
    by_rise = thermal(profile=CSV, nameplate=SYMBOLS, start={"top_oil_rise_k": 12.7})
    by_celsius = thermal(profile=CSV, nameplate=SYMBOLS, start={"top_oil_celsius": 38.3})
    warmer = thermal(profile=CSV, nameplate=SYMBOLS, start={"top_oil_celsius": 38.3, "hot_spot_gradient_k": 10.0})
    assert by_rise.series == by_celsius.series
    assert warmer.series[0].hot_spot_celsius > by_rise.series[0].hot_spot_celsius + 4.0
    assert by_rise.transformers[0].hot_spot_now_celsius == pytest.approx(38.3)


def annex_g_nameplate(**other: object) -> dict[str, object]:
    """As the standard has it: pounds and US gallons."""
    plate = dict(DAY["nameplate"])
    plate |= {"loss_base_mva": plate.pop("loss_base_kva") / 1000, "load_base_mva": plate.pop("load_base_kva") / 1000}
    masses = DAY["masses"]
    plate |= {"core_and_coils_lb": masses["core_and_coils_lb"], "tank_lb": masses["tank_lb"], "oil_gal": masses["oil_us_gallons"]}
    return {"annex_g": {**plate, **other}}


def hourly() -> dict[str, object]:
    hours = np.arange(25.0)
    load, ambient = (np.interp(hours, DAY["hours"], DAY[name]) for name in ("load_pu", "ambient_celsius"))
    return {"step_min": 60.0, "load_pu": load.tolist(), "ambient_celsius": ambient.tolist()}


def corners() -> dict[str, object]:
    """The twelve points as they are printed, with the eleven spans between them."""
    return {"step_min": (np.diff(DAY["hours"]) * 60).tolist(), "load_pu": DAY["load_pu"], "ambient_celsius": DAY["ambient_celsius"]}


@pytest.mark.parametrize("profile", [hourly(), corners()], ids=["hourly", "corners"])
def test_the_annex_g_day(thermal: Thermal, profile: dict[str, object]) -> None:
    """All 25 hours within 0.1 K of the print, and an equivalent ageing within 0.5 % over the day's 24 hours."""
    found = thermal(method="ieee_annex_g", profile=profile, nameplate=annex_g_nameplate())
    assert [m.hours for m in found.series] == pytest.approx(range(25))
    assert [m.hot_spot_celsius for m in found.series] == pytest.approx(DAY["hot_spot_celsius"], abs=0.1)
    assert [m.top_oil_celsius for m in found.series] == pytest.approx(DAY["top_oil_celsius"], abs=0.1)
    row = found.transformers[0]
    assert found.horizon_hours == 24.0
    assert row.relative_ageing == pytest.approx(DAY["equivalent_ageing"], rel=0.005)
    assert row.loss_of_life_hours == pytest.approx(24.0 * DAY["equivalent_ageing"], rel=0.005)
    assert bool(found.repairs) == (profile != hourly())


def test_annex_g_is_judged_by_its_own_standard(thermal: Thermal) -> None:
    """130.1 °C at 16 h is beyond 120 and just beyond 130 °C of IEEE; the moment of crossing is that of the printed series."""
    found = thermal(method="ieee_annex_g", profile=hourly(), nameplate=annex_g_nameplate())
    limits = {r.regime: r for r in found.regimes}
    assert [r.limit_hot_spot_celsius for r in found.regimes] == [120.0, 130.0, 140.0, 180.0]
    crossed = limits["normal life expectancy"].minutes_to_limit
    assert crossed == pytest.approx(np.interp(120.0, [115.7, 122.3], [13 * 60, 14 * 60]), abs=1.0)
    assert "Annex G" in found.method
    assert found.unverified == ("both temperatures",)


def test_annex_g_takes_kilograms_and_litres(thermal: Thermal) -> None:
    """The same transformer in metric units is the same transformer."""
    metric = annex_g_nameplate(
        core_and_coils_lb=None, tank_lb=None, oil_gal=None, core_and_coils_kg=34291.58, tank_kg=14242.8, oil_l=18586.4
    )
    pounds, kilograms = (thermal(method="ieee_annex_g", profile=hourly(), nameplate=n) for n in (annex_g_nameplate(), metric))
    assert kilograms.transformers[0].hot_spot_peak_celsius == pytest.approx(pounds.transformers[0].hot_spot_peak_celsius, abs=0.01)


def test_clause_7_settles_at_its_nameplate(thermal: Thermal) -> None:
    """At rated load both rises of the nameplate come out, whatever the exponents."""
    plate = {"cooling": "ONAF", "top_oil_rise_k": 55.0, "hot_spot_gradient_k": 25.0}
    found = thermal(method="ieee_clause_7", profile={"load_pu": [1.0] * 4, "ambient_celsius": 30.0}, nameplate=plate)
    assert (found.series[-1].top_oil_celsius, found.series[-1].hot_spot_celsius) == pytest.approx((85.0, 110.0), abs=1e-6)
    assert "clause 7" in found.method


def test_clause_7_step_response(thermal: Thermal) -> None:
    """With n = 1 the oil is a plain exponential, and the gradient grows with K^2m."""
    plate = {**SYMBOLS, "n": 1.0, "m": 0.8}
    del plate["x"]
    found = thermal(
        method="ieee_clause_7",
        profile={"step_min": 30.0, "load_pu": [1.2] * 8, "ambient_celsius": 20.0},
        nameplate=plate,
        start={"top_oil_rise_k": 10.0},
    )
    hours = np.array([m.hours for m in found.series])
    aim = 38.3 * (1000 * 1.44 + 1) / 1001
    oil = 20.0 + aim + (10.0 - aim) * np.exp(-hours * 60 / 150)
    gradient = 20.3 * 1.2**1.6 * (1.0 - np.exp(-hours * 60 / 7))
    assert [m.top_oil_celsius for m in found.series] == pytest.approx(oil.tolist(), abs=0.01)
    assert [m.hot_spot_celsius for m in found.series] == pytest.approx((oil + gradient).tolist(), abs=0.01)


def test_clause_7_without_fans_is_that_of_natural_cooling(thermal: Thermal) -> None:
    """At 60 % of the rating, where natural cooling has its rises, both standards agree; at full load it is far hotter than with fans."""
    args: dict[str, Any] = {
        "nameplate": {"cooling": "ONAF"},
        "profile": {"load_pu": [0.6] * 4, "ambient_celsius": 20.0},
        "cooling_lost": True,
    }
    iec, ieee = thermal(**args), thermal(**args, method="ieee_clause_7")
    assert ieee.series[-1].hot_spot_celsius == pytest.approx(98.0, abs=0.01)
    assert iec.series[-1].hot_spot_celsius == pytest.approx(98.0, abs=0.01)
    assert "a rating of 0.6 pu without fans and pumps" in " ".join(ieee.unverified)


def test_paper_decides_the_ageing(thermal: Thermal) -> None:
    """A hot-spot of 98 °C ages kraft at 1; one of 110 °C ages upgraded paper at 1."""
    for paper, ambient in (("non-upgraded", 20.0), ("thermally upgraded", 32.0)):
        plate = {"cooling": "ONAF", "paper": paper}
        found = thermal(profile={"load_pu": [1.0] * 8, "ambient_celsius": ambient}, nameplate=plate)
        assert found.transformers[0].relative_ageing == pytest.approx(1.0, abs=1e-6)
