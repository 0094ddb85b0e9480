"""What would a disconnector break or make, if it were moved? It has no means to do either."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grid_models.steady.solution import Solution
from grid_models.steady.switch_current import SwitchCurrent, switch_current
from grid_models.twin.model import BoolArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

UNLOADED_AMPERE = 0.5  # what studies call unloaded; of orders the rule pack's own limit decides


@dataclass(frozen=True)
class DisconnectorMove:
    """joins_live: it would close between two live parts.  energised: equipment other than busbars that would get voltage by it.

    current: through it, before it opens or after it has closed.
    """

    name: str
    closes: bool
    joins_live: bool
    energised: tuple[str, ...]
    current: SwitchCurrent

    def is_under_load(self, limit_ampere: float) -> bool:
        """True where the current is hidden, too: what is not known to be unloaded is not."""
        beyond = not self.current.bridged and not self.current.ampere <= limit_ampere
        return self.joins_live or bool(self.energised) or beyond


def disconnector_move(before: GridState, after: GridState, solved: Callable[[GridState], Solution]) -> DisconnectorMove | None:
    """The disconnector that differs between two states; None where none does. An action moves at most one: branches have breakers.

    solved: gives the power flow of either state, asked only where there is voltage. Raises what `solved` raises.
    """
    switches = before.model.switches
    moved = np.flatnonzero((before.switch_closed != after.switch_closed) & ~switches.can_break_load)
    if not len(moved):
        return None
    row = int(moved[0])
    closes, live = bool(after.switch_closed[row]), _sides_live(before, row)
    if not live.any():
        return DisconnectorMove(switches.name[row], closes, joins_live=False, energised=(), current=SwitchCurrent(0.0))
    current = switch_current(solved(after if closes else before), row)
    joins_live = closes and bool(live.all()) and not current.bridged
    return DisconnectorMove(switches.name[row], closes, joins_live, _energised(before, after), current)


def _sides_live(state: GridState, row: int) -> BoolArray:
    """(2,) which sides have voltage; the far side of a switch at a branch is the branch."""
    switches, topology = state.model.switches, topology_of(state)
    branch, other = switches.branch[row], switches.other_bus[row]
    far = topology.branch_live[branch] if branch >= 0 else topology.bus_live[other]
    return np.array([topology.bus_live[switches.bus[row]], far])


def _energised(before: GridState, after: GridState) -> tuple[str, ...]:
    model, was, now = before.model, topology_of(before), topology_of(after)
    bus = now.bus_live & ~was.bus_live
    tables = (
        (model.branches.name, now.branch_live & ~was.branch_live),
        (model.loads.name, after.load_on & bus[model.loads.bus]),
        (model.generators.name, after.generator_on & bus[model.generators.bus]),
        (model.shunts.name, (after.shunt_step > 0) & bus[model.shunts.bus]),
    )
    return tuple(names[i] for names, chosen in tables for i in np.flatnonzero(chosen))
