"""What does each departure from normal, or each what-if change, do to the branch? One power flow each."""

from dataclasses import dataclass
from itertools import pairwise

from grid_models.causes.branch_end import BranchEnd, loading_percent
from grid_models.causes.departures import Departure, undone
from grid_models.causes.nearness import nearest_first
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.state import GridState

_ALL_UP_TO = 50  # departures that are all solved; of more only the nearest
_NEAREST = 20


@dataclass(frozen=True)
class Load:
    """Flow [MW] and loading of the branch in one state; None, with a reason, where the state has no solution."""

    flow_mw: float | None
    percent: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Effect:
    """With less without: what the thing adds to flow and loading (percentage points). `other`: the branch without (or after) it."""

    effect_mw: float | None
    effect_percent: float | None
    other: Load


def load_of(state: GridState, end: BranchEnd) -> Load:
    """The branch in this state, its flow in the direction of `end`."""
    try:
        return _load(solve(state), end)
    except PowerFlowDiverged as error:
        return Load(None, None, str(error))


def departure_effects(solution: Solution, end: BranchEnd, found: tuple[Departure, ...]) -> tuple[tuple[Departure, Effect], ...]:
    """Each departure undone singly, largest effect first; of more than 50 only the 20 electrically nearest to the branch."""
    if len(found) > _ALL_UP_TO:
        found = nearest_first(solution.state, end.branch, found)[:_NEAREST]
    effects = [(d, together(solution, end, (d,))) for d in found]
    return tuple(sorted(effects, key=lambda e: -abs(e[1].effect_mw or 0.0)))


def together(solution: Solution, end: BranchEnd, found: tuple[Departure, ...]) -> Effect:
    """These departures undone at once: single effects do not add up where departures act on each other."""
    without = load_of(undone(solution.state, found), end)
    now = _load(solution, end)
    return Effect(_less(now.flow_mw, without.flow_mw), _less(now.percent, without.percent), without)


def change_effects(states: tuple[GridState, ...], end: BranchEnd) -> tuple[Effect, ...]:
    """What each step from state to state does; the effects of all steps add up to the whole difference."""
    loads = [load_of(state, end) for state in states]
    return tuple(
        Effect(_less(after.flow_mw, before.flow_mw), _less(after.percent, before.percent), after) for before, after in pairwise(loads)
    )


def _load(solution: Solution, end: BranchEnd) -> Load:
    return Load(end.flow_mw(solution), loading_percent(solution, end.branch))


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
