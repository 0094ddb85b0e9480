"""power-grid-model's batch on the same grid. It holds no voltages: machines and shunts inject what they do in the intact grid."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from power_grid_model import DatasetType, PowerGridModel, initialize_array

from evals.bench.matpower_file import SLACK, Matrices
from evals.bench.row import seconds
from grid_models.errors import AeipError
from grid_models.twin.model import ComplexArray

LOADS, SOURCES, SENSORS = 10**6, 2 * 10**6, 3 * 10**6  # where the ids of each kind begin
_SAME_PU = 1e-6


def batch_seconds(matrices: Matrices, cases: Sequence[int], threads: int) -> float:
    """Wall time of the batch of outages that leave the grid in one piece. Raises AeipError where the intact grid differs."""
    bus = matrices.bus
    model = PowerGridModel(grid_input(matrices, _injected_mva(matrices)), system_frequency=50)
    intact = model.calculate_power_flow(error_tolerance=1e-8)
    if np.max(np.abs(intact["node"]["u_pu"] - bus[:, 7])) > _SAME_PU:
        raise AeipError("power-grid-model solves the intact grid differently; its time is not comparable.")
    out = initialize_array(DatasetType.update, "generic_branch", (len(cases), 1))
    out["id"] = len(bus) + np.asarray(cases)[:, None]
    out["from_status"] = out["to_status"] = 0
    update = {"generic_branch": out}
    return seconds(
        lambda: model.calculate_power_flow(update_data=update, threading=threads, error_tolerance=1e-8, continue_on_batch_error=True)
    )


def _injected_mva(matrices: Matrices) -> ComplexArray:
    """What goes into the branches at each node of the intact grid."""
    bus, branch = matrices.bus, matrices.branch
    voltage = bus[:, 7] * np.exp(1j * np.deg2rad(bus[:, 8]))
    f, t = (branch[:, end].astype(np.int64) - 1 for end in (0, 1))
    tap = branch[:, 8] * np.exp(1j * np.deg2rad(branch[:, 9]))
    series, charging = 1.0 / (branch[:, 2] + 1j * branch[:, 3]), 0.5j * branch[:, 4]
    total = np.zeros(len(bus), dtype=complex)
    for at, into in (
        (f, (series + charging) / np.abs(tap) ** 2 * voltage[f] - series / tap.conj() * voltage[t]),
        (t, (series + charging) * voltage[t] - series / tap * voltage[f]),
    ):
        np.add.at(total, at, voltage[at] * into.conj())
    return np.asarray(total * matrices.base_mva, dtype=np.complex128)


def grid_input(matrices: Matrices, injected_mva: ComplexArray) -> dict[str, Any]:
    """Nodes (their number), branches, one load a node except where the source stands, and the source (ids from LOADS and SOURCES)."""
    bus, branch, base_va = matrices.bus, matrices.branch, matrices.base_mva * 1e6
    nodes, slack = np.arange(len(bus)), np.flatnonzero(bus[:, 1] == SLACK)
    volt = bus[:, 9] * 1e3
    node = initialize_array(DatasetType.input, "node", len(bus))
    node["id"], node["u_rated"] = nodes, volt
    ends = branch[:, :2].astype(np.int64) - 1
    lines = initialize_array(DatasetType.input, "generic_branch", len(branch))
    lines["id"], lines["from_node"], lines["to_node"] = len(bus) + np.arange(len(branch)), ends[:, 0], ends[:, 1]
    lines["from_status"] = lines["to_status"] = 1
    ohm = volt[ends[:, 1]] ** 2 / base_va
    lines["r1"], lines["x1"], lines["g1"], lines["b1"] = branch[:, 2] * ohm, branch[:, 3] * ohm, 0.0, branch[:, 4] / ohm
    lines["k"], lines["theta"], lines["sn"] = branch[:, 8], np.deg2rad(branch[:, 9]), base_va
    loaded = np.setdiff1d(nodes, slack)
    load = initialize_array(DatasetType.input, "sym_load", len(loaded))
    load["id"], load["node"], load["status"], load["type"] = LOADS + loaded, loaded, 1, 0
    power = -injected_mva[loaded] * 1e6
    load["p_specified"], load["q_specified"] = power.real, power.imag
    source = initialize_array(DatasetType.input, "source", len(slack))
    source["id"], source["node"], source["status"], source["sk"] = SOURCES + slack, slack, 1, 1e20
    source["u_ref"], source["u_ref_angle"] = bus[slack, 7], np.deg2rad(bus[slack, 8])
    return {"node": node, "generic_branch": lines, "sym_load": load, "source": source}
