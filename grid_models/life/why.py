"""Why does a transformer get hot? Each cause is taken away in every order of the causes; the mean of what that does is its share.

Shares of this kind (Shapley, 1953) add up exactly to the peak less the peak without any of the causes, and twins get the same.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from math import factorial

import numpy as np

from grid_models.assets.thermal import thermal_model
from grid_models.causes.departures import departures, undone
from grid_models.errors import AeipError
from grid_models.life.constants import constants
from grid_models.life.course import Course
from grid_models.life.heated import heated
from grid_models.life.load_map import LoadMap
from grid_models.life.outlook import Outlook
from grid_models.twin.model import FloatArray

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


_WITHOUT = {
    Cause.GROWTH: "against today's demand",
    Cause.WEATHER: "against the usual temperature of the season",
    Cause.WIND_AND_PV: "against no wind and PV at all",
    Cause.SWITCHING: "against the grid's normal switching",
    Cause.COOLING: "against all fans and pumps running",
    Cause.ABOVE_USUAL: "against demand and other machines at their mean of the horizon",
}


@dataclass(frozen=True)
class CauseShare:
    """What a cause adds to the hot-spot's peak [K]."""

    cause: Cause
    share_k: float
    words: str


@dataclass(frozen=True)
class Why:
    """shares add up to peak_celsius - baseline_celsius.  at_step: when the hot-spot peaks with all causes."""

    peak_celsius: float
    baseline_celsius: float
    at_step: int
    shares: tuple[CauseShare, ...]


def why(outlook: Outlook, u: int, course: Course) -> Why:
    """The causes of one transformer's peak on one course."""
    world = _World.of(outlook, u, course)
    peaks = {frozenset(kept): world.peak(frozenset(kept)) for n in range(len(world.active) + 1) for kept in combinations(world.active, n)}
    everything = frozenset(world.active)
    shares = [CauseShare(cause, _share(cause, world.active, peaks), _WITHOUT[cause]) for cause in world.active]
    hot = world.hot_spot(everything)
    return Why(peaks[everything], peaks[frozenset()], int(np.argmax(hot)), tuple(sorted(shares, key=lambda s: -abs(s.share_k))))


def _share(cause: Cause, active: tuple[Cause, ...], peaks: dict[frozenset[Cause], float]) -> float:
    others, n, total = [c for c in active if c is not cause], len(active), 0.0
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        total += weight * sum(peaks[frozenset((*kept, cause))] - peaks[frozenset(kept)] for kept in combinations(others, size))
    return total


@dataclass(frozen=True, eq=False)
class _World:
    """A course with its causes; each can be taken away. What is no cause here is always as on the course."""

    course: Course
    u: int
    now: LoadMap
    normal: LoadMap
    usual_ambient: FloatArray
    cooled: FloatArray
    active: tuple[Cause, ...]

    @classmethod
    def of(cls, outlook: Outlook, u: int, course: Course) -> "_World":
        normal = normal_switching(outlook)
        usual = outlook.assumptions.usual_weather.ambient(outlook.assumptions.at, outlook.ahead.steps, 15.0).celsius
        cooled = _all_cooling(outlook, u, course)
        moved = {
            Cause.GROWTH: bool(np.any(np.abs(course.growth - 1.0) > _FELT_GROWTH)),
            Cause.WEATHER: bool(np.any(np.abs(course.ambient_celsius - usual) > _SAME)),
            Cause.WIND_AND_PV: bool(np.any(np.abs(outlook.load_map.parts[1, u]) > _SAME)),
            Cause.SWITCHING: normal is not outlook.load_map,
            Cause.COOLING: bool(np.any(np.abs(cooled - course.constants) > _SAME)),
            Cause.ABOVE_USUAL: True,
        }
        return cls(course, u, outlook.load_map, normal, usual, cooled, tuple(c for c in Cause if moved[c]))

    def hot_spot(self, kept: frozenset[Cause]) -> FloatArray:
        """(steps,) with these causes."""
        kept = kept | (frozenset(Cause) - frozenset(self.active))
        mapped = self.now if Cause.SWITCHING in kept else self.normal
        demand, weather, other = mapped.of_parts(self.course.values)[:, self.u]
        if Cause.ABOVE_USUAL not in kept:
            demand, other = np.full_like(demand, demand.mean()), np.full_like(other, other.mean())
        if Cause.GROWTH in kept:
            demand = demand * self.course.growth
        load = np.abs(mapped.offset[self.u] + demand + other + (weather if Cause.WIND_AND_PV in kept else 0.0))
        ambient = self.course.ambient_celsius if Cause.WEATHER in kept else self.usual_ambient
        table = self.course.constants if Cause.COOLING in kept else self.cooled
        found = heated(load[None, :], np.ascontiguousarray(ambient), table[None, :], self.course.start[None, :].copy())
        return np.asarray(found.hot_spot_celsius[0])

    def peak(self, kept: frozenset[Cause]) -> float:
        return float(self.hot_spot(kept).max())


def normal_switching(outlook: Outlook) -> LoadMap:
    """The map without the departures of switches, branches and taps; the same object where there are none, or where it cannot be solved."""
    assume = outlook.assumptions
    switched = tuple(d for d in departures(assume.state) if all(column in SWITCHING_COLUMNS for column, _, _ in d.undo))
    if not switched:
        return outlook.load_map
    try:
        return outlook.map_after(undone(assume.state, switched))
    except AeipError:
        return outlook.load_map


def _all_cooling(outlook: Outlook, u: int, course: Course) -> FloatArray:
    """The course's constants if every fan and pump ran."""
    case = outlook.cases[u]
    record = replace(case.record, cooling_lost=False) if case.record else None
    table = constants(thermal_model(record, case.rated_mva).parameters, outlook.limits[u])
    table[:3] *= course.constants[:3] / outlook.constants[u][:3]
    return table
