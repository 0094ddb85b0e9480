"""May it carry this load, how hot does it get, what does it cost? Of a load that the person gives."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.weather.constant import ConstantAmbient
from tools.context import StudyContext
from tools.registry import run_study
from tools.thermal_result import ThermalResult

Thermal = Callable[..., ThermalResult]
EMERGENCY: dict[str, Any] = {"transformer": "HV1 Trafo 3", "load_percent": 130, "horizon_hours": 2, "ambient_celsius": 35}
ONAF: dict[str, Any] = {"nameplate": {"cooling": "ONAF"}, "ambient_celsius": 20.0}


def test_130_percent_for_two_hours_at_35_degrees(thermal: Thermal) -> None:
    """It starts from the present temperatures, warms without a break and is judged by every regime."""
    found = thermal(**EMERGENCY)
    row = found.transformers[0]
    assert (found.mode, found.horizon_hours, found.step_min, found.paths, found.total) == ("given load", 2.0, 1.0, 0, 1)
    assert (row.element, found.explained, row.load_peak_percent) == ("HV1 Trafo 3", "HV1 Trafo 3", 130.0)
    assert [r.regime for r in found.regimes] == ["normal cyclic", "long-time emergency", "short-time emergency"]
    assert [r.allowed for r in found.regimes] == [True, True, None]  # 130 % is the limit of a large one; two hours are no short time
    oil, hot, life = (np.array([getattr(m, n) for m in found.series]) for n in ("top_oil_celsius", "hot_spot_celsius", "loss_of_life_min"))
    for rising in (oil, hot, life, np.array([m.hours for m in found.series])):
        assert (np.diff(rising) > 0).all()
    assert row.hot_spot_now_celsius < hot[0] < hot[-1] == row.hot_spot_peak_celsius < 120.0
    assert (hot > oil).all()
    assert {m.ambient_celsius for m in found.series} == {35.0}
    assert "as it is now" in " ".join(found.assumed)
    assert (found.ambient, found.load) == ("as given", "130 % of the rating, held")


@pytest.mark.parametrize(
    ("more", "hotter"),
    [
        ({"load_percent": 140}, True),
        ({"load_percent": 110}, False),
        ({"ambient_celsius": 38}, True),
        ({"ambient_celsius": 10}, False),
        ({"horizon_hours": 3}, True),
        ({"cooling_lost": True}, True),
        ({"start": {"top_oil_celsius": 80.0}}, True),
        ({"nameplate": {"top_oil_rise_k": 30.0}}, False),
        ({"nameplate": {"cooling": "OD", "size": "large", "restricted_flow": False}}, True),  # its gradient grows with the load squared
    ],
)
def test_each_argument_moves_the_peak_its_way(thermal: Thermal, more: dict[str, Any], hotter: bool) -> None:
    """More load, warmer air, longer, without fans, from a warm start: hotter; the other way round: cooler; and life follows."""
    usual, other = (thermal(**args).transformers[0] for args in (EMERGENCY, {**EMERGENCY, **more}))
    assert (other.hot_spot_peak_celsius > usual.hot_spot_peak_celsius) is hotter
    if "horizon_hours" not in more:
        assert (other.loss_of_life_hours > usual.loss_of_life_hours) is hotter


def test_a_method_is_named_and_judged_by_its_standard(thermal: Thermal) -> None:
    """Clause 7 of the same transformer: other temperatures, other limits, both named."""
    iec, ieee = thermal(**EMERGENCY), thermal(**EMERGENCY, method="ieee_clause_7")
    assert "60076-7" in iec.method
    assert "C57.91-2011 clause 7" in ieee.method
    assert (iec.limit_regime, ieee.limit_regime) == ("normal cyclic", "normal life expectancy")
    assert {r.limit_current_percent for r in ieee.regimes} == {None}
    assert abs(iec.transformers[0].hot_spot_peak_celsius - ieee.transformers[0].hot_spot_peak_celsius) > 1.0


def test_a_day_is_held_where_nobody_says_how_long(thermal: Thermal) -> None:
    """24 hours in minutes; longer ones in five."""
    day, week = (thermal(transformer="HV1 Trafo 3", load_percent=80, **more) for more in ({}, {"horizon_hours": 168}))
    assert (day.horizon_hours, day.step_min, week.step_min) == (24.0, 1.0, 5.0)
    assert len(week.series) == 2016
    assert "climatology" in day.ambient or "usual" in day.ambient


def test_a_profile_on_a_transformer_starts_settled_and_says_so(thermal: Thermal) -> None:
    """Its first load has lasted for ever; the peaks and the cost are those of the series."""
    found = thermal(transformer="HV1 Trafo 1", ambient_celsius=20, profile={"step_min": 30, "load_pu": [0.5, 0.5, 1.2, 0.9]})
    row, hot = found.transformers[0], [m.hot_spot_celsius for m in found.series]
    assert hot[0] == pytest.approx(hot[1])
    assert row.hot_spot_peak_celsius == max(hot)
    assert row.loss_of_life_hours == pytest.approx(found.series[-1].loss_of_life_min / 60)
    assert row.relative_ageing == pytest.approx(row.loss_of_life_hours / 2.0)
    assert "those that settle under its load" in " ".join(found.assumed)
    assert row.record == "synthetic record"


@pytest.mark.slow
def test_peaks_of_a_long_series_are_kept(thermal: Thermal, default_grid: Grid) -> None:
    """A year of quarters of an hour is thinned to some thousand moments; the one hottest quarter is among them."""
    load = np.full(35_040, 0.5)
    load[20_003] = 1.5
    began = time.perf_counter()
    found = thermal(profile={"load_pu": load.tolist(), "ambient_celsius": 20.0}, nameplate={"cooling": "ONAF"})
    assert time.perf_counter() - began < 20.0
    assert 3000 <= len(found.series) <= 3002
    assert max(m.hot_spot_celsius for m in found.series) == found.transformers[0].hot_spot_peak_celsius > 80.0
    assert found.transformers[0].hot_spot_peak_at == default_grid.state_at().plant_time + timedelta(minutes=15 * 20_004)


def test_beyond_160_degrees_the_models_are_left(thermal: Thermal) -> None:
    """Said once, as unverified, and only there."""
    cool, hot = thermal(**EMERGENCY), thermal(**{**EMERGENCY, "load_percent": 220})
    assert hot.transformers[0].hot_spot_peak_celsius > 160.0
    assert not [a for a in cool.assumed if "160 °C" in a]
    told = [a for a in hot.assumed if "160 °C" in a]
    assert len(told) == 1
    assert "140 °C gas bubbles may form" in told[0]
    assert "unverified" in told[0]


def test_what_is_unverified_or_assumed_is_said(thermal: Thermal) -> None:
    """Restricted flow, the fans' share and the current limits come with their doubt; a complete nameplate needs no class."""
    restricted = thermal(load_percent=100, nameplate={"cooling": "ONAF", "size": "large", "restricted_flow": True})
    assert "k21 = 3 of restricted oil flow" in restricted.unverified
    assert "the current limit of this size" in restricted.unverified
    lost = thermal(load_percent=50, nameplate={"cooling": "OFAF", "size": "Large"}, cooling_lost=True)
    assert "engineering judgement" in " ".join(lost.unverified)
    natural = thermal(load_percent=50, nameplate={"cooling": "ONAN"}, cooling_lost=True)
    assert "it has none" in " ".join(natural.assumed)
    assert "limits and constants of a medium power transformer" in natural.assumed


