"""Many outages of machines at once, also together with branches: lightsim2grid's sweep over injections and masks."""

from collections.abc import Sequence

import numpy as np
from lightsim2grid.lightsim2grid_cpp import ScenarioSweepCPP

from grid_models.contingency.base import Base
from grid_models.contingency.batch import Solved
from grid_models.contingency.cases import Case
from grid_models.steady.boundary import MAX_ITERATIONS, NEWTON, TOLERANCE, LiveGrid
from grid_models.twin.model import BoolArray, IntArray


def solve_machine_cases(base: Base, live: LiveGrid, cases: Sequence[Case], which: IntArray, threads: int) -> Solved:
    """The cases `which`, which stop machines. A node whose last machine stops no longer holds its voltage."""
    stops = _Stops(live, len(which))
    for row, i in enumerate(which):
        for machine in cases[i].machines:
            stops.stop(row, machine)
    removed = _removed(live, [cases[i] for i in which])
    sweep = ScenarioSweepCPP(live.grid)
    sweep.change_algorithm(NEWTON)
    sweep.handle_disconnected_grid = True
    sweep.nb_thread = threads
    sweep.set_contingency_lines(np.ascontiguousarray(removed[:, : len(live.lines)]))
    sweep.set_contingency_trafos(np.ascontiguousarray(removed[:, len(live.lines) :]))
    sweep.set_contingency_gens(stops.holders_left == 0)
    sweep.modify_load_p(-stops.injected_mva.real)
    sweep.modify_load_q(-stops.injected_mva.imag)
    sweep.modify_gen_p(stops.held_p_mw)
    sweep.compute(base.voltage, MAX_ITERATIONS, TOLERANCE)
    converged = np.asarray(sweep.converged_mask(), dtype=bool)
    return Solved(np.asarray(sweep.get_voltages()), np.flatnonzero(converged), which[converged])


class _Stops:
    """What the solver is told of injections, one row per case. Its own generators are the held nodes; the last one is the slack."""

    def __init__(self, live: LiveGrid, cases: int) -> None:
        self._state = live.state
        machines = live.state.model.generators
        self._bus = live.solver_bus[live.topology.node_of_bus[machines.bus]]
        self._held = {int(bus): i for i, bus in enumerate(live.held)}
        holders = np.zeros(len(live.held) + 1, dtype=np.int64)
        holders[-1] = 1
        for row in np.flatnonzero(machines.holds_voltage & live.state.generator_on):
            if int(self._bus[row]) in self._held:
                holders[self._held[int(self._bus[row])]] += 1
        self.injected_mva = np.tile(live.injected_mva, (cases, 1))
        self.held_p_mw = np.tile(np.append(live.held_p_mw, 0.0), (cases, 1))
        self.holders_left = np.tile(holders, (cases, 1))

    def stop(self, row: int, machine: int) -> None:
        bus = int(self._bus[machine])
        if bus < 0:
            return  # it is cut off already
        active, reactive = self._state.generator_injected_mw[machine], self._state.generator_injected_mvar[machine]
        self.injected_mva[row, bus] -= 1j * reactive
        if self._state.model.generators.holds_voltage[machine] and bus in self._held:
            self.held_p_mw[row, self._held[bus]] -= active
            self.holders_left[row, self._held[bus]] -= 1
        else:
            self.injected_mva[row, bus] -= active


def _removed(live: LiveGrid, cases: Sequence[Case]) -> BoolArray:
    """(cases, lightsim2grid's branches) mask of what each case removes."""
    joints = len(live.infeeds) if len(live.infeeds) > 1 else 0
    removed = np.zeros((len(cases), len(live.lines) + len(live.trafos) + joints), dtype=bool)
    for row, case in enumerate(cases):
        removed[row, list(case.positions)] = True
    return removed
