"""How warm do transformers get in the next hours, without and with a change? The expected course alone, quick enough for every verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.forecast import forecast
from grid_models.forecasting.followers import Followers
from grid_models.life.ahead import STEP_MIN, between
from grid_models.life.assumptions import Assumptions, Case
from grid_models.life.constants import constants
from grid_models.life.heated import heated
from grid_models.life.load_map import LoadMap, bases_of
from grid_models.life.mapped import mapped_loads
from grid_models.life.outlook import normal_limits
from grid_models.life.present import past_of
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

_MIN_IN_H = 60.0


@dataclass(frozen=True, eq=False)
class Warmth:
    """(cases,) each: the highest of the hours, and hours of normal insulation life used in them; NaN without a power flow."""

    top_oil_celsius: FloatArray
    hot_spot_celsius: FloatArray
    life_used_h: FloatArray


@dataclass(frozen=True, eq=False)
class NextHours:
    """Both begin as warm as the transformers are now.

    weather: who says how warm it is around them.  held: nothing forecasts the load, so that the present one is held.
    """

    cases: tuple[Case, ...]
    before: Warmth
    after: Warmth
    weather: str
    held: bool


def next_hours(assume: Assumptions, cases: Sequence[Case]) -> NextHours:
    """From `assume.before` and `assume.state`; the present load is held where nothing is known of it from before plant time.

    Raises OutsideForecast for hours beyond a week, PowerFlowDiverged for the changed grid, and what the weather cannot answer.
    """
    assume, rows, values = _expected(assume)
    table = np.array([constants(case.thermal.parameters, normal_limits(case)) for case in cases])
    changed = _mapped(assume, assume.state, rows, values, cases)
    try:
        as_it_is = _mapped(assume, assume.before, rows, values, cases)
    except PowerFlowDiverged:
        as_it_is = None
    start = past_of(assume, table, as_it_is or changed).now()
    ambient = assume.weather.ambient(assume.at, values.shape[1], STEP_MIN)

    def warmth(mapped: LoadMap | None) -> Warmth:
        if mapped is None:
            return Warmth(*np.full((3, len(cases)), np.nan))
        found = heated(np.abs(mapped.loads(values)), ambient.celsius, table, start.copy())
        return Warmth(found.top_oil_celsius.max(axis=1), found.hot_spot_celsius.max(axis=1), found.life_min[:, -1] / _MIN_IN_H)

    return NextHours(tuple(cases), warmth(as_it_is), warmth(changed), ambient.source, assume.grid.profiles is None)


def _expected(assume: Assumptions) -> tuple[Assumptions, Followers, FloatArray]:
    """Relative values (rows, steps) of the hours. Before its first day a grid is like one without profiles."""
    ahead = forecast(assume.grid, assume.at, ceil(assume.hours))
    if np.isnan(ahead.values).any():
        return _expected(replace(assume, grid=Grid(assume.grid.model)))
    return assume, ahead.rows, between(ahead.values)[:, : max(1, round(assume.hours * _MIN_IN_H / STEP_MIN))]


def _mapped(assume: Assumptions, state: GridState, rows: Followers, values: FloatArray, cases: Sequence[Case]) -> LoadMap:
    bases = bases_of(assume.before, state, assume.grid.profiles is not None)
    return mapped_loads(state, bases, rows, values.mean(axis=1), cases)
