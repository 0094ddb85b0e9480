"""Which transformers can be assessed, and what a look ahead takes from its assumptions."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.assets.book import AssetBook
from grid_models.assets.record import AssetRecord
from grid_models.heating.iec_parameters import Size
from grid_models.life.assumptions import case_of
from grid_models.life.outlook import Outlook
from grid_models.life.units import units_of
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from grid_models.weather.climatology import climatology_of
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.from_now import FromNow
from grid_models.weather.timed import TimedTemperatures, continued

Look = Callable[..., Outlook]


def test_placeholder_ratings_make_no_case(grid_cache: Any) -> None:
    """No transformer of case14 can be assessed without a record; one with its power in a record can, and only that one."""
    model = load_grid("case14", grid_cache).model
    units = units_of(model)
    assert len(units) == 5
    assert all(case_of(unit, AssetBook()) is None for unit in units)
    book = AssetBook.of(model, [AssetRecord(units[2].name, rated_mva=60.0)])
    cases = [case_of(unit, book) for unit in units]
    assert [case is not None for case in cases] == [False, False, True, False, False]
    assert cases[2] is not None
    assert cases[2].rated_mva == 60.0
    assert cases[2].thermal.size is Size.MEDIUM


def test_the_grids_rating_is_one_per_unit(default_grid: Grid) -> None:
    """All six of the default grid, in its order; a record with another power changes the constants' base, not the load's."""
    units = units_of(default_grid.model)
    assert [u.name for u in units] == [f"HV1 Trafo {n}" for n in range(1, 7)]
    assert [u.rated_mva for u in units] == pytest.approx([350, 350, 300, 300, 350, 350])
    case = case_of(units[0], AssetBook.of(default_grid.model, [AssetRecord("HV1 Trafo 1", rated_mva=280.0)]))
    assert case is not None
    assert case.rated_mva == pytest.approx(350.0)
    assert case.thermal.parameters.rated_share == pytest.approx(0.8)


def open_first(state: GridState) -> GridState:
    return state.apply([Action(kind="open", element="HV1 Trafo 1")])


def test_what_is_imagined_and_what_is(look: Look) -> None:
    """`as_it_is` takes the imagined away, and nothing else: how load grows is no change of the grid."""
    assume = look(hours=24.0).assumptions
    assert assume.is_as_it_is
    imagined = replace(assume, state=open_first(assume.state), cooling_lost=True, growth_percent_per_year=3.0)
    assert not imagined.is_as_it_is
    assert imagined.as_it_is().state is assume.before
    assert imagined.as_it_is().is_as_it_is
    assert imagined.as_it_is().growth_percent_per_year == 3.0


def test_what_fails_fails_now(look: Look) -> None:
    """Lost cooling and an imagined outage leave the present temperatures alone; cooling lost by the record is in them."""
    plain, lost, opened = look(hours=24.0), look(hours=24.0, cooling_lost=True), look(hours=24.0, state=open_first)
    assert np.array_equal(lost.start, plain.start)
    assert np.array_equal(opened.start, plain.start)
    book = AssetBook.of(plain.assumptions.grid.model, [AssetRecord("HV1 Trafo 4", cooling_lost=True)])
    assert look(hours=24.0, book=book).start[3, 0] > look(hours=24.0, book=AssetBook()).start[3, 0] + 5.0


class Coming:
    """A weather forecast that begins at plant time."""

    def __init__(self, at: Any) -> None:
        self.known = TimedTemperatures(np.array([at.timestamp(), at.timestamp() + 7200.0]), np.array([30.0, 30.0]))
        self.usual = climatology_of("1-HV-mixed--0-sw")

    def ambient(self, first: Any, steps: int, step_min: float) -> Any:
        return continued(self.known, "coming", self.usual, first, steps, step_min)


def test_a_weather_forecast_need_not_know_the_past(look: Look, default_grid: Grid) -> None:
    """Where a source says nothing of the last days the usual temperatures of the season stand in for them."""
    plain = look(hours=2.0)
    forecast = look(hours=2.0, weather=Coming(default_grid.plant_time()))
    assert np.array_equal(forecast.start, plain.start)
    assert (forecast.ambient.celsius == 30.0).all()


def peaks(outlook: Outlook) -> np.ndarray:
    found = outlook.temperatures(outlook.loads(outlook.ahead.expected))
    return np.asarray(found.hot_spot_celsius.max(axis=1))


def test_hotter_is_never_cooler(look: Look, default_grid: Grid) -> None:
    """Peaks never fall with a hotter ambient, and by 10 K the end of four days rises by 10 K: the oil has followed."""
    now, found = default_grid.plant_time(), []
    for celsius in (10.0, 20.0, 30.0, 40.0):
        outlook = look(hours=96.0, weather=FromNow(celsius, now, ConstantAmbient(10.0)))
        found.append(outlook.temperatures(outlook.loads(outlook.ahead.expected)).hot_spot_celsius)
    assert (np.diff([hot.max(axis=1) for hot in found], axis=0) > 0).all()
    assert found[3][:, -1] - found[2][:, -1] == pytest.approx(10.0, abs=1e-3)


def with_loads(factor: float) -> Callable[[GridState], GridState]:
    return lambda state: state.apply([Action(kind="scale", group="loads", factor=factor)])


def test_more_load_is_never_cooler(look: Look, station: Callable[..., Grid]) -> None:
    """Where demand loads transformers, neither more of it nor more growth lowers their peaks."""
    grid = station(40.0)
    more = [peaks(look(grid=grid, state=with_loads(factor))) for factor in (0.8, 1.0, 1.05, 1.1, 1.5)]
    assert (np.diff(more, axis=0) >= 0).all()
    assert (more[-1] > more[1] + 10.0).all()
    grown = [peaks(look(grid=grid, growth_percent_per_year=percent)) for percent in (0.0, 2.0, 20.0, 50.0)]
    assert (np.diff(grown, axis=0) >= 0).all()
    assert (grown[3] > grown[0] + 0.3).all()


def test_lost_cooling_is_never_cooler(look: Look, station: Callable[..., Grid], case39: Grid) -> None:
    """On any grid; transformers without fans stay as they are."""
    for grid in (station(40.0), case39):
        cool, lost = look(grid=grid), look(grid=grid, cooling_lost=True)
        has_fans = np.array([case.thermal.without_cooling is not None for case in cool.cases])
        assert has_fans.any()
        assert (peaks(lost) >= peaks(cool)).all()
        assert (peaks(lost) > peaks(cool) + 5.0)[has_fans].any()
        assert (peaks(lost) == peaks(cool))[~has_fans].all()


def test_the_horizon_is_what_was_asked_for(look: Look) -> None:
    """Steps of a quarter of an hour, at least one; the weather begins at plant time."""
    for hours, steps in ((0.1, 1), (1.0, 4), (200.0, 800)):
        outlook = look(hours=hours)
        assert outlook.ahead.steps == steps == outlook.ahead.expected.shape[1] == len(outlook.ambient.celsius)
    assume = outlook.assumptions
    hourly = assume.usual_weather.ambient(assume.at, 2, 60.0).celsius
    assert outlook.ambient.celsius[[0, 4]] == pytest.approx(hourly, abs=1e-9)
