"""A cascade as a value: what happened when, and what is left."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grid_models.cascade.flows import Flows
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of


class Ends(StrEnum):
    """Why a simulation stopped."""

    QUIET = "quiet"
    BLACKOUT = "blackout"
    HORIZON = "horizon"
    STEPS = "too many steps"


@dataclass(frozen=True)
class Event:
    """One thing that happened by itself. branch: row of the branch table, -1 for anything else.

    loading_pu: of the permanent rating, scaled as asked, when it happened; None where that is not why.  step: the power flow it came from.
    """

    at_s: float
    element: str
    kind: str
    cause: str
    step: int
    branch: int = -1
    loading_pu: float | None = None
    lost_load_mw: float = 0.0
    lost_generation_mw: float = 0.0


@dataclass(frozen=True)
class Loaded:
    """A branch that the step before loaded more: an edge of the overload pathway, from what was lost to what it loaded."""

    lost: str
    loaded: str
    before_pu: float
    after_pu: float
    at_s: float


@dataclass(frozen=True, eq=False)
class Cascade:
    """events: in order.  supplied: (seconds, MW of load) from each moment on.  state, flows: at the end.  dc_steps: AC had no solution."""

    events: tuple[Event, ...]
    pathway: tuple[Loaded, ...]
    supplied: tuple[tuple[float, float], ...]
    state: GridState
    flows: Flows | None
    steps: int
    dc_steps: int
    ends: Ends
    ends_at_s: float

    @property
    def trips(self) -> int:
        """What went by itself: branches and machines."""
        return sum(e.kind in ("trip", "machine trip") for e in self.events)

    @property
    def lost_load_mw(self) -> float:
        """Supplied before and not at the end."""
        return self.supplied[0][1] - self.supplied[-1][1]

    def lost_customers(self, before: GridState) -> float | None:
        """Behind what is not supplied any more, of a load that is shed in part the same part; None where no load's are known.

        before: the state the cascade began with.
        """
        known = np.isfinite(before.model.loads.customers)
        if not known.any():
            return None
        then, now = (np.where(topology_of(s).bus_live[s.model.loads.bus], np.abs(s.load_drawn_mw), 0.0) for s in (before, self.state))
        share = np.clip(np.divide(then - now, then, out=np.zeros_like(then), where=then > 0.0), 0.0, 1.0)
        return float((share * before.model.loads.customers)[known].sum())

    def lost_mwh(self, horizon_s: float) -> float:
        """Load not supplied until the horizon, since nobody acts."""
        before = self.supplied[0][1]
        ends = [*(t for t, _ in self.supplied[1:]), horizon_s]
        return sum((before - mw) * (end - t) for (t, mw), end in zip(self.supplied, ends, strict=True)) / 3600.0
