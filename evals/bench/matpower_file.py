"""A state as MATPOWER's matrices, so that every peer solves exactly the grid that we solve."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.io

from grid_models.steady.boundary import solve
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

PQ, PV, SLACK = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Matrices:
    """MATPOWER's bus, gen and branch matrices of the live part of a state [MW, Mvar, pu on base_mva], numbered from 1.

    row: (branches of the matrix,) our row of the branch table.
    """

    base_mva: float
    bus: FloatArray
    gen: FloatArray
    branch: FloatArray
    row: IntArray


def matrices_of(state: GridState) -> Matrices:
    """The state solved once, and written with its solution as the start."""
    solution, topology, model = solve(state), topology_of(state), state.model
    nodes = np.flatnonzero(topology.node_live)
    number = np.zeros(len(topology.node_live), dtype=np.int64)
    number[nodes] = np.arange(1, len(nodes) + 1)
    at = {name: number[topology.node_of_bus[getattr(model, name).bus]] for name in ("loads", "generators", "infeeds", "shunts")}
    bus = np.zeros((len(nodes), 13))
    bus[:, 0], bus[:, 1], bus[:, 6], bus[:, 10] = np.arange(1, len(nodes) + 1), PQ, 1, 1
    bus[:, 11], bus[:, 12] = 1.2, 0.8
    first = {int(number[n]): i for i, n in reversed(list(enumerate(topology.node_of_bus)))}
    rows = np.array([first[i + 1] for i in range(len(nodes))])
    bus[:, 7], bus[:, 8], bus[:, 9] = solution.vm_pu[rows], solution.va_degree[rows], model.buses.nominal_kv[rows]
    live = at["loads"] > 0
    np.add.at(bus[:, 2], at["loads"][live] - 1, state.load_drawn_mw[live])
    np.add.at(bus[:, 3], at["loads"][live] - 1, state.load_drawn_mvar[live])
    live = at["shunts"] > 0
    np.add.at(bus[:, 4], at["shunts"][live] - 1, (model.shunts.p_mw * state.shunt_step)[live])
    np.add.at(bus[:, 5], at["shunts"][live] - 1, -(model.shunts.q_mvar * state.shunt_step)[live])
    holds = model.generators.holds_voltage & state.generator_on & (at["generators"] > 0)
    fixed = ~model.generators.holds_voltage & (at["generators"] > 0)
    np.add.at(bus[:, 2], at["generators"][fixed] - 1, -state.generator_injected_mw[fixed])
    np.add.at(bus[:, 3], at["generators"][fixed] - 1, -state.generator_injected_mvar[fixed])
    bus[at["generators"][holds] - 1, 1] = PV
    bus[at["infeeds"][state.infeed_on] - 1, 1] = SLACK
    columns = (
        np.append(at["generators"][holds], at["infeeds"]),
        np.append(state.generator_injected_mw[holds], solution.infeed_p_mw),
        np.append(state.generator_vm_pu[holds], state.infeed_vm_pu),
    )
    gen = np.zeros((len(columns[0]), 21))
    gen[:, [0, 1, 5]] = np.stack(columns, axis=1)
    gen[:, 3], gen[:, 4], gen[:, 6], gen[:, 7], gen[:, 8], gen[:, 9] = 1e5, -1e5, model.base_mva, 1, 1e5, -1e5
    branch, row, conductance_mw = _branches(state, number)
    for end in (0, 1):  # MATPOWER's branches have no conductance: it is put at their ends, which is the same for the intact grid
        np.add.at(bus[:, 4], branch[:, end].astype(np.int64) - 1, conductance_mw[end])
    return Matrices(model.base_mva, bus, gen, branch, row)


def _branches(state: GridState, number: IntArray) -> tuple[FloatArray, IntArray, tuple[FloatArray, FloatArray]]:
    topology, b = topology_of(state), state.model.branches
    row = np.flatnonzero(topology.branch_live)
    at = state.tap_entry[row]
    branch = np.zeros((len(row), 13))
    branch[:, 0], branch[:, 1] = number[topology.from_node[row]], number[topology.to_node[row]]
    branch[:, 2], branch[:, 3], branch[:, 4] = b.r_pu[at], b.x_pu[at], b.b_pu[at]
    rated_mva = np.sqrt(3) * b.rating_from_ka * state.model.buses.nominal_kv[b.from_bus]
    branch[:, 5] = np.nan_to_num(rated_mva[row])  # 0 is MATPOWER's word for no rating
    branch[:, 8], branch[:, 9], branch[:, 10], branch[:, 11], branch[:, 12] = b.ratio[at], b.shift_degree[at], 1, -360, 360
    half = b.g_pu[at] / 2 * state.model.base_mva
    return branch, row, (half / b.ratio[at] ** 2, half)


def write_mat(matrices: Matrices, path: Path) -> None:
    """MATPOWER's case format, version 2."""
    case = {"version": "2", "baseMVA": matrices.base_mva, "bus": matrices.bus, "gen": matrices.gen, "branch": matrices.branch}
    scipy.io.savemat(path, {"mpc": case})
