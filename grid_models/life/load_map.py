"""How do the transformers' loads follow the profiles of the grid? One complex weight for each transformer and profile.

The future is a table of relative profile values; loads of all transformers are one product with it, for thousands of steps at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from grid_models.forecasting.followers import Followers
from grid_models.life.current_map import CurrentMap
from grid_models.twin.model import ComplexArray, FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology

PARTS = ("demand", "weather", "other")


@dataclass(frozen=True, eq=False)
class LoadMap:
    """Complex load of each transformer in pu of its rating: offset + Σ parts · values; its magnitude loads the transformer.

    offset: (units,) with nothing injected or drawn.  parts: (3, units, rows + capped) for demand, wind and PV, other machines.
    capped, cap: (capped,) rows that a set-point holds down, and at which relative value; then those of which loads shed up to a value.
    """

    offset: ComplexArray
    parts: ComplexArray
    capped: IntArray
    cap: FloatArray

    def of_parts(self, values: FloatArray) -> ComplexArray:
        """(3, units, steps) from relative values (rows, steps)."""
        every = np.concatenate([values, np.minimum(values[self.capped], self.cap[:, None])])
        flat = self.parts.reshape(-1, len(every))  # two real products: numpy multiplies complex by real matrices without its fast library
        return np.asarray(flat.real @ every + 1j * (flat.imag @ every)).reshape(*self.parts.shape[:2], -1)

    def loads(self, values: FloatArray) -> ComplexArray:
        """(units, steps) complex, all parts."""
        return np.asarray(self.offset[:, None] + self.of_parts(values).sum(axis=0))


@dataclass(frozen=True, eq=False)
class Bases:
    """MW or Mvar of every element at relative value 1."""

    load_p_mw: FloatArray
    load_q_mvar: FloatArray
    generator_p_mw: FloatArray


def bases_of(before: GridState, after: GridState, has_profiles: bool) -> Bases:
    """What the profiles scale. Without profiles the present values stand for the future; scaling by what-if changes counts in both."""
    start = before.model.start
    names = ("load_p_mw", "load_q_mvar", "generator_p_mw")
    if not has_profiles:
        return Bases(*(getattr(after, n) for n in names))
    return Bases(*(getattr(start, n) * _scaled(getattr(before, n), getattr(after, n)) for n in names))


def _scaled(before: FloatArray, after: FloatArray) -> FloatArray:
    return np.divide(after, before, out=np.ones_like(after), where=(before != 0) & (before != after))


def load_map(state: GridState, topology: Topology, bases: Bases, rows: Followers, count: int, currents: CurrentMap) -> LoadMap:
    """The map of a state's switching, set-points and shed loads.  count: rows of the relative values."""
    machines, loads = state.model.generators, state.model.loads
    weather = machines.weather
    held = state.generator_on & ~np.isnan(state.generator_p_setpoint_mw)
    capped = np.flatnonzero(held & weather & (bases.generator_p_mw > 0))
    shed = np.flatnonzero(state.load_on & (state.load_shed_mw > 0) & (bases.load_p_mw > 0))
    fixed = np.where(held & ~weather, state.generator_p_setpoint_mw, 0.0) + 1j * state.generator_injected_mvar
    free = state.generator_on & ~(held & ~weather)
    row = rows.generator_p.copy()
    row[capped] = count + np.arange(len(capped))
    width = count + len(capped) + len(shed)
    load_node, machine_node = topology.node_of_bus[loads.bus], topology.node_of_bus[machines.bus]
    drawn = _by_row(load_node, rows.load_p, -bases.load_p_mw * state.load_on, width, currents)
    drawn += 1j * _by_row(load_node, rows.load_q, -bases.load_q_mvar * state.load_on, width, currents)
    power = bases.load_p_mw[shed] * (1.0 + 1j * _mvar_per_mw(state)[shed])
    drawn += _by_row(load_node[shed], count + len(capped) + np.arange(len(shed)), power, width, currents)
    free_mw = bases.generator_p_mw * free
    injected = (_by_row(machine_node, row, free_mw * which, width, currents) for which in (weather, ~weather))
    constant = np.zeros(len(currents.base_mva), dtype=complex)
    np.add.at(constant, machine_node, np.where(state.generator_on, fixed, 0.0))
    return LoadMap(
        offset=currents.currents(constant[None, :])[:, 0],
        parts=np.array([_seen(currents, part) for part in (drawn, *injected)]),
        capped=np.concatenate([rows.generator_p[capped], rows.load_p[shed]]),
        cap=np.concatenate(
            [state.generator_p_setpoint_mw[capped] / bases.generator_p_mw[capped], state.load_shed_mw[shed] / bases.load_p_mw[shed]]
        ),
    )


def _mvar_per_mw(state: GridState) -> FloatArray:
    """(loads,) what a load draws with each MW now, and sheds with it; 0 where it draws none."""
    return np.divide(state.load_q_mvar, state.load_p_mw, out=np.zeros_like(state.load_p_mw), where=state.load_p_mw > 0)


def _by_row(node: IntArray, row: IntArray, power: FloatArray | ComplexArray, width: int, currents: CurrentMap) -> ComplexArray:
    """(nodes, rows) power injected at each node for a relative value of 1 of each row."""
    table = csr_array((power, (node, row)), shape=(len(currents.base_mva), width))
    return np.asarray(table.toarray(), dtype=np.complex128)


def _seen(currents: CurrentMap, injected: ComplexArray) -> ComplexArray:
    """(units, rows) of the loads."""
    return np.asarray(currents.per_mw @ injected.real + currents.per_mvar @ injected.imag)
