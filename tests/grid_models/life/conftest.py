"""Looks ahead on the default grid and on a small station whose transformers are easy to reason about."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.assets.book import AssetBook
from grid_models.assets.demo import demo_records
from grid_models.intake.net import model_from_net
from grid_models.life.assumptions import Assumptions, Case, case_of
from grid_models.life.course import Course
from grid_models.life.outlook import Outlook, outlook_of
from grid_models.life.units import units_of
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import DEFAULT_GRID
from grid_models.twin.state import GridState
from grid_models.weather.climatology import climatology_of
from grid_models.weather.constant import ConstantAmbient

Look = Callable[..., Outlook]


def _cases(grid: Grid, book: AssetBook) -> tuple[Case, ...]:
    return tuple(case for unit in units_of(grid.model) if (case := case_of(unit, book)))


@pytest.fixture(scope="session")
def cases_of() -> Callable[[Grid, AssetBook], tuple[Case, ...]]:
    """Every transformer of a grid that can be assessed."""
    return _cases


@pytest.fixture(scope="session")
def demo_book(default_grid: Grid) -> AssetBook:
    return AssetBook.of(default_grid.model, demo_records(DEFAULT_GRID))


@pytest.fixture(scope="session")
def look(default_grid: Grid, demo_book: AssetBook) -> Look:
    """`look(at, grid=, state=, book=, **fields of Assumptions)`: a look ahead, by default of the default grid for two weeks."""

    def looked(
        at: int | None = None,
        grid: Grid = default_grid,
        state: Callable[[GridState], GridState] = lambda s: s,
        book: AssetBook | None = None,
        **fields: Any,
    ) -> Outlook:
        known = book or (demo_book if grid.model is default_grid.model else AssetBook())
        now, usual = grid.state_at(at), climatology_of(grid.model.name)
        assume = Assumptions(grid, now, state(now), known, usual, usual, 336.0)
        return outlook_of(replace(assume, **fields), _cases(grid, known))

    return looked


@pytest.fixture(scope="session")
def ahead_now(look: Look) -> Outlook:
    """The demo start of the default grid, 30 days."""
    return look(hours=720.0)


@pytest.fixture(scope="session")
def expected_course() -> Callable[[Outlook, int], Course]:
    """The expected course of one transformer as a `Course`."""

    def course(outlook: Outlook, u: int) -> Course:
        growth = 1.0 + outlook.growth[u] * np.arange(outlook.ahead.steps)
        return Course(outlook.ahead.expected, outlook.ambient.celsius, growth, outlook.constants[u], outlook.start[u])

    return course


@pytest.fixture(scope="session")
def station() -> Callable[..., Grid]:
    """`station(load_mw, wind_mw, gas_mw, max_gas_mw)`: two 40-MVA twins between 110 and 20 kV, without profiles."""

    def built(load_mw: float = 40.0, wind_mw: float = 0.0, gas_mw: float = 0.0, max_gas_mw: float = 60.0) -> Grid:
        net = pp.create_empty_network(f_hz=50.0, sn_mva=100.0)
        high, low = pp.create_bus(net, 110.0, name="high"), pp.create_bus(net, 20.0, name="low")
        pp.create_ext_grid(net, high, name="Infeed")
        for n in (1, 2):
            rated = {"sn_mva": 40.0, "vn_hv_kv": 110.0, "vn_lv_kv": 20.0, "vkr_percent": 0.3, "vk_percent": 12.0}
            pp.create_transformer_from_parameters(net, high, low, **rated, pfe_kw=20.0, i0_percent=0.1, name=f"T{n}")
        pp.create_load(net, low, load_mw, 0.2 * load_mw, name="Town")
        pp.create_sgen(net, low, wind_mw, name="Park", type="WP", sn_mva=100.0)
        pp.create_sgen(net, low, gas_mw, name="Gas", type="gas", sn_mva=max_gas_mw, min_p_mw=0.0, max_p_mw=max_gas_mw)
        return Grid(model_from_net(net, "station"))

    return built


@pytest.fixture(scope="session")
def twenty_degrees() -> ConstantAmbient:
    return ConstantAmbient(20.0)


@pytest.fixture(scope="session")
def limits() -> OperatingLimits:
    """Branches up to 100 %."""
    return OperatingLimits((), 100.0, "test")
