"""The boundary to lightsim2grid: a `GridState` becomes an LSGrid of live nodes only, with one slack.

Handing a multi-infeed grid to lightsim2grid's own importer silently turns the infeeds into one distributed slack and
drops negative no-load currents. Here every infeed is joined to one fictitious slack bus by a lossless, nearly ideal
transformer whose ratio and shift carry the infeed's voltage and angle; its outage is then the outage of a branch.
"""

from dataclasses import dataclass, replace

import numpy as np
from lightsim2grid.lightsim2grid_cpp import AlgorithmType, LSGrid  # not from lightsim2grid.network, which imports pandapower: 0.9 s

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.solution import Solution, node_injection_mva, node_shunt_mva, solution_from_voltages
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

# 0.004 % on 10 GVA. Measured on the default grid: an infeed's voltage moves by 5e-7 pu; at 0.001 % Newton's residual
# stalls above 1e-7 in double precision, at 0.01 % the voltage is 1.2e-6 pu off.
_JOINT_X_PU_ON_MVA = 4e-5 / 10_000.0
_JOINT_LOSS_PU = 7e-7  # below this the joints are exact enough: parity is promised to 1e-6 pu
MAX_ITERATIONS = 20
MAX_DECOUPLED_ITERATIONS = 200  # fast-decoupled steps are cheap and many
NEWTON = AlgorithmType.NR_KLU  # six to ten times faster than the default SparseLU (measured on case118 and case2869pegase)
TOLERANCE = 1e-7  # pu mismatch on 100 MVA: 10 W


@dataclass(frozen=True, eq=False)
class LiveGrid:
    """lightsim2grid's copy of the live part of a state.

    node: (live,) our node of each solver bus; the fictitious slack, if any, follows.  solver_bus: (nodes,) the way back, -1 where
    dead.  lines, trafos: our branch of each solver line and transformer, the joints of `infeed` (our infeed numbers) after the
    transformers.
    injected_mva: (live,) told as negative loads.  held: solver buses whose voltage machines hold, held_p_mw what those inject there.
    """

    grid: LSGrid
    state: GridState
    topology: Topology
    node: IntArray
    solver_bus: IntArray
    lines: IntArray
    trafos: IntArray
    infeeds: IntArray
    start: ComplexArray
    injected_mva: ComplexArray
    held: IntArray
    held_p_mw: FloatArray

    def solved(self) -> ComplexArray:
        """(solver buses,) voltages by Newton's method. Raises PowerFlowDiverged."""
        return _converged(self, MAX_ITERATIONS, "Newton")

    def to_nodes(self, voltage: ComplexArray) -> ComplexArray:
        """(cases, solver buses) → (cases, our nodes), NaN where a node has no voltage."""
        full = np.full((voltage.shape[0], len(self.topology.node_live)), complex(np.nan, np.nan))
        live = voltage[:, : len(self.node)].copy()
        live[np.abs(live) < 1e-9] = complex(np.nan, np.nan)
        full[:, self.node] = live
        return full


def solve(state: GridState, *, fast_decoupled: bool = False) -> Solution:
    """AC power flow by Newton-Raphson, or by the fast-decoupled XB method. Raises PowerFlowDiverged, also without any infeed in service."""
    topology = topology_of(state)
    if not topology.branch_live.any():
        return solution_from_voltages(state, topology, _infeeds_alone(state, topology))
    if fast_decoupled:
        live = live_grid(state)
        live.grid.change_algorithm(AlgorithmType.FDPF_XB_KLU)
        voltage = _converged(live, MAX_DECOUPLED_ITERATIONS, "fast-decoupled")
    else:
        live, voltage = solved_grid(state)
    return solution_from_voltages(state, live.topology, live.to_nodes(voltage[None, :])[0])


def solved_grid(state: GridState) -> tuple[LiveGrid, ComplexArray]:
    """The live grid and its voltages by Newton's method. Raises PowerFlowDiverged.

    Infeeds of several GW are lowered noticeably by their joints (3e-6 pu on SimBench's 380-kV grid): the joints are then lifted by what
    they lose, and the grid is solved once more.
    """
    live = live_grid(state)
    voltage = live.solved()
    lift = _lost_in_joints(live, voltage)
    if np.max(np.abs(lift - 1.0), initial=0.0) > _JOINT_LOSS_PU:
        live = replace(live_grid(state, lift), start=voltage)
        voltage = live.solved()
    return live, voltage


