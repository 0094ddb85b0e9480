"""What becomes of one transformer's course after some actions? The course under another load map, and a power flow at its hottest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.actions import Action
from grid_models.errors import AeipError
from grid_models.life.course import Course, on_course
from grid_models.life.mapped import state_with
from grid_models.life.outlook import Outlook
from grid_models.limits import OperatingLimits, ViolationKind, violations
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution


@dataclass(frozen=True)
class Help:
    """One remedy. loads in pu of the rating at the hottest moment, by power flows; peaks of the hot-spot on the course [°C].

    new_violations: limits broken at that moment that were not before.
    """

    actions: tuple[Action, ...]
    load_before_pu: float
    load_after_pu: float
    peak_before_celsius: float
    peak_after_celsius: float
    within_limits: bool
    new_violations: int

    @property
    def words(self) -> str:
        return ", ".join(a.words() for a in self.actions)


@dataclass(frozen=True, eq=False)
class Trial:
    """One transformer's course and its hottest step."""

    outlook: Outlook
    u: int
    course: Course
    at_step: int
    limits: OperatingLimits

    @cached_property
    def before(self) -> Solution:
        """The hottest moment without any action."""
        return self._solved(())

    def help(self, actions: tuple[Action, ...]) -> Help | None:
        """None where the actions cannot be done, or leave no solution: then they are no help."""
        try:
            after = self._solved(actions)
            peaks = self.peaks(actions)
        except AeipError:
            return None
        new = len(self._broken(after) - self._broken(self.before))
        return Help(actions, self._load(self.before), self._load(after), self._peaks_before[1], peaks[1], self._within(peaks), new)

    def suffices(self, actions: tuple[Action, ...]) -> bool:
        """Does the course keep the transformer's limits after them?"""
        return self._within(self.peaks(actions))

    def peaks(self, actions: tuple[Action, ...]) -> tuple[float, float]:
        """Top oil and hot-spot on the course after the actions. Raises what the actions or their power flow raise."""
        assume = self.outlook.assumptions
        mapped = self.outlook.map_after(assume.state.apply(actions)) if actions else self.outlook.load_map
        found = on_course(self.course, mapped, self.u)
        return float(found.top_oil_celsius.max()), float(found.hot_spot_celsius.max())

    @cached_property
    def _peaks_before(self) -> tuple[float, float]:
        return self.peaks(())

    def _within(self, peaks: tuple[float, float]) -> bool:
        own = self.outlook.limits[self.u]
        return peaks[0] <= own.top_oil_celsius and peaks[1] <= own.hot_spot_celsius

    def _solved(self, actions: Sequence[Action]) -> Solution:
        state = self.outlook.assumptions.state.apply(actions)
        return solve(state_with(state, self.outlook.bases, self.outlook.ahead.rows, self.course.values[:, self.at_step]))

    def _load(self, solution: Solution) -> float:
        """Largest loading of the transformer's windings [pu]."""
        return float(np.nan_to_num(solution.loading_percent[list(self.outlook.cases[self.u].unit.branches)]).max()) / 100.0

    def _broken(self, solution: Solution) -> set[tuple[str, ViolationKind]]:
        return {(v.element, v.kind) for v in violations(solution, self.limits)}
