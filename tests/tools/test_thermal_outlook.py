"""Which transformer gets too hot, when, why, what helps, over the coming days of the default grid?"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grid_models.errors import StudyCancelled
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.warm_up import ieee_days, look_ahead
from tools.context import StudyContext
from tools.registry import run_study
from tools.thermal_headline import sentence
from tools.thermal_result import HelpRow, ThermalResult

Thermal = Callable[..., ThermalResult]
OPEN_4: dict[str, Any] = {"kind": "open", "element": "HV1 Trafo 4"}
MORE_WIND: dict[str, Any] = {"kind": "scale", "group": "wind", "factor": 1.4}
TWO_DAYS: dict[str, Any] = {"transformer": "HV1 Trafo 3", "horizon_hours": 48}


def test_all_six_are_looked_at_and_the_nearest_is_explained(thermal: Thermal) -> None:
    """Nobody crosses a limit within 30 days; the rows stand in the order of what is left, and the first is explained."""
    found = thermal()
    rows = found.transformers
    assert (found.mode, found.total, len(rows), found.horizon_hours, found.paths) == ("outlook", 6, 6, 720.0, 1000)
    assert [r.margin_k for r in rows] == sorted(r.margin_k for r in rows)
    assert found.explained == rows[0].element
    assert {r.days_to_limit for r in rows} == {None}
    assert {r.record for r in rows} == {"synthetic record"}
    assert found.headline().startswith(
        f"No transformer is expected to reach a temperature limit within 30 days; the nearest, {found.explained}"
    )


def test_the_series_is_bounded_and_goes_on_in_time(thermal: Thermal) -> None:
    """Life is only ever used up, the hot-spot is above the oil above the air's coldest, and the band is around something."""
    found = thermal(**TWO_DAYS)
    hours, life = (np.array([getattr(m, n) for m in found.series]) for n in ("hours", "loss_of_life_min"))
    assert (np.diff(hours) > 0).all()
    assert (np.diff(life) >= 0).all()
    assert (hours[0], hours[-1]) == (0.25, 48.0)
    for moment in found.series:
        assert -60.0 < moment.ambient_celsius < moment.top_oil_celsius <= moment.hot_spot_celsius < 160.0
        assert (moment.hot_spot_low_celsius or 0.0) <= (moment.hot_spot_high_celsius or np.inf)


@pytest.mark.parametrize(
    ("more", "hotter"),
    [
        ({"ambient_celsius": 38}, True),
        ({"ambient_celsius": -10}, False),
        ({"cooling_lost": True}, True),
        ({"growth_percent_per_year": 50}, False),  # at its peak wind flows back, of which more demand takes a part
        ({"changes": [OPEN_4]}, True),
        ({"changes": [MORE_WIND]}, True),
        ({"changes": [{"kind": "scale", "group": "wind", "factor": 0.2}]}, False),
    ],
)
def test_each_argument_moves_the_peak_its_way(thermal: Thermal, more: dict[str, Any], hotter: bool) -> None:
    """Warmer air, no fans, the twin out, more wind: hotter, and it ages faster; the other way round cooler."""
    usual, other = (thermal(**TWO_DAYS, **args) for args in ({}, more))
    (a,), (b,) = usual.transformers, other.transformers
    assert (b.hot_spot_peak_celsius > a.hot_spot_peak_celsius) is hotter
    assert (b.relative_ageing > a.relative_ageing) is hotter
    assert len(other.changes) == len(more.get("changes", ()))


def test_a_growing_load_is_a_cause(thermal: Thermal) -> None:
    """Half as much again a year is felt within a month, as a cause of its own; without growth there is none."""
    month = {"transformer": "HV1 Trafo 3", "horizon_hours": 720}
    growing = {c.cause for c in thermal(**month, growth_percent_per_year=50).causes}
    assert "load growth" in growing


def test_an_outage_and_more_wind_overheat_the_twin(thermal: Thermal) -> None:
    """Who, when, why and what helps: the shares add up, the outage and its wind are named, and remedies were tried."""
    found = thermal(changes=[OPEN_4, MORE_WIND])
    row = found.transformers[0]
    assert (row.element, found.total) == ("HV1 Trafo 3", 5)  # the open one is not assessed, which is said
    assert "HV1 Trafo 4 carries no voltage" in found.note
    assert (row.probability_percent or 0.0) > 50.0
    low, middle, high = row.days_to_limit_low, row.days_to_limit, row.days_to_limit_high
    assert low is not None
    assert middle is not None
    assert low <= middle <= (high if high is not None else 30.0)
    rise = (found.explained_hot_spot_celsius or 0.0) - (found.baseline_hot_spot_celsius or 0.0)
    assert sum(c.share_k for c in found.causes) == pytest.approx(rise, abs=1e-6)
    assert sum(c.share_percent or 0.0 for c in found.causes) == pytest.approx(100.0)
    switching = next(c for c in found.causes if c.cause == "switching")
    assert switching.share_k > 10.0
    assert "HV1 Trafo 4" in switching.elements
    assert found.helps[0].within_limits
    assert found.helps[0].hot_spot_after_celsius <= 120.0 < found.helps[0].hot_spot_before_celsius
    assert found.headline().startswith("HV1 Trafo 3 is likely to overheat within ")
    assert " because of wind and pv (HV1 Sgen" in found.headline()
    assert "would bring its peak from" in found.headline()


def test_top_bounds_every_table(thermal: Thermal) -> None:
    """One transformer, one contributor, one remedy; the total stays."""
    found = thermal(changes=[OPEN_4, MORE_WIND], horizon_hours=120, top=1)
    assert (len(found.transformers), len(found.contributors), len(found.helps), found.total) == (1, 1, 1, 5)