def test_long_steps_are_divided_and_said(thermal: Thermal) -> None:
    """Two steps of 90 min are four of 45 min with the same loads: nothing is lost, and it is told."""
    long = thermal(**ONAF, profile={"step_min": [90, 90], "load_pu": [1.0, 0.5]})
    short = thermal(**ONAF, profile={"step_min": 45, "load_pu": [1.0, 1.0, 0.5, 0.5]})
    assert long.series == short.series
    assert long.repairs == ("steps of 90 min were divided into steps of 45 min, each with the load of its row",)
    assert short.repairs == ()


def test_the_ambient_of_the_context_is_used_and_named(thermal: Thermal, default_grid: Grid) -> None:
    """Without an ambient temperature the weather's is taken, and it makes a difference."""
    peaks = []
    for celsius in (0.0, 30.0):
        ctx = StudyContext(default_grid.state_at(), OperatingLimits((), 100.0, "x"), grid=default_grid, weather=ConstantAmbient(celsius))
        found = thermal(ctx, transformer="HV1 Trafo 3", profile={"load_pu": [1.0] * 4})
        peaks.append(found.transformers[0].hot_spot_peak_celsius)
        assert f"{celsius:g} °C" in found.ambient
    assert peaks[1] - peaks[0] == pytest.approx(30.0)


