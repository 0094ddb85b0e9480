"""What happens if one element fails? Every single outage of a state, solved in one batch by lightsim2grid.

An outage that cuts off a part of the grid is solved for what stays energised; the rest is reported as lost load and generation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from lightsim2grid.contingencyAnalysis import ContingencyAnalysisCPP
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_models.steady.boundary import MAX_ITERATIONS, TOLERANCE, LiveGrid, live_grid
from grid_models.steady.solution import branch_flows, loading_percent
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState

_OUTAGE_KINDS = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.INFEED)


@dataclass(frozen=True, eq=False)
class Screening:
    """One row per outage, in the order of `outages`; NaN where a bus or branch is dead.

    loading_percent: (outages, branches).  vm_pu: (outages, buses).  lost_load_mw, lost_generation_mw: supplied before the outage and not
    after it.  islands: parts cut off by it.  solved: False where the solver found no solution (`reason` says why).
    """

    state: GridState
    outages: tuple[Element, ...]
    solved: BoolArray
    reason: tuple[str, ...]
    loading_percent: FloatArray
    vm_pu: FloatArray
    lost_load_mw: FloatArray
    lost_generation_mw: FloatArray
    islands: IntArray


def single_outages(state: GridState) -> tuple[Element, ...]:
    """Every line, transformer and infeed that carries now."""
    live = live_grid(state)
    carrying = set(live.lines) | set(live.trafos)
    infeeds = set(live.infeeds)
    return tuple(
        e
        for e in state.model.registry.of_kind(*_OUTAGE_KINDS)
        if (e.index in infeeds if e.kind is ElementKind.INFEED else e.index in carrying)
    )


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
    state: GridState, outages: Sequence[Element] | None = None, progress: Callable[[int, int], None] | None = None
) -> Screening:
    """Solve the outages (default: all single ones, cached by state). Raises PowerFlowDiverged when the state itself has no solution."""
    if outages is None:
        return _cached_screening(_StateKey(state))
    return _screen(state, tuple(outages), progress)


def _screen(state: GridState, outages: tuple[Element, ...], progress: Callable[[int, int], None] | None) -> Screening:
    live = live_grid(state)
    positions = _solver_positions(live, outages)
    voltage, solved = _solve_batch(live, positions)
    total_loss = np.array([p == _TOTAL_LOSS for p in positions], dtype=bool)
    node_voltage = live.to_nodes(voltage)
    node_voltage[~solved | total_loss] = complex(np.nan, np.nan)
    flows = branch_flows(state, live.topology, node_voltage)
    loading = loading_percent(state.model, flows.i_from_ka, flows.i_to_ka)
    for row, outage in enumerate(outages):
        if outage.kind is not ElementKind.INFEED:
            loading[row, outage.index] = np.nan  # the outaged branch carries nothing
    lost_load, lost_generation, islands = _losses(live, outages, node_voltage, solved | total_loss)
    if progress:
        progress(len(outages), len(outages))
    return Screening(
        state=state,
        outages=outages,
        solved=solved | total_loss,
        reason=tuple("" if ok or lost else "no AC solution near the start" for ok, lost in zip(solved, total_loss, strict=True)),
        loading_percent=loading,
        vm_pu=np.abs(node_voltage)[:, live.topology.node_of_bus],
        lost_load_mw=lost_load,
        lost_generation_mw=lost_generation,
        islands=islands,
    )


_TOTAL_LOSS = -1


def _solver_positions(live: LiveGrid, outages: Sequence[Element]) -> list[int]:
    """lightsim2grid's number of each outaged branch (lines, transformers, then the infeeds' joints); the only infeed has none."""
    lines = {int(b): i for i, b in enumerate(live.lines)}
    trafos = {int(b): len(lines) + i for i, b in enumerate(live.trafos)}
    joints = {int(b): len(lines) + len(trafos) + i for i, b in enumerate(live.infeeds)} if len(live.infeeds) > 1 else {}
    branch = lines | trafos
    return [joints.get(o.index, _TOTAL_LOSS) if o.kind is ElementKind.INFEED else branch[o.index] for o in outages]


def _solve_batch(live: LiveGrid, positions: Sequence[int]) -> tuple[ComplexArray, BoolArray]:
    """(outages, solver buses) voltages and which rows were solved."""
    base = live.grid.ac_pf(live.start, MAX_ITERATIONS, TOLERANCE)
    start = base if len(base) else live.start
    wanted = sorted({p for p in positions if p != _TOTAL_LOSS})
    rows = {p: i for i, p in enumerate(wanted)}
    voltage = np.zeros((len(positions), len(start)), dtype=complex)
    solved = np.zeros(len(positions), dtype=bool)
    if not wanted:
        return voltage, solved
    batch = ContingencyAnalysisCPP(live.grid)
    batch.handle_disconnected_grid = True
    batch.add_multiple_n1(wanted)
    batch.compute(start, MAX_ITERATIONS, TOLERANCE)
    result, converged = np.asarray(batch.get_voltages()), np.asarray(batch.converged_mask())
    for i, p in enumerate(positions):
        if p != _TOTAL_LOSS:
            voltage[i], solved[i] = result[rows[p]], converged[rows[p]]
    return voltage, solved


def _losses(
    live: LiveGrid, outages: Sequence[Element], node_voltage: ComplexArray, known: BoolArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """What each outage leaves without supply; zero where the case has no solution (it is listed as failed)."""
    state, topology = live.state, live.topology
    dead = np.isnan(node_voltage.real) & topology.node_live[None, :] & known[:, None]
    load = np.bincount(topology.node_of_bus[state.model.loads.bus], state.load_drawn_mw, len(topology.node_live))
    generation = np.bincount(topology.node_of_bus[state.model.generators.bus], state.generator_injected_mw, len(topology.node_live))
    islands = np.zeros(len(outages), dtype=np.int64)
    for row in np.flatnonzero(dead.any(axis=1)):
        islands[row] = _parts_among(live, dead[row], outages[int(row)])
    shed = dead.astype(np.float64)
    return shed @ load, shed @ generation, islands


def _parts_among(live: LiveGrid, dead: BoolArray, outage: Element) -> int:
    """Number of connected parts among the dead nodes, the outaged branch removed."""
    topology = live.topology
    inside = topology.branch_live & dead[topology.from_node] & dead[topology.to_node]
    if outage.kind is not ElementKind.INFEED:
        inside = inside.copy()
        inside[outage.index] = False
    size = len(dead)
    graph = coo_array((np.ones(int(inside.sum())), (topology.from_node[inside], topology.to_node[inside])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return len(np.unique(labels[dead]))