def test_the_same_seed_gives_the_same_result_and_another_one_not(thermal: Thermal, default_grid: Grid) -> None:
    """Paths are drawn from the seed of the context alone."""
    ctx = StudyContext(default_grid.state_at(), OperatingLimits((), 100.0, "x"), grid=default_grid)
    first, again, other = (thermal(replace(ctx, seed=seed), **TWO_DAYS) for seed in (7, 7, 8))
    assert first == again
    assert first.transformers[0].hot_spot_peak_celsius != other.transformers[0].hot_spot_peak_celsius
    assert first.transformers[0].hot_spot_peak_celsius == pytest.approx(other.transformers[0].hot_spot_peak_celsius, abs=2.0)


def test_a_result_survives_json(thermal: Thermal) -> None:
    """With its paths, causes and remedies."""
    found = thermal(**TWO_DAYS, cooling_lost=True)
    assert ThermalResult.model_validate_json(found.model_dump_json()) == found


def test_the_doubt_of_lost_fans_is_named(thermal: Thermal, default_grid: Grid) -> None:
    """Without a record nobody knows what it carries without fans; with fans that does not matter."""
    ctx = StudyContext(default_grid.state_at(), OperatingLimits((), 100.0, "x"), grid=default_grid)
    with_fans, without = thermal(ctx, **TWO_DAYS), thermal(ctx, **TWO_DAYS, cooling_lost=True)
    assert with_fans.unverified == ()
    assert without.unverified == ("a rating of 0.6 pu without fans and pumps (engineering judgement)",)


def test_a_horizon_is_whole_quarters_of_an_hour(thermal: Thermal) -> None:
    """What is shorter than one is one, and the result says so."""
    found = thermal(transformer="HV1 Trafo 3", horizon_hours=0.01)
    assert (found.horizon_hours, len(found.series)) == (0.25, 1)
    assert "within 0.25 h" in found.headline()


def test_progress_is_told_and_a_study_can_be_stopped_between_transformers(thermal: Thermal, default_grid: Grid) -> None:
    """After the second of six nobody waits for the rest."""
    told: list[tuple[int, int]] = []
    ctx = StudyContext(
        default_grid.state_at(),
        OperatingLimits((), 100.0, "x"),
        grid=default_grid,
        progress=lambda done, total: told.append((done, total)),
        cancelled=lambda: len(told) >= 2,
    )
    with pytest.raises(StudyCancelled, match="6 transformers was stopped after 2"):
        thermal(ctx, horizon_hours=24)
    assert told == [(1, 6), (2, 6)]


@pytest.mark.slow
def test_a_grid_without_records_or_profiles_is_answered_with_its_assumptions(grid_cache: Path) -> None:
    """case39: what is assumed of its transformers and of the forecast is said; a remedy without a power flow does not cost the answer."""
    grid = load_grid("case39", grid_cache)
    found = run_study("thermal_rul", {}, StudyContext(grid.state_at(), OperatingLimits((), 100.0, "x"), grid=grid))
    assert isinstance(found, ThermalResult)
    assert {r.record for r in found.transformers} == {"assumed"}
    assert "cooling, as is usual" in " ".join(found.assumed)
    assert {r.years_to_end for r in found.transformers} == {None}


def test_a_sentence_for_each_prospect(thermal: Thermal) -> None:
    """Likely with its interval, perhaps, at once, and never; with causes worth half a kelvin and the best remedy."""
    base = thermal(**TWO_DAYS)
    row = base.transformers[0]
    remedy = HelpRow(
        change="close HV1 Trafo 4",
        element="HV1 Trafo 4",
        load_before_percent=110.0,
        load_after_percent=60.0,
        hot_spot_before_celsius=125.0,
        hot_spot_after_celsius=80.0,
        within_limits=True,
        new_violations=0,
    )

    def told(**fields: object) -> str:
        helps = () if fields.get("probability_percent") == 0.0 else (remedy,)
        return sentence(base.model_copy(update={"transformers": (row.model_copy(update=fields),), "helps": helps}))

    likely = told(probability_percent=80.0, days_to_limit=1.0, days_to_limit_low=0.5, days_to_limit_high=None)
    assert likely.startswith("HV1 Trafo 3 is likely to overheat within 24.0 h (90 %: 12.0 h to more than 2 days) because of ")
    assert likely.endswith("; to close HV1 Trafo 4 would bring its peak from 125.0 °C to 80.0 °C.")
    assert told(probability_percent=20.0).startswith("HV1 Trafo 3 may overheat within 2 days (20 % of the paths cross its limit)")
    soon = told(probability_percent=99.0, days_to_limit=0.02, days_to_limit_low=0.0104, days_to_limit_high=4.25)
    assert "within 29 min (90 %: 15 min to 4.2 days)" in soon
    assert "passes its limit at once" in told(probability_percent=100.0, days_to_limit=0.0)
    assert told(probability_percent=0.0).startswith("No transformer is expected to reach a temperature limit within 2 days")


def test_what_the_installation_compiles_is_what_a_study_calls(thermal: Thermal) -> None:
    """One kind of arrays for each loop, ahead of time and in a study: a second kind would be compiled while somebody waits."""
    from grid_models.heating import annex_g_kernel, clause_7_kernel
    from grid_models.life import kernel

    look_ahead()
    ieee_days()
    thermal(changes=[OPEN_4], horizon_hours=240, cooling_lost=True)
    thermal(transformer="HV1 Trafo 3", load_percent=100, method="ieee_clause_7")
    loops = (kernel.one_path, kernel.many_paths, annex_g_kernel.march, clause_7_kernel.march)
    assert [len(loop.signatures) for loop in loops] == [1, 1, 1, 1]  # type: ignore[attr-defined]  # numba's, behind a plain type