def test_without_a_rating_a_nameplate_answers(grid_cache: Path) -> None:
    """case14 has no ratings: the load in pu of the nameplate needs none."""
    grid = load_grid("case14", grid_cache)
    ctx = StudyContext(grid.state_at(), OperatingLimits((), 100.0, "x"), grid=grid)
    args = {"transformer": "Transformer 4-7 (1)", "profile": {"load_pu": [1.0], "ambient_celsius": 20.0}, "nameplate": {"cooling": "ONAF"}}
    found = run_study("thermal_rul", args, ctx)
    assert isinstance(found, ThermalResult)
    assert (found.transformers[0].element, found.transformers[0].rating_mva) == ("Transformer 4-7 (1)", None)
    assert found.transformers[0].hot_spot_peak_celsius == pytest.approx(98.0)


def test_a_result_survives_json(thermal: Thermal) -> None:
    """What the CLI prints and the audit stores is the result again."""
    found = thermal(**EMERGENCY)
    assert ThermalResult.model_validate_json(found.model_dump_json()) == found
    assert isinstance(found.transformers[0].hot_spot_peak_at, datetime)


def test_the_state_is_not_touched(thermal: Thermal, default_grid: Grid) -> None:
    """A study changes nothing, whatever it imagines."""
    before = default_grid.state_at().state_id
    state = default_grid.state_at()
    ctx = StudyContext(state, OperatingLimits((), 100.0, "x"), grid=default_grid)
    thermal(ctx, **EMERGENCY)
    assert state.state_id == before == replace(ctx).state.state_id


CAN = "can carry this as normal cyclic loading (hot-spot {hot} °C, top oil {oil} °C); it costs "
CANNOT = "cannot carry this within the standard's limits (hot-spot {hot} °C, top oil {oil} °C; the "
COOL: dict[str, Any] = {**ONAF, "start": {"top_oil_celsius": 40}}


@pytest.mark.parametrize(
    ("args", "shape"),
    [
        (EMERGENCY, f"HV1 Trafo 3 {CAN}"),
        ({**EMERGENCY, "load_percent": 140}, f"HV1 Trafo 3 {CANNOT}"),
        ({**COOL, "load_percent": 155, "horizon_hours": 0.4}, "the transformer described can carry this as short-time emergency loading"),
        ({**COOL, "load_percent": 350}, "more than the whole normal insulation life of 180000 h in 24 h."),
    ],
)
def test_the_headline_answers_first(thermal: Thermal, args: dict[str, Any], shape: str) -> None:
    """Yes by which regime, or no by which limit; then what it costs."""
    found = thermal(**args)
    row = found.transformers[0]
    assert shape.format(hot=f"{row.hot_spot_peak_celsius:.1f}", oil=f"{row.top_oil_peak_celsius:.1f}") in found.headline()
    assert found.headline().endswith(".")
    assert "e+" not in found.headline()
