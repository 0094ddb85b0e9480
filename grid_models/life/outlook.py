"""Temperatures and ageing of transformers over the coming days, as expected, with all that a Monte-Carlo around it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grid_models.heating.iec_parameters import IecParameters
from grid_models.heating.loading_limits import limits_of
from grid_models.life.ahead import STEP_MIN, Ahead, ahead_of
from grid_models.life.assumptions import Assumptions, Case
from grid_models.life.constants import Limits, constants
from grid_models.life.heated import Temperatures, heated
from grid_models.life.load_map import Bases, LoadMap, bases_of
from grid_models.life.mapped import mapped_loads, state_with
from grid_models.life.present import Past, past_of
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState
from grid_models.weather.ambient import Ambient

_YEAR_MIN = 525_600.0


@dataclass(frozen=True, eq=False)
class Outlook:
    """Everything of a horizon.

    constants: (units, COLUMNS) of the kernel.  start: (units, 3) top oil and both gradients now.  growth: (units,) share a step.
    """

    assumptions: Assumptions
    cases: tuple[Case, ...]
    limits: tuple[Limits, ...]
    ahead: Ahead
    bases: Bases
    load_map: LoadMap
    ambient: Ambient
    constants: FloatArray
    past: Past
    start: FloatArray
    growth: FloatArray

    def state_with(self, values: FloatArray) -> GridState:
        """The state with every profile at these relative values, (rows,)."""
        return state_with(self.assumptions.state, self.bases, self.ahead.rows, values)

    def map_after(self, state: GridState) -> LoadMap:
        """The load map of another switching or other set-points. Raises PowerFlowDiverged."""
        bases = bases_of(self.assumptions.before, state, self.assumptions.grid.profiles is not None)
        return mapped_loads(state, bases, self.ahead.rows, self.ahead.expected.mean(axis=1), self.cases)

    def loads(self, values: FloatArray) -> FloatArray:
        """(units, steps) magnitude from relative values (rows, steps), growth included."""
        parts = self.load_map.of_parts(values)
        grown = 1.0 + self.growth[:, None] * np.arange(values.shape[1])
        total = self.load_map.offset[:, None] + parts[0] * grown + parts[1] + parts[2]
        return np.asarray(np.abs(total))

    def temperatures(self, load_pu: FloatArray, ambient_celsius: FloatArray | None = None) -> Temperatures:
        """From the present temperatures on."""
        around = self.ambient.celsius if ambient_celsius is None else ambient_celsius
        return heated(load_pu, around, self.constants, self.start.copy())


def outlook_of(assume: Assumptions, cases: Sequence[Case]) -> Outlook:
    """Raises OutsideForecast, PowerFlowDiverged or what the weather cannot answer."""
    ahead = ahead_of(assume.grid, assume.at, assume.hours)
    has_profiles, mean = assume.grid.profiles is not None, ahead.expected.mean(axis=1)
    bases = bases_of(assume.before, assume.state, has_profiles)
    mapped = mapped_loads(assume.state, bases, ahead.rows, mean, cases)
    so_far = mapped
    if assume.state is not assume.before:  # what is imagined begins now: until now the grid was as it is
        so_far = mapped_loads(assume.before, bases_of(assume.before, assume.before, has_profiles), ahead.rows, mean, cases)
    limits = tuple(normal_limits(c) for c in cases)
    growth = np.array([growth_percent(assume, c) for c in cases]) / 100.0 * STEP_MIN / _YEAR_MIN
    past = past_of(assume, _table([c.thermal.parameters for c in cases], limits), so_far)
    return Outlook(
        assumptions=assume,
        cases=tuple(cases),
        limits=limits,
        ahead=ahead,
        bases=bases,
        load_map=mapped,
        ambient=assume.weather.ambient(assume.at, ahead.steps, STEP_MIN),
        constants=_table([_parameters(assume, c) for c in cases], limits),
        past=past,
        start=past.now(),
        growth=growth,
    )


def normal_limits(case: Case) -> Limits:
    """Those of normal cyclic loading."""
    normal = limits_of(case.thermal.size)[0]
    return Limits(normal.top_oil_celsius, normal.hot_spot_celsius)


def growth_percent(assume: Assumptions, case: Case) -> float:
    """Per year: what was asked for, else the record's, else none."""
    asked = assume.growth_percent_per_year
    return asked if asked is not None else case.growth_percent_per_year or 0.0


def _table(params: Sequence[IecParameters], limits: Sequence[Limits]) -> FloatArray:
    return np.array([constants(p, each) for p, each in zip(params, limits, strict=True)])


def _parameters(assume: Assumptions, case: Case) -> IecParameters:
    natural = case.thermal.without_cooling
    return natural if assume.cooling_lost and natural is not None else case.thermal.parameters
