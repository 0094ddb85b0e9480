"""A simulation on its way: what is simulated, and everything that changes while it runs."""

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from grid_models.actions import Action
from grid_models.cascade.balance import Balancing
from grid_models.cascade.balance_settings import BalanceSettings, balance_settings
from grid_models.cascade.course import Cascade, Ends, Event, Loaded
from grid_models.cascade.flows import Flows
from grid_models.cascade.holders import Holders
from grid_models.cascade.relays import Relays
from grid_models.contingency.outages import Outage
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.state import GridState

ISLAND_LOST, FREQUENCY = "no machine holds the island", "frequency"
_BALANCING = (ISLAND_LOST, FREQUENCY)  # causes of what happens before the power flow of a step, not after it


class Hidden(Protocol):
    """Relays that fail unseen."""

    def also(self, exposed: BoolArray) -> IntArray:
        """Rows of the branches that trip too, among those exposed to a trip (branches,)."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What is simulated. actions: what somebody does at a moment [s], for trying what would have stopped it."""

    state: GridState
    outage: Outage
    holders: Holders
    relays: Relays
    horizon_s: float
    method: str = "ac"
    balance: BalanceSettings = field(default_factory=balance_settings)
    hidden: Hidden | None = None
    acted_at_s: float = np.inf
    actions: tuple[Action, ...] = ()

    @property
    def balancing(self) -> Balancing:
        """What islands have to live by."""
        return Balancing(self.holders, self.balance, self.relays.generator_frequency)


@dataclass
class Run:
    """The only thing here that changes: one simulation on its way."""

    scene: Scene
    state: GridState
    relays: Relays
    scheduled_mw: FloatArray  # (generators,) before reserves act
    at_s: float = 0.0
    steps: int = 0
    dc_steps: int = 0
    acted: bool = False
    events: list[Event] = field(default_factory=list)
    pathway: list[Loaded] = field(default_factory=list)
    supplied: list[tuple[float, float]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # what went before the present flows
    flows: Flows | None = None
    loading: FloatArray | None = None  # before that


def course_of(run: Run, ends: Ends) -> Cascade:
    """In order of time: what frequency does in an island takes seconds, in which relays elsewhere may trip."""
    events = tuple(sorted(_with_losses(run), key=lambda event: event.at_s))
    return Cascade(
        events=events,
        pathway=tuple(run.pathway),
        supplied=tuple(run.supplied),
        state=run.state,
        flows=run.flows,
        steps=run.steps,
        dc_steps=run.dc_steps,
        ends=ends,
        ends_at_s=max([run.at_s, *(event.at_s for event in events[-1:])]),
    )


def _with_losses(run: Run) -> tuple[Event, ...]:
    """Load that a trip or outage cut off by itself is told with the last of those between the two power flows."""
    told = list(run.events)
    for step, ((_, before), (_, after)) in enumerate(zip(run.supplied, run.supplied[1:], strict=False)):
        known = sum(e.lost_load_mw for e in told if e.step == step + (e.cause in _BALANCING))
        mine = [i for i, e in enumerate(told) if e.step == step and e.kind in ("trip", "outage")]
        rest = before - after - known
        if abs(rest) > 1e-6 and mine:
            told[mine[-1]] = replace(told[mine[-1]], lost_load_mw=rest)
    return tuple(told)
