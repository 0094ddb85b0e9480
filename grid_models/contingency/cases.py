"""How is each outage told to the solver: as branches to remove, as machines to stop, or as a state to build and solve on its own?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from grid_models.contingency.base import Base
from grid_models.contingency.outages import Outage, branches_out
from grid_models.steady.boundary import LiveGrid
from grid_models.twin.model import IntArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState


class Case(NamedTuple):
    """One outage. out: rows of the branch table.  positions: lightsim2grid's numbers of what to remove (lines, transformers, joints).

    machines: rows to stop.  busbars: rows that fail themselves.  alone: the numbers cannot say what `state_after` says: solve that.
    """

    out: tuple[int, ...]
    positions: tuple[int, ...] = ()
    machines: tuple[int, ...] = ()
    busbars: tuple[int, ...] = ()
    alone: bool = False


_OTHERS = (ElementKind.INFEED, ElementKind.GENERATOR, ElementKind.BUS)


def cases_of(base: Base, outages: Sequence[Outage]) -> list[Case]:
    """One case per outage, in their order."""
    if base.live is None:
        return [Case(branches_out(base.state, outage), alone=True) for outage in outages]
    numbers = _Numbers(base.live)
    return [numbers.case(outage) for outage in outages]


@dataclass(frozen=True, eq=False)
class _Numbers:
    """lightsim2grid's numbering of one live grid, and what it can express."""

    live: LiveGrid

    @property
    def state(self) -> GridState:
        return self.live.state

    @cached_property
    def _branch(self) -> list[int]:
        """Position of each branch, -1 where it carries nothing."""
        position = np.full(len(self.state.model.branches), -1, dtype=np.int64)
        position[self.live.lines] = np.arange(len(self.live.lines))
        position[self.live.trafos] = len(self.live.lines) + np.arange(len(self.live.trafos))
        return list(position.tolist())

    @cached_property
    def _joint(self) -> dict[int, int]:
        """Position of each infeed's joint; a single infeed has none."""
        first = len(self.live.lines) + len(self.live.trafos)
        return {int(i): first + n for n, i in enumerate(self.live.infeeds)} if len(self.live.infeeds) > 1 else {}

    @cached_property
    def _holders(self) -> dict[int, list[int]]:
        """Machines in service that hold, or beside an infeed would hold, the voltage of each node."""
        machines = self.state.model.generators
        holders: dict[int, list[int]] = {}
        for row in np.flatnonzero(machines.holds_voltage & self.state.generator_on):
            holders.setdefault(int(self.live.topology.node_of_bus[machines.bus[row]]), []).append(int(row))
        return holders

    @cached_property
    def _buses_at_node(self) -> IntArray:
        return np.bincount(self.live.topology.node_of_bus)

    def case(self, outage: Outage) -> Case:
        out = branches_out(self.state, outage)
        branch = self._branch
        positions = {branch[b] for b in out}
        others = [e for e in outage.elements if e.kind in _OTHERS]
        if others:
            return self._with_others(out, positions, others)
        positions.discard(-1)
        return Case(out, tuple(sorted(positions)), alone=not positions)

    def _with_others(self, out: tuple[int, ...], positions: set[int], others: Sequence[Element]) -> Case:
        """Infeeds, machines and busbars fail, perhaps with branches."""
        infeeds, machines, busbars = ([e.index for e in others if e.kind is kind] for kind in _OTHERS)
        at_busbars = np.flatnonzero(np.isin(self.state.model.infeeds.bus, busbars) & self.state.infeed_on).tolist()
        positions |= {self._joint.get(i, -1) for i in [*infeeds, *at_busbars]}
        positions.discard(-1)
        running = tuple(i for i in machines if self.state.generator_on[i])
        alone = any(self._infeed_alone(i) for i in infeeds) or any(i not in self._joint for i in at_busbars)
        alone |= any(self._coupled(b) for b in busbars) or any(self._set_point_moves(machines, i) for i in running)
        return Case(out, tuple(sorted(positions)), running, tuple(busbars), alone or not (positions or running))

    def _infeed_alone(self, infeed: int) -> bool:
        """The only infeed ends all supply; one that keeps a machine at its node from holding the voltage gives it that task."""
        node = self.live.topology.node_of_bus[self.state.model.infeeds.bus[infeed]]
        return infeed not in self._joint or int(node) in self._holders

    def _set_point_moves(self, machines: Sequence[int], lost: int) -> bool:
        """The first machine of a node says the set-point; the next may say another one."""
        holders = self._holders.get(int(self.live.topology.node_of_bus[self.state.model.generators.bus[lost]]), [])
        left = [row for row in holders if row not in machines]
        return bool(left) and self.state.generator_vm_pu[left[0]] != self.state.generator_vm_pu[holders[0]]

    def _coupled(self, busbar: int) -> bool:
        """A busbar coupled to others leaves them alive."""
        return bool(self._buses_at_node[self.live.topology.node_of_bus[busbar]] > 1)


def ranges_of(rows: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """Rows of different lengths as (first, values): row i is values[first[i]:first[i + 1]]."""
    first = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=first[1:])
    return first, np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(first[-1]))