def _lost_in_joints(live: LiveGrid, voltage: ComplexArray) -> ComplexArray:
    """(infeeds,) what each infeed should hold over what it has; empty for a single one, which needs no joint."""
    state, infeeds = live.state, live.infeeds if len(live.infeeds) > 1 else live.infeeds[:0]
    wanted = state.infeed_vm_pu[infeeds] * np.exp(1j * np.deg2rad(state.model.infeeds.angle_degree[infeeds]))
    return np.asarray(wanted / voltage[live.solver_bus[live.topology.node_of_bus[state.model.infeeds.bus[infeeds]]]], dtype=np.complex128)


def _converged(live: LiveGrid, steps: int, method: str) -> ComplexArray:
    voltage = live.grid.ac_pf(live.start.copy(), steps, TOLERANCE)  # ac_pf writes into what it is given
    if len(voltage) == 0:
        name = live.state.model.name
        raise PowerFlowDiverged(
            f"The AC power flow of '{name}' did not converge in {steps} {method} steps; a smaller change or less load would."
        )
    return np.asarray(voltage, dtype=np.complex128)


def _infeeds_alone(state: GridState, topology: Topology) -> ComplexArray:
    """Voltages of nodes held by infeeds and joined to nothing: lightsim2grid ends the process on a grid without branches."""
    infeeds = infeeds_in_service(state)
    voltage = np.full(len(topology.node_live), complex(np.nan, np.nan))
    held = state.infeed_vm_pu[infeeds] * np.exp(1j * np.deg2rad(state.model.infeeds.angle_degree[infeeds]))
    voltage[topology.node_of_bus[state.model.infeeds.bus[infeeds]]] = held
    return voltage


def infeeds_in_service(state: GridState) -> IntArray:
    """Rows of the infeeds that feed. Raises PowerFlowDiverged when there is none."""
    infeeds = np.flatnonzero(state.infeed_on)
    if not len(infeeds):
        raise PowerFlowDiverged(
            f"No infeed of '{state.model.name}' is in service: total loss of supply. Closing one would restore a solution."
        )
    return infeeds


def live_grid(state: GridState, lift: ComplexArray | None = None) -> LiveGrid:
    """Build lightsim2grid's grid for the energised part of a state. At least one branch must be live, see `solve`.

    `lift`: (infeeds in service,) by which the joints raise their infeeds, none by default.
    """
    topology = topology_of(state)
    node = np.flatnonzero(topology.node_live)
    infeeds = infeeds_in_service(state)
    solver_bus = np.full(len(topology.node_live), -1, dtype=np.int64)
    solver_bus[node] = np.arange(len(node))
    joined = len(infeeds) > 1
    kv = np.ones(len(node) + joined)
    kv[solver_bus[topology.node_of_bus[topology.bus_live]]] = state.model.buses.nominal_kv[topology.bus_live]

    grid = LSGrid()
    grid.change_algorithm(NEWTON)
    grid.change_algorithm(AlgorithmType.DC_KLU)
    grid.set_sn_mva(state.model.base_mva)
    grid.set_init_vm_pu(1.0)
    grid.init_bus(len(kv), 1, kv, 0, 0)
    lines = np.flatnonzero(topology.branch_live & state.model.branches.is_line)
    trafos = np.flatnonzero(topology.branch_live & ~state.model.branches.is_line)
    _add_branches(grid, state, topology, solver_bus, lines, trafos, infeeds if joined else infeeds[:0], lift)
    injected = node_injection_mva(state, topology)[node]
    shunts = node_shunt_mva(state, topology)[node]
    held, held_vm, held_p = _voltage_nodes(state, topology, solver_bus, infeeds)
    injected[held] -= held_p  # what a machine injects is told with its voltage below
    grid.init_loads(-injected.real, -injected.imag, np.arange(len(node), dtype=np.int32))
    grid.init_shunt(shunts.real, shunts.imag, np.arange(len(node), dtype=np.int32))
    slack = len(node) if joined else int(solver_bus[topology.node_of_bus[state.model.infeeds.bus[infeeds[0]]]])
    slack_vm = 1.0 if joined else float(state.infeed_vm_pu[infeeds[0]])
    unlimited = np.full(len(held) + 1, 1e9)
    grid.init_generators(
        np.append(held_p, 0.0), np.append(held_vm, slack_vm), -unlimited, unlimited, np.append(held, slack).astype(np.int32)
    )
    grid.init_sgens(*(np.zeros(0) for _ in range(6)), np.zeros(0, dtype=np.int32))
    grid.init_storages(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int32))
    grid.init_bus_status()
    grid.add_gen_slackbus(len(held), 1.0)
    grid.tell_solver_need_reset()
    free_vm = float(np.mean(np.append(state.infeed_vm_pu[infeeds], held_vm)))
    start = _start_voltage(grid, np.full(len(kv), free_vm), held, held_vm, slack, slack_vm)
    if not joined:
        start *= np.exp(1j * np.deg2rad(state.model.infeeds.angle_degree[infeeds[0]]))
    return LiveGrid(grid, state, topology, node, solver_bus, lines, trafos, infeeds, start, injected, held, held_p)


