"""What if a cause of heat were not there? One transformer's course without it, from temperatures that it has not warmed before."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from grid_models.assets.thermal import thermal_model
from grid_models.causes.departures import departures, undone
from grid_models.errors import AeipError
from grid_models.life.constants import constants
from grid_models.life.course import Course
from grid_models.life.heated import heated
from grid_models.life.load_map import LoadMap
from grid_models.life.outlook import Outlook
from grid_models.life.present import warmed
from grid_models.twin.model import ComplexArray, FloatArray

SWITCHING_COLUMNS = ("switch_closed", "branch_on", "tap", "infeed_on", "shunt_step")
_SAME = 1e-9
_FELT_GROWTH = 1e-3  # of the demand: less is no cause


class Cause(StrEnum):
    GROWTH = "load growth"
    WEATHER = "hot weather"
    WIND_AND_PV = "wind and pv"
    SWITCHING = "switching"
    COOLING = "lost cooling"
    ABOVE_USUAL = "load above its mean"


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """normal: the load map of normal switching.  cooled: (COLUMNS,) with every fan and pump, of the course and of the class.

    active: what is a cause here at all; the rest is always as on the course.
    """

    outlook: Outlook
    u: int
    course: Course
    normal: LoadMap
    usual_celsius: FloatArray
    cooled: FloatArray
    active: tuple[Cause, ...]

    def hot_spot(self, kept: frozenset[Cause]) -> FloatArray:
        """(steps,) with these causes alone."""
        kept = kept | (frozenset(Cause) - frozenset(self.active))
        mapped = self.outlook.load_map if Cause.SWITCHING in kept else self.normal
        growth = self.course.growth if Cause.GROWTH in kept else np.ones(1)
        load = self._load(mapped, self.course.values, kept, growth)
        ambient = self.course.ambient_celsius if Cause.WEATHER in kept else self.usual_celsius
        table = self.course.constants if Cause.COOLING in kept else self.cooled * self._own
        found = heated(load, ambient, table[None, :], self._start(kept)[None, :])
        return np.asarray(found.hot_spot_celsius[0])

    def _load(self, mapped: LoadMap, values: FloatArray, kept: frozenset[Cause], growth: FloatArray) -> FloatArray:
        """(1, steps) of the transformer."""
        demand, weather, other = mapped.of_parts(values)[:, self.u]
        if Cause.ABOVE_USUAL not in kept:
            demand, other = self._means(mapped)
        total = mapped.offset[self.u] + demand * growth + other + (weather if Cause.WIND_AND_PV in kept else 0.0)
        return np.asarray(np.abs(np.broadcast_to(total, (1, values.shape[1]))))

    def _means(self, mapped: LoadMap) -> tuple[ComplexArray, ComplexArray]:
        """(1,) demand and other machines at their mean of the horizon."""
        demand, _, other = mapped.of_parts(self.course.values)[:, self.u]
        return np.array([demand.mean()]), np.array([other.mean()])

    @property
    def _own(self) -> FloatArray:
        """(COLUMNS,) the course's constants over those of the record or class."""
        return np.asarray(np.divide(self.course.constants, self._table, out=np.ones_like(self._table), where=self._table != 0))

    @property
    def _table(self) -> FloatArray:
        return np.asarray(self.outlook.constants[self.u])

    def _start(self, kept: frozenset[Cause]) -> FloatArray:
        """(3,): the course's start, changed by what the last days would have been without the other causes."""
        change = self._warmed(kept) - self._warmed(frozenset(Cause))
        weather = 0.0 if Cause.WEATHER in kept else float(self.outlook.ambient.celsius[0] - self.course.ambient_celsius[0])
        return np.asarray(self.course.start + change * self._own[[0, 1, 1]] + np.array([weather, 0.0, 0.0]))

    def _warmed(self, kept: frozenset[Cause]) -> FloatArray:
        past = self.outlook.past
        load = self._load(past.mapped if Cause.SWITCHING in kept else self.normal, past.values, kept, np.ones(1))
        table = past.table[self.u] if Cause.COOLING in kept else self.cooled
        ambient = past.ambient_celsius if Cause.WEATHER in kept else past.usual_celsius
        return np.asarray(warmed(load, ambient, table[None, :])[0])


def counterfactual(outlook: Outlook, u: int, course: Course) -> Counterfactual:
    """Of one transformer on one course."""
    assume = outlook.assumptions
    normal, cooled = normal_switching(outlook), _all_cooling(outlook, u)
    usual = assume.usual_weather.ambient(assume.at, outlook.ahead.steps, 15.0).celsius
    demand, _, other = outlook.load_map.of_parts(course.values)[:, u]
    moved = {
        Cause.GROWTH: np.abs(course.growth - 1.0) > _FELT_GROWTH,
        Cause.WEATHER: np.abs(course.ambient_celsius - usual) > _SAME,
        Cause.WIND_AND_PV: np.abs(outlook.load_map.parts[1, u]) > _SAME,
        Cause.SWITCHING: np.array(normal is not outlook.load_map),
        Cause.COOLING: np.abs(cooled - outlook.constants[u]) > _SAME,
        Cause.ABOVE_USUAL: np.abs(demand + other - (demand + other).mean()) > _SAME,
    }
    return Counterfactual(outlook, u, course, normal, usual, cooled, tuple(c for c in Cause if moved[c].any()))


def normal_switching(outlook: Outlook) -> LoadMap:
    """The map without the departures of switches, branches and taps; the same object where there are none, or where it cannot be solved."""
    state = outlook.assumptions.state
    switched = tuple(d for d in departures(state) if all(column in SWITCHING_COLUMNS for column, _, _ in d.undo))
    if not switched:
        return outlook.load_map
    try:
        return outlook.map_after(undone(state, switched))
    except AeipError:
        return outlook.load_map


def _all_cooling(outlook: Outlook, u: int) -> FloatArray:
    """(COLUMNS,) if every fan and pump ran."""
    case = outlook.cases[u]
    record = replace(case.record, cooling_lost=False) if case.record else None
    return constants(thermal_model(record, case.rated_mva).parameters, outlook.limits[u])
