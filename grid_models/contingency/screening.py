"""What happens if one element fails? Every single outage of a state, solved in one batch by lightsim2grid.

An outage that cuts off a part of the grid is solved for what stays energised; the rest is reported as lost load and generation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_models.contingency.outages import Outage, branches_out, single_outages, state_after
from grid_models.errors import PowerFlowDiverged, StudyCancelled
from grid_models.steady.boundary import MAX_ITERATIONS, NEWTON, TOLERANCE, LiveGrid, live_grid, solve
from grid_models.steady.solution import branch_flows, loading_percent
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of


@dataclass(frozen=True, eq=False)
class Screening:
    """One row per outage, in the order of `outages`; NaN where a bus or branch is dead.

    loading_percent: (outages, branches).  vm_pu: (outages, buses).  lost_load_mw, lost_generation_mw: supplied before the outage and not
    after it.  islands: parts cut off by it.  solved: False where the solver found no solution (`reason` says why).
    base_vm_pu: (buses,) before any outage.
    """

    state: GridState
    outages: tuple[Outage, ...]
    solved: BoolArray
    reason: tuple[str, ...]
    loading_percent: FloatArray
    vm_pu: FloatArray
    lost_load_mw: FloatArray
    lost_generation_mw: FloatArray
    islands: IntArray
    base_vm_pu: FloatArray

    @property
    def total_loss(self) -> BoolArray:
        """(outages,) total loss of supply: solved, and nothing is energised."""
        return np.asarray(self.solved & np.isnan(self.vm_pu).all(axis=1))


@lru_cache(maxsize=16)
def _cached_screening(key: "_StateKey") -> Screening:
    return _screen(key.state, single_outages(key.state), None)


@dataclass(frozen=True)
class _StateKey:
    """A state as a cache key: equal when the ids are."""

    state: GridState

    def __hash__(self) -> int:
        return hash(self.state.state_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _StateKey) and self.state.state_id == other.state.state_id and self.state.model is other.state.model


def screen_outages(
    state: GridState,
    outages: Sequence[Outage] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Screening:
    """Solve the outages (default: all single ones, cached by state). Raises PowerFlowDiverged when the state itself has no solution."""
    if outages is None:
        return _cached_screening(_StateKey(state))
    return _screen(state, tuple(outages), progress)


def screen_blocks(
    state: GridState,
    outages: Sequence[Outage],
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    block: int | None = None,
) -> Iterator[Screening]:
    """Solve the outages in blocks of bounded memory, in their order. Raises PowerFlowDiverged, StudyCancelled."""
    size = block or 256
    for first in range(0, len(outages), size):
        if cancelled is not None and cancelled():
            raise StudyCancelled(first, len(outages))
        part = tuple(outages[first : first + size])
        yield _screen(state, part, None)
        if progress is not None:
            progress(first + len(part), len(outages))


def _screen(state: GridState, outages: tuple[Outage, ...], progress: Callable[[int, int], None] | None) -> Screening:
    topology = topology_of(state)
    base = solve(state)  # a state without a solution has no outages to compare with
    node_voltage, reason = _voltages(state, topology, outages)
    flows = branch_flows(state, topology, node_voltage)
    loading = loading_percent(state.model, flows.i_from_ka, flows.i_to_ka)
    for row, outage in enumerate(outages):
        loading[row, list(branches_out(state, outage))] = np.nan  # an outaged branch carries nothing
    solved = np.array([not r for r in reason], dtype=bool)
    lost_load, lost_generation, islands = _losses(state, topology, outages, node_voltage, solved)
    if progress:
        progress(len(outages), len(outages))
    return Screening(
        state=state,
        outages=outages,
        solved=solved,
        reason=reason,
        loading_percent=loading,
        vm_pu=np.abs(node_voltage)[:, topology.node_of_bus],
        lost_load_mw=lost_load,
        lost_generation_mw=lost_generation,
        islands=islands,
        base_vm_pu=base.vm_pu,
    )


def _voltages(state: GridState, topology: Topology, outages: tuple[Outage, ...]) -> tuple[ComplexArray, tuple[str, ...]]:
    """(outages, nodes) voltages, NaN where dead, and why a case has no solution ("" when it has one).

    What the batch leaves unsolved is solved once more on its own: that also covers outages after which only infeeds are left.
    """
    voltage = np.full((len(outages), len(topology.node_live)), complex(np.nan, np.nan))
    reason = [""] * len(outages)
    batched = np.zeros(len(outages), dtype=bool)
    if topology.branch_live.any():
        live = live_grid(state)
        solver_voltage, batched = _solve_batch(live, _solver_positions(live, outages))
        voltage[batched] = live.to_nodes(solver_voltage[batched])
    for row in np.flatnonzero(~batched):
        try:
            voltage[row] = _alone(state, topology, outages[int(row)])
        except PowerFlowDiverged as error:
            reason[row] = str(error)
    return voltage, tuple(reason)


def _alone(state: GridState, topology: Topology, outage: Outage) -> ComplexArray:
    """Node voltages after one outage, solved from scratch, in the numbering of the intact state."""
    after = state_after(state, outage)
    full = np.full(len(topology.node_live), complex(np.nan, np.nan))
    if not after.infeed_on.any():
        return full  # total loss of supply: everything is dead, and that is the answer
    solution = solve(after)
    full[topology.node_of_bus] = solution.vm_pu * np.exp(1j * np.deg2rad(solution.va_degree))
    return full


def _solver_positions(live: LiveGrid, outages: Sequence[Outage]) -> list[tuple[int, ...]]:
    """lightsim2grid's numbers of each outage's branches (lines, transformers, then joints); empty where the batch cannot do it."""
    lines = {int(b): i for i, b in enumerate(live.lines)}
    trafos = {int(b): len(lines) + i for i, b in enumerate(live.trafos)}
    joints = {int(b): len(lines) + len(trafos) + i for i, b in enumerate(live.infeeds)} if len(live.infeeds) > 1 else {}
    branch = lines | trafos
    return [_positions(live.state, outage, branch, joints) for outage in outages]


def _positions(state: GridState, outage: Outage, branch: dict[int, int], joints: dict[int, int]) -> tuple[int, ...]:
    infeeds = [e.index for e in outage.elements if e.kind is ElementKind.INFEED]
    if any(e.kind in (ElementKind.GENERATOR, ElementKind.BUS) for e in outage.elements) or not all(i in joints for i in infeeds):
        return ()
    return tuple(sorted({branch[b] for b in branches_out(state, outage) if b in branch} | {joints[i] for i in infeeds}))


def _solve_batch(live: LiveGrid, positions: Sequence[tuple[int, ...]]) -> tuple[ComplexArray, BoolArray]:
    """(outages, solver buses) voltages and which rows were solved."""
    base = live.grid.ac_pf(live.start, MAX_ITERATIONS, TOLERANCE)
    start = base if len(base) else live.start
    wanted = sorted({p for p in positions if p})
    voltage = np.zeros((len(positions), len(start)), dtype=complex)
    solved = np.zeros(len(positions), dtype=bool)
    if not wanted:
        return voltage, solved
    batch = ContingencyAnalysisCPP(live.grid)
    batch.change_algorithm(NEWTON)
    batch.handle_disconnected_grid = True
    for position in wanted:
        batch.add_nk(position)
    batch.compute(start, MAX_ITERATIONS, TOLERANCE)
    result, converged = np.asarray(batch.get_voltages()), np.asarray(batch.converged_mask())
    order = {tuple(done): i for i, done in enumerate(batch.my_defaults())}
    for i, p in enumerate(positions):
        if p:
            voltage[i], solved[i] = result[order[p]], converged[order[p]]
    return voltage, solved


def _losses(
    state: GridState, topology: Topology, outages: Sequence[Outage], node_voltage: ComplexArray, known: BoolArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """What each outage leaves without supply; zero where the case has no solution (it is listed as failed)."""
    dead = np.isnan(node_voltage.real) & topology.node_live[None, :] & known[:, None]
    load = np.bincount(topology.node_of_bus[state.model.loads.bus], state.load_drawn_mw, len(topology.node_live))
    generation = np.bincount(topology.node_of_bus[state.model.generators.bus], state.generator_injected_mw, len(topology.node_live))
    islands = np.zeros(len(outages), dtype=np.int64)
    for row in np.flatnonzero(dead.any(axis=1)):
        islands[row] = _parts_among(topology, dead[row], branches_out(state, outages[int(row)]))
    shed = dead.astype(np.float64)
    return shed @ load, shed @ generation, islands


def _parts_among(topology: Topology, dead: BoolArray, out: tuple[int, ...]) -> int:
    """Number of connected parts among the dead nodes, the outaged branches removed."""
    inside = topology.branch_live & dead[topology.from_node] & dead[topology.to_node]
    inside[list(out)] = False
    size = len(dead)
    graph = coo_array((np.ones(int(inside.sum())), (topology.from_node[inside], topology.to_node[inside])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return len(np.unique(labels[dead]))
