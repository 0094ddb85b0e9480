"""What a list of actions makes of the grid, step by step, solved only where a check asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grid_models.actions import Action
from grid_models.contingency.screening import Screening, screen_outages
from grid_models.dynamics.largest_loss import LargestLoss, largest_loss
from grid_models.errors import InvalidAction, PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.divergence import explain_divergence
from grid_models.steady.solution import Solution
from grid_models.twin.state import GridState
from guardrails.circumstances import Circumstances


@dataclass(frozen=True, eq=False)
class Situation:
    """A state with its power flow and its outages, each computed at most once."""

    state: GridState

    @cached_property
    def _solved(self) -> Solution | PowerFlowDiverged:
        try:
            return solve(self.state)
        except PowerFlowDiverged as error:
            return error

    @property
    def solution(self) -> Solution | None:
        """None where the power flow has no solution."""
        return self._solved if isinstance(self._solved, Solution) else None

    @cached_property
    def problem(self) -> str:
        """Why there is no solution, how far it would go and what would restore it; empty where there is one."""
        return "" if isinstance(self._solved, Solution) else explain_divergence(self.state).sentence

    @cached_property
    def screening(self) -> Screening | None:
        """Every single outage (shared by all situations of the same state); None without a solution."""
        return None if self.solution is None else screen_outages(self.state)

    @cached_property
    def largest_loss(self) -> LargestLoss | None:
        """What frequency would do; None without a solution, and where the grid holds no frequency of its own."""
        return None if self.solution is None else largest_loss(self.solution)


@dataclass(frozen=True, eq=False)
class Change:
    """One step of a list: `actions` up to and including it, judged against the grid without any of them.

    before: without the list.  previous: just before this step.  around: what is known besides the grid.
    `after` is made when asked for and raises InvalidAction where the step does not fit, so that checks of the action alone speak first.
    """

    before: Situation
    previous: Situation
    actions: tuple[Action, ...]
    reason: str = ""
    around: Circumstances = field(default_factory=Circumstances)

    @property
    def action(self) -> Action:
        """The action of this step."""
        return self.actions[-1]

    @cached_property
    def after(self) -> Situation:
        """The grid after this step."""
        return Situation(self.previous.state.apply([self.action]))


def steps(state: GridState, actions: Sequence[Action], reason: str = "", around: Circumstances | None = None) -> tuple[Change, ...]:
    """The change after each action in order; it ends with the first one that cannot be applied.  around: nothing known where None."""
    around = around or Circumstances()
    before = previous = Situation(state)
    found = []
    for count in range(1, len(actions) + 1):
        change = Change(before, previous, tuple(actions[:count]), reason, around)
        found.append(change)
        try:
            previous = change.after
        except InvalidAction:
            break
    return tuple(found)
