"""What `thermal_rul` cannot be asked ends in one clear sentence, never in a silent number."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from grid_models.errors import AeipError, PowerFlowDiverged, StudyCancelled, UnknownElement
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.weather.ambient_file import read_ambient
from grid_models.weather.climatology import climatology_of
from grid_models.weather.moments import InvalidAmbient
from tools.context import StudyContext
from tools.registry import run_study
from tools.thermal_result import ThermalResult

Thermal = Callable[..., ThermalResult]
NAN, INF = float("nan"), float("inf")
ONAF: dict[str, Any] = {"cooling": "ONAF"}
ANNEX_G: dict[str, Any] = {
    "loss_base_mva": 28,
    "load_base_mva": 52.267,
    "winding_loss_w": 51690,
    "stray_loss_w": 21078,
    "core_loss_w": 36986,
    "tested_winding_rise_k": 63,
    "hot_spot_rise_k": 80,
    "top_oil_rise_k": 55,
    "bottom_oil_rise_k": 25,
    "core_and_coils_lb": 75600,
    "tank_lb": 31400,
    "oil_gal": 4910,
}
HELD: dict[str, Any] = {"transformer": "HV1 Trafo 3", "load_percent": 100}


def profile(**other: object) -> dict[str, Any]:
    return {"nameplate": ONAF, "profile": {"load_pu": [1.0, 0.6], "ambient_celsius": 20.0, **other}}


def csv(text: str) -> dict[str, Any]:
    return {"nameplate": ONAF, "profile": text}


def named(**constants: object) -> dict[str, Any]:
    return {"nameplate": {**ONAF, **constants}, "profile": {"load_pu": [1.0]}}


def day(**other: object) -> dict[str, Any]:
    return {"method": "ieee_annex_g", "nameplate": {"annex_g": ANNEX_G}, "profile": {"load_pu": [1.0] * 25, "step_min": 60}, **other}


LOADS = [
    (profile(load_pu=[1.0, NAN]), "load [pu] holds nan at row 1"),
    (profile(load_pu=[1.0, INF]), "load [pu] holds inf at row 1"),
    (profile(load_pu=[1.0, -0.5]), "a thermal load has no sign"),
    (profile(load_pu=[80, 100]), "divide per cent by 100"),
    (profile(load_pu=[]), "at least 1 item"),
    (profile(load_pu=["full"]), "valid number"),
    ({"nameplate": ONAF, "profile": {"load_pu": [3.5]}}, "settle beyond 200 °C; a `start` with its temperatures"),
    ({**HELD, "load_percent": -1}, "greater than or equal to 0"),
    ({**HELD, "load_percent": 401}, "less than or equal to 400"),
    ({**HELD, "load_percent": NAN}, "load_percent=nan"),
    ({**HELD, "load_percent": INF}, "load_percent=inf"),
    ({"load_percent": 100}, "no transformer and no nameplate"),
]
AMBIENTS = [
    (profile(ambient_celsius=293.15), "-60 to 60 °C works; give degrees Celsius"),
    (profile(ambient_celsius=[20.0, NAN]), "ambient temperature [°C] holds nan at row 1"),
    (profile(ambient_celsius=[1, 2, 3]), "2 loads and 3 ambient temperatures"),
    ({**HELD, "ambient_celsius": 308.15}, "less than or equal to 60"),
    ({"ambient_celsius": NAN}, "ambient_celsius=nan"),
    ({**profile(), "ambient_celsius": 30.0}, "ambient temperatures of its own"),
    ({**csv("load_pu,ambient_celsius\n1,20"), "ambient_celsius": 30.0}, "ambient temperatures of its own"),
]
STEPS = [
    (profile(step_min=0), "A step of 0.0 min"),
    (profile(step_min=-15), "A step of -15.0 min"),
    (profile(step_min=90), "up to 60 min work"),
    (profile(step_min=NAN), "A step of nan min"),
    (profile(step_min=INF), "A step of inf min"),
    (profile(step_min=[15, 0]), "A step of 0.0 min"),
    (profile(step_min=[15, 15, 15]), "3 steps and 2 loads"),
    (profile(step_min=[300_000, 300_000]), "2 steps over 417 days; up to 200000 steps and 400 days work"),
    (profile(step_min=[14.99, 400 * 1430]), "with a longer common divisor"),
    ({"horizon_hours": 720.5}, "less than or equal to 720"),
    ({"horizon_hours": 0}, "greater than 0"),
    ({"horizon_hours": NAN}, "horizon_hours=nan"),
    ({**profile(), "horizon_hours": 3}, "the profile ends where its last step ends"),
]
TABLES = [
    (csv(""), "columns none"),
    (csv("day.csv"), "read as CSV text with the columns day.csv"),
    (csv("step_min,load_pu\n"), "no row"),
    (csv("step_min,load_pu\n15,1\n15,\n15,1"), "row 3: load_pu=''"),
    (csv("load_pu\n1\n\n1"), "row 3: load_pu=''"),
    (csv("step_min,load_pu\n15,1\n15\n"), "row 3: load_pu=''"),
    (csv("step_min,load_pu\n15,1,20\n"), "Row 2 of the profile has 3 cells for 2 columns"),
    (csv("load_pu,load_pu\n1,2\n"), "each once"),
    (csv("step_min;load_pu\n15;1\n"), "step_min;load_pu"),
    (csv("load_pu\n0,9\n"), "2 cells for 1 columns"),
    (csv("load_percent\n90\n"), "load_pu must be there"),
    (csv("time,load_pu\n2016-01-01T00:00Z,1\n"), "columns time, load_pu"),
    (csv("load_pu\n1\nnan\n"), "holds nan at row 1"),
    (csv("load_pu\n" + "x\n" * 9), "and 6 more, which is no number"),
]
NAMEPLATES = [
    (named(cooling="OFNF"), "There is no cooling class 'OFNF'"),
    (named(cooling="OD", size="distribution"), "no constants for a distribution transformer with OD cooling"),
    (named(size="tiny"), "'distribution', 'medium' or 'large'"),
    (named(gr=14.5), "Only one of winding gradient and hot-spot factor"),
    (named(H=1.3), "Only one of winding gradient and hot-spot factor"),
    (named(gr=14.5, H=1.3, dtheta_hr=20), "Both a winding gradient and its product"),
    (named(R=NAN), "nameplate.R=nan"),
    (named(tau_o=INF), "oil_time_constant_min = inf"),
    (named(tau_w=0), "greater than 0"),
    (named(k23=1), "Extra inputs are not permitted"),
    (named(annex_g=ANNEX_G), "with method ieee_annex_g it would work"),
    ({"nameplate": {"dtheta_or": 55, "gr": 15, "H": 1.3}, "profile": {"load_pu": [1.0]}}, "without a complete nameplate"),
    ({"nameplate": {"size": "large"}, **HELD}, "without a cooling class"),
    ({**named(y=1.3), "method": "ieee_clause_7"}, "needs winding_exponent_m"),
    ({"nameplate": ONAF}, "add load_percent or a profile"),
]
STARTS = [
    ({**profile(), "start": {}}, "one of top_oil_celsius and top_oil_rise_k"),
    ({**profile(), "start": {"top_oil_celsius": 40, "top_oil_rise_k": 20}}, "one of top_oil_celsius and top_oil_rise_k"),
    ({**profile(), "start": {"top_oil_celsius": 313}}, "A top oil of 313 °C"),
    ({**profile(), "start": {"top_oil_celsius": NAN}}, "A top oil of nan °C"),
    ({**profile(), "start": {"top_oil_celsius": 40, "hot_spot_gradient_k": NAN}}, "hot_spot_gradient_k=nan"),
    ({"start": {"top_oil_celsius": 40}}, "add load_percent or a profile"),
]
ASKED = [
    ({"transformer": "HV1 Line 14"}, "'HV1 Line 14' is a line; temperatures and life are calculated for transformers"),
    ({**HELD, "profile": {"load_pu": [1.0]}}, "Both load_percent and a profile"),
    ({"method": "ieee_clause_7"}, "add load_percent or a profile"),
    ({**HELD, "method": "ieee"}, "'iec', 'ieee_clause_7' or 'ieee_annex_g'"),
    ({**HELD, "growth_percent_per_year": 2}, "changes and growth would change nothing"),
    ({**HELD, "changes": [{"kind": "open", "element": "HV1 Trafo 4"}]}, "changes and growth would change nothing"),
    ({"growth_percent_per_year": NAN}, "growth_percent_per_year=nan"),
    ({"growth_percent_per_year": 51}, "less than or equal to 50"),
    ({"top": 0}, "greater than or equal to 1"),
    ({"transformers": "all"}, "It takes transformer, horizon_hours"),
    ({"changes": [{"kind": "open", "element": "HV1 Trafo 44"}]}, "There is no element 'HV1 Trafo 44'"),
]
OF_ANNEX_G = [
    ({**HELD, "method": "ieee_annex_g"}, "needs nameplate.annex_g"),
    (day(profile={"load_pu": [1.0]}), "two points or more"),
    (day(profile={"load_pu": [1.0, 1.0, 1.0], "step_min": [60, 30, 60]}), "2 steps between them, or one for all"),
    (day(profile={"load_pu": [1.0, 3.9], "step_min": 60}), "a lower or shorter load would work"),
    (day(start={"top_oil_celsius": 50}), "leave `start` out"),
    (day(cooling_lost=True), "nameplate.annex_g.cooling"),
    (day(nameplate={"annex_g": {**ANNEX_G, "oil_l": 18000}}), "one of oil_l and oil_gal"),
    (day(nameplate={"annex_g": {**ANNEX_G, "tank_lb": None}}), "one of tank_kg and tank_lb"),
    (day(nameplate={"annex_g": {**ANNEX_G, "hot_spot_rise_k": 40}}), "Rises of"),
    (day(nameplate={"annex_g": {**ANNEX_G, "winding_loss_w": NAN}}), "winding_loss_w=nan"),
]


CASES = [*LOADS, *AMBIENTS, *STEPS, *TABLES, *NAMEPLATES, *STARTS, *ASKED, *OF_ANNEX_G]


@pytest.mark.parametrize(("args", "says"), CASES)
def test_one_clear_sentence(thermal: Thermal, args: dict[str, Any], says: str) -> None:
    """What was asked, what was found, what would work: in one line that ends as a sentence does, and is no page long."""
    with pytest.raises(AeipError) as refused:
        thermal(**args)
    told = str(refused.value)
    assert says in told
    assert told.endswith(".")
    assert "\n" not in told
    assert len(told) < 500


def test_an_unknown_transformer_is_refused_with_the_nearest(thermal: Thermal) -> None:
    """Never replaced by one."""
    with pytest.raises(UnknownElement) as refused:
        thermal(transformer="HV1 Trafo 9")
    assert set(refused.value.nearest) <= {f"HV1 Trafo {n}" for n in range(1, 7)}
    assert refused.value.nearest


def test_a_power_flow_without_solution_is_told(thermal: Thermal) -> None:
    """Sixty times the load has none: the reason, and no temperature."""
    with pytest.raises(PowerFlowDiverged, match="did not converge"):
        thermal(changes=[{"kind": "scale", "group": "loads", "factor": 60}])


def test_a_study_can_be_stopped(thermal: Thermal, default_grid: Grid) -> None:
    """Between its parts."""
    ctx = StudyContext(default_grid.state_at(), OperatingLimits((), 100.0, "x"), grid=default_grid, cancelled=lambda: True)
    with pytest.raises(StudyCancelled):
        thermal(ctx)


def test_a_profile_of_years_is_refused_at_once(thermal: Thermal) -> None:
    """200,000 quarters of an hour are 5.7 years, which would take minutes: refused within the time it takes to read them."""
    text = "load_pu\n" + "0.8\n" * 200_000
    began = time.perf_counter()
    with pytest.raises(AeipError, match="200000 steps over 2083 days; up to 200000 steps and 400 days work"):
        thermal(**csv(text))
    assert time.perf_counter() - began < 5.0


@pytest.mark.slow
def test_the_longest_profile_is_calculated_in_time(thermal: Thermal) -> None:
    """200,000 steps of two minutes, 278 days."""
    began = time.perf_counter()
    found = thermal(**csv("step_min,load_pu,ambient_celsius\n" + "2,0.8,20\n" * 200_000))
    assert time.perf_counter() - began < 20.0
    assert found.horizon_hours == pytest.approx(200_000 / 30)


@pytest.mark.parametrize("year", [2006, 2026])
def test_weather_of_another_year_is_no_weather(thermal: Thermal, default_grid: Grid, tmp_path: Path, year: int) -> None:
    """A file whose times are ten years old, or still to come, says nothing about now: refused, not stretched."""
    file = tmp_path / "weather.csv"
    file.write_text("time,ambient_celsius\n" + "".join(f"{year}-08-12T{h:02}:00:00Z,25\n" for h in range(24)))
    weather = read_ambient(file, climatology_of(default_grid.model.name))
    ctx = StudyContext(default_grid.state_at(), OperatingLimits((), 100.0, "x"), grid=default_grid, weather=weather)
    for args in ({"horizon_hours": 24}, HELD):
        with pytest.raises(InvalidAmbient, match=r"weather\.csv"):
            thermal(ctx, **args)


def test_before_the_profiles_begin_nothing_is_forecast(thermal: Thermal, default_grid: Grid) -> None:
    """At the first step nothing is known before, ten years earlier even less: one sentence."""
    for back in (timedelta(0), timedelta(days=3650)):
        state = replace(default_grid.state_at(0), plant_time=default_grid.state_at(0).plant_time - back)
        ctx = StudyContext(state, OperatingLimits((), 100.0, "x"), grid=default_grid)
        with pytest.raises(AeipError, match="plant time"):
            thermal(ctx, horizon_hours=24)


@pytest.mark.parametrize(
    ("name", "says"), [("case14", "neither the grid nor a record gives a usable rating"), ("case9", "has no transformer")]
)
def test_nothing_to_assess_is_a_finding(grid_cache: Path, name: str, says: str) -> None:
    """Without ratings, or without transformers, the result is empty and says why."""
    grid = load_grid(name, grid_cache)
    found = run_study("thermal_rul", {}, StudyContext(grid.state_at(), OperatingLimits((), 100.0, "x"), grid=grid))
    assert isinstance(found, ThermalResult)
    assert (found.transformers, found.total, found.series) == ((), 0, ())
    assert says in found.headline()
    assert ThermalResult.model_validate_json(found.model_dump_json()) == found


def test_a_held_load_needs_a_rating(grid_cache: Path) -> None:
    """100 % of nothing is nothing: case14's transformers have no usable rating."""
    grid = load_grid("case14", grid_cache)
    ctx = StudyContext(grid.state_at(), OperatingLimits((), 100.0, "x"), grid=grid)
    with pytest.raises(AeipError, match=r"no usable rating.*a nameplate with its constants would work"):
        run_study("thermal_rul", {"transformer": "Transformer 4-7 (1)", "load_percent": 100}, ctx)