def _add_branches(
    grid: LSGrid,
    state: GridState,
    topology: Topology,
    solver_bus: IntArray,
    lines: IntArray,
    trafos: IntArray,
    joints: IntArray,
    lift: ComplexArray | None,
) -> None:
    branches = state.model.branches
    at = state.tap_entry
    charging = branches.g_pu[at] + 1j * branches.b_pu[at]
    f, t = solver_bus[topology.from_node].astype(np.int32), solver_bus[topology.to_node].astype(np.int32)
    grid.init_powerlines(branches.r_pu[at][lines], branches.x_pu[at][lines], charging[lines], f[lines], t[lines])

    infeeds = state.model.infeeds
    joint_node = solver_bus[topology.node_of_bus[infeeds.bus[joints]]].astype(np.int32)
    count = len(joints)
    raised = np.ones(count, dtype=np.complex128) if lift is None else lift
    slack = np.full(count, int(solver_bus.max()) + 1, dtype=np.int32)
    grid.init_trafo(
        np.append(branches.r_pu[at][trafos], np.zeros(count)),
        np.append(branches.x_pu[at][trafos], np.full(count, _JOINT_X_PU_ON_MVA * state.model.base_mva)),
        np.append(charging[trafos], np.zeros(count, dtype=complex)),
        np.append(branches.ratio[at][trafos], 1.0 / state.infeed_vm_pu[joints] / np.abs(raised)),
        np.append(branches.shift_degree[at][trafos], -infeeds.angle_degree[joints] - np.degrees(np.angle(raised))),
        [True] * (len(trafos) + count),
        np.append(f[trafos], slack),
        np.append(t[trafos], joint_node),
        True,
    )


def _voltage_nodes(
    state: GridState, topology: Topology, solver_bus: IntArray, infeeds: IntArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Solver buses held by machines, their set-point and scheduled power. A machine beside an infeed only injects power."""
    machines = state.model.generators
    at = topology.node_of_bus[machines.bus]
    beside_infeed = np.isin(at, topology.node_of_bus[state.model.infeeds.bus[infeeds]])
    holding: BoolArray = machines.holds_voltage & state.generator_on & topology.node_live[at] & ~beside_infeed
    nodes, first = np.unique(at[holding], return_index=True)
    power = np.zeros(len(topology.node_live))
    np.add.at(power, at[holding], state.generator_injected_mw[holding])
    return solver_bus[nodes], state.generator_vm_pu[holding][first], power[nodes]


def _start_voltage(grid: LSGrid, magnitude: FloatArray, held: IntArray, held_vm: FloatArray, slack: int, slack_vm: float) -> ComplexArray:
    """DC angles with set-point magnitudes, as pandapower starts, the others at the mean of those; flat where the DC flow fails."""
    direct = grid.dc_pf(np.ones(len(magnitude), dtype=complex), 1, TOLERANCE)
    magnitude[held] = held_vm
    magnitude[slack] = slack_vm
    grid.tell_solver_need_reset()
    angle = np.angle(direct) if len(direct) else np.zeros(len(magnitude))
    return np.asarray(magnitude * np.exp(1j * angle), dtype=np.complex128)
