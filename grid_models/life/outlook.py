"""Temperatures and ageing of transformers over the coming days, as expected, with all that a Monte-Carlo around it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.heating.iec_parameters import IecParameters
from grid_models.heating.loading_limits import limits_of
from grid_models.life.ahead import STEP_MIN, Ahead, ahead_of, past_begin, past_values
from grid_models.life.assumptions import Assumptions, Case
from grid_models.life.constants import Limits, constants
from grid_models.life.current_map import current_map
from grid_models.life.kernel_columns import GRADIENT, INDOOR, K21, LOSS_RATIO, RISE, SHARE, X, Y
from grid_models.life.load_map import Bases, LoadMap, bases_of, load_map
from grid_models.steady.boundary import solve
from grid_models.steady.divergence import explain_divergence
from grid_models.steady.solution import Solution
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.state import GridState
from grid_models.weather.ambient import Ambient
from grid_models.weather.moments import InvalidAmbient

_WARM_UP_DAYS = 3  # twenty oil time constants: nothing of the guessed start is left
_YEAR_MIN = 525_600.0


@dataclass(frozen=True, eq=False)
class Temperatures:
    """(units, steps) each, at the end of each step; life_min: cumulative minutes of normal insulation life."""

    load_pu: FloatArray
    top_oil_celsius: FloatArray
    hot_spot_celsius: FloatArray
    life_min: FloatArray


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
    start: FloatArray
    growth: FloatArray

    def state_with(self, values: FloatArray) -> GridState:
        """The state with every profile at these relative values, (rows,)."""
        return state_with(self.assumptions.state, self.bases, self.ahead, values)

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
    bases = bases_of(assume.before, assume.state, assume.grid.profiles is not None)
    mean = state_with(assume.state, bases, ahead, ahead.expected.mean(axis=1))
    solution = _solved(mean)
    branch, at_from, rating_ka = _ends(solution, cases)
    currents = current_map(solution, branch, at_from, rating_ka)
    mapped = load_map(assume.state, solution.topology, bases, ahead.rows, len(ahead.expected), currents)
    limits = tuple(normal_limits(c) for c in cases)
    table = np.array([constants(_parameters(assume, c), each) for c, each in zip(cases, limits, strict=True)])
    past = past_values(assume.grid, assume.at, _WARM_UP_DAYS)
    before = _ambient_before(assume, past.shape[1])
    so_far = np.array([constants(c.thermal.parameters, each) for c, each in zip(cases, limits, strict=True)])  # what fails, fails now
    start = steady(np.abs(mapped.loads(past[:, :1]))[:, 0], float(before[0]), so_far)
    heated(np.abs(mapped.loads(past)), before, so_far, start)
    ambient = assume.weather.ambient(assume.at, ahead.steps, STEP_MIN)
    growth = np.array([growth_percent(assume, c) for c in cases]) / 100.0 * STEP_MIN / _YEAR_MIN
    return Outlook(assume, tuple(cases), limits, ahead, bases, mapped, ambient, table, start, growth)


def _ambient_before(assume: Assumptions, steps: int) -> FloatArray:
    """(steps,) until plant time; the usual where a forecast that begins now says nothing of it."""
    first = past_begin(assume.at, steps)
    try:
        return assume.weather.ambient(first, steps, STEP_MIN).celsius
    except InvalidAmbient:
        return assume.usual_weather.ambient(first, steps, STEP_MIN).celsius


def normal_limits(case: Case) -> Limits:
    """Those of normal cyclic loading."""
    normal = limits_of(case.thermal.size)[0]
    return Limits(normal.top_oil_celsius, normal.hot_spot_celsius)


def growth_percent(assume: Assumptions, case: Case) -> float:
    """Per year: what was asked for, else the record's, else none."""
    asked = assume.growth_percent_per_year
    return asked if asked is not None else case.growth_percent_per_year or 0.0


def state_with(state: GridState, bases: Bases, ahead: Ahead, values: FloatArray) -> GridState:
    rows = ahead.rows
    return state.with_arrays(
        load_p_mw=bases.load_p_mw * values[rows.load_p],
        load_q_mvar=bases.load_q_mvar * values[rows.load_q],
        generator_p_mw=bases.generator_p_mw * values[rows.generator_p],
    )


def heated(load_pu: FloatArray, ambient_celsius: FloatArray, table: FloatArray, start: FloatArray) -> Temperatures:
    """Temperatures of every unit; `start` (units, 3) is moved to the end."""
    from grid_models.life.kernel import one_path  # numba

    oil, hot, life = (np.empty_like(load_pu) for _ in range(3))
    for u in range(len(table)):
        one_path(load_pu[u], ambient_celsius, STEP_MIN, table[u], start[u], oil[u], hot[u], life[u])
    return Temperatures(load_pu, oil, hot, life)


def steady(load_pu: FloatArray, ambient_celsius: float, table: FloatArray) -> FloatArray:
    """(units, 3) top oil and both gradients after a load (units,) that has lasted for ever."""
    k = load_pu / table[:, SHARE]
    ratio = table[:, LOSS_RATIO]
    rise = table[:, RISE] * ((1.0 + ratio * k**2) / (1.0 + ratio)) ** table[:, X]
    gradient = table[:, GRADIENT] * k ** table[:, Y]
    return np.column_stack([ambient_celsius + table[:, INDOOR] + rise, table[:, K21] * gradient, (table[:, K21] - 1.0) * gradient])


def _parameters(assume: Assumptions, case: Case) -> IecParameters:
    natural = case.thermal.without_cooling
    return natural if assume.cooling_lost and natural is not None else case.thermal.parameters


def _solved(state: GridState) -> Solution:
    try:
        return solve(state)
    except PowerFlowDiverged as error:
        raise PowerFlowDiverged(explain_divergence(state).sentence) from error


def _ends(solution: Solution, cases: Sequence[Case]) -> tuple[IntArray, BoolArray, FloatArray]:
    """The end of each transformer where its load is taken: the winding and side with the largest part of its rating now."""
    model, found = solution.model, []
    for case in cases:
        each = [(branch, at_from, _rating_ka(model, branch, at_from, case)) for branch in case.unit.branches for at_from in (True, False)]
        current = {True: solution.i_from_ka, False: solution.i_to_ka}
        found.append(max(each, key=lambda e: float(np.nan_to_num(current[e[1]][e[0]] / e[2], nan=-1.0))))
    return np.array([f[0] for f in found]), np.array([f[1] for f in found]), np.array([f[2] for f in found])


def _rating_ka(model: GridModel, branch: int, at_from: bool, case: Case) -> float:
    """The grid's own; from the record's power where the grid has none; NaN at the star point of three windings."""
    branches = model.branches
    own = float((branches.rating_from_ka if at_from else branches.rating_to_ka)[branch])
    star = not at_from and len(case.unit.branches) > 1
    if case.unit.rated_mva is not None or star:
        return own
    bus = (branches.from_bus if at_from else branches.to_bus)[branch]
    return case.rated_mva / float(np.sqrt(3) * model.buses.nominal_kv[bus])
