"""What would keep a transformer cooler? Set-points and closings, each tried on the same course and checked by power flows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from grid_models.actions import Action, ActionKind
from grid_models.causes.branch_end import loaded_end, most_loaded
from grid_models.causes.injections import injections_of
from grid_models.causes.relief import Relief, Step, reliefs
from grid_models.causes.sensitivity import end_sensitivity
from grid_models.errors import AeipError
from grid_models.life.course import Course
from grid_models.life.outlook import Outlook, heated, outlook_of, state_with
from grid_models.limits import OperatingLimits, violations
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.apply import breakers_of
from grid_models.twin.registry import ElementKind

_SET_POINTS, _CLOSINGS, _TOGETHER = 6, 12, 5  # how many are tried; engineering judgement
_HALVINGS = 8
_NOTICED_K = 0.2  # less relief is none


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


def helps(outlook: Outlook, u: int, course: Course, at_step: int, limits: OperatingLimits, top: int) -> tuple[Help, ...]:
    """Those that work, gentlest first among those that suffice: a remedy that keeps the limits before one that does not."""
    trial = _Trial(outlook, u, course, at_step, limits)
    single = [h for actions in trial.candidates() if (h := trial.help(actions)) is not None]
    if not any(h.within_limits for h in single):
        single += list(trial.together([h for h in single if h.actions[0].kind is ActionKind.SET_P]))
    worth = [h for h in single if h.peak_before_celsius - h.peak_after_celsius > _NOTICED_K]
    return tuple(sorted(worth, key=lambda h: (not h.within_limits, h.new_violations, h.peak_after_celsius))[:top])


class _Trial:
    """One transformer's course, and what becomes of it."""

    def __init__(self, outlook: Outlook, u: int, course: Course, at_step: int, limits: OperatingLimits) -> None:
        self.outlook, self.u, self.course, self.at_step, self.limits = outlook, u, course, at_step, limits
        self.before = self.solved(())
        self.broken = {(v.element, v.kind) for v in violations(self.before, limits)}
        self.peaks_before = self.peaks(outlook)

    def solved(self, actions: Sequence[Action]) -> Solution:
        """The power flow of the hottest moment after some actions."""
        state = self.outlook.assumptions.state.apply(actions)
        return solve(state_with(state, self.outlook.bases, self.outlook.ahead, self.course.values[:, self.at_step]))

    def peaks(self, outlook: Outlook) -> tuple[float, float]:
        """Top oil and hot-spot on the course with another outlook's load map."""
        demand, weather, other = outlook.load_map.of_parts(self.course.values)[:, self.u]
        load = np.abs(outlook.load_map.offset[self.u] + demand * self.course.growth + weather + other)
        found = heated(load[None, :], self.course.ambient_celsius, self.course.constants[None, :], self.course.start[None, :].copy())
        return float(found.top_oil_celsius.max()), float(found.hot_spot_celsius.max())

    def within(self, peaks: tuple[float, float]) -> bool:
        own = self.outlook.limits[self.u]
        return peaks[0] <= own.top_oil_celsius and peaks[1] <= own.hot_spot_celsius

    def help(self, actions: tuple[Action, ...]) -> Help | None:
        """None where the actions cannot be done, or leave no solution: then they are no help."""
        try:
            after = self.solved(actions)
            peaks = self.peaks(self.with_actions(actions))
        except AeipError:
            return None
        new = sum((v.element, v.kind) not in self.broken for v in violations(after, self.limits))
        return Help(actions, self.load(self.before), self.load(after), self.peaks_before[1], peaks[1], self.within(peaks), new)

    def with_actions(self, actions: Sequence[Action]) -> Outlook:
        assume = self.outlook.assumptions
        return outlook_of(assume.with_state(assume.state.apply(actions)), self.outlook.cases)

    def load(self, solution: Solution) -> float:
        """Largest loading of the transformer's windings [pu]."""
        return float(np.nan_to_num(solution.loading_percent[list(self.outlook.cases[self.u].unit.branches)]).max()) / 100.0

    def candidates(self) -> Iterator[tuple[Action, ...]]:
        """Closings first, then the set-points that act most, each only as far as is needed."""
        for element in self.closable()[:_CLOSINGS]:
            yield (Action(kind=ActionKind.CLOSE, element=element),)
        for relief in self.reliefs()[:_SET_POINTS]:
            action = self.set_point(relief)
            if action is not None:
                yield (action,)

    def closable(self) -> list[str]:
        """Branches out of service and open couplers, in the order of the tables."""
        model, state = self.outlook.assumptions.state.model, self.outlook.assumptions.state
        dead = [
            i
            for i in range(len(model.branches))
            if not self.before.topology.branch_live[i] and (breakers_of(model, i) or not state.branch_on[i])
        ]
        couplers = np.flatnonzero(~state.switch_closed & (model.switches.other_bus >= 0) & (model.switches.branch < 0))
        of_branches = {s for i in range(len(model.branches)) for s in breakers_of(model, i)}
        return [model.branches.name[i] for i in dead] + [model.switches.name[i] for i in couplers if int(i) not in of_branches]

    def reliefs(self) -> list[Relief]:
        """Set-points of machines, those that can take most off first."""
        branch = most_loaded(self.before, self.outlook.cases[self.u].unit.branches)
        end = loaded_end(self.before, branch)
        injections = injections_of(self.before.state, self.before.topology)
        found = reliefs(self.before.state, injections, end_sensitivity(self.before, end), end)
        machines = [r for r in found if r.element.kind is ElementKind.GENERATOR and r.relief_mw is not None]
        return sorted(machines, key=lambda r: -(r.relief_mw or 0.0))

    def set_point(self, relief: Relief) -> Action | None:
        """As far as is needed to keep the limits, to whole megawatts; all the way where even that is not enough."""
        i, machines = relief.element.index, self.outlook.assumptions.state.model.generators
        if relief.step is Step.INJECT_MORE:
            return None if machines.weather[i] else self._set(relief, float(machines.p_max_mw[i]))
        now, least = float(self.before.state.generator_injected_mw[i]), float(machines.p_min_mw[i])
        low, high = max(least, 0.0), now
        if not self._suffices(relief, low):
            return self._set(relief, low)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._suffices(relief, middle) else (low, middle)
        return self._set(relief, max(float(floor(low)), max(least, 0.0)))

    def _suffices(self, relief: Relief, p_mw: float) -> bool:
        return self.within(self.peaks(self.with_actions((self._set(relief, p_mw),))))

    @staticmethod
    def _set(relief: Relief, p_mw: float) -> Action:
        return Action(kind=ActionKind.SET_P, element=relief.element.name, p_mw=p_mw)

    def together(self, single: list[Help]) -> Iterator[Help]:
        """The strongest set-points one after another, until they suffice."""
        ordered = sorted(single, key=lambda h: h.peak_after_celsius)
        for count in range(2, min(len(ordered), _TOGETHER) + 1):
            found = self.help(tuple(h.actions[0] for h in ordered[:count]))
            if found is None:
                continue
            if found.within_limits or count == min(len(ordered), _TOGETHER):
                yield found
                return
