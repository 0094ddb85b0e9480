"""How do the currents of branch ends follow the injections of all nodes? Linear around one power flow, as complex numbers.

A current's magnitude has a kink where the flow turns round; its complex value has none, so a transformer that feeds and takes back is
followed through zero.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.causes.sensitivity import linearised
from grid_models.steady.solution import Solution, branch_admittances, node_injection_mva
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class CurrentMap:
    """Complex current of each end in pu of its rating.

    base: (ends,) at the injections base_mva (nodes,) complex.  per_mw, per_mvar: (ends, nodes) change per MW and Mvar injected.
    """

    base: ComplexArray
    base_mva: ComplexArray
    per_mw: ComplexArray
    per_mvar: ComplexArray

    def currents(self, injected_mva: ComplexArray) -> ComplexArray:
        """(ends, steps) from injections (steps, nodes)."""
        change = injected_mva - self.base_mva
        return np.asarray(self.base[:, None] + self.per_mw @ change.real.T + self.per_mvar @ change.imag.T)


def current_map(solution: Solution, branch: IntArray, at_from: BoolArray, rating_ka: FloatArray) -> CurrentMap:
    """The map of some branch ends, (ends,) each; a dead end stays at zero. Raises PowerFlowDiverged at the limit of the grid."""
    around, state, topology = linearised(solution), solution.state, solution.topology
    yff, yft, ytf, ytt = (y[branch] for y in branch_admittances(state))
    live = topology.branch_live[branch]
    nodes = topology.from_node[branch], topology.to_node[branch]
    own, other = np.where(at_from, nodes[0], nodes[1]), np.where(at_from, nodes[1], nodes[0])
    y_own, y_other = np.where(at_from, yff, ytt), np.where(at_from, yft, ytf)
    model = state.model
    bus = np.where(at_from, model.branches.from_bus[branch], model.branches.to_bus[branch])
    of_rating = model.base_mva / (np.sqrt(3) * model.buses.nominal_kv[bus] * rating_ka) * live  # pu current to pu of the rating
    voltage = around.voltage
    base = of_rating * (y_own * voltage[own] + y_other * voltage[other])
    rows = [
        _end(voltage, n, m, of_rating[i] * a, of_rating[i] * b)
        for i, (n, m, a, b) in enumerate(zip(own, other, y_own, y_other, strict=True))
    ]
    answers = [(around.per_injection(a.real, m.real), around.per_injection(a.imag, m.imag)) for a, m in rows]
    return CurrentMap(
        base=base,
        base_mva=node_injection_mva(state, topology),
        per_mw=np.array([r.per_mw + 1j * i.per_mw for r, i in answers], dtype=np.complex128).reshape(len(branch), -1) / model.base_mva,
        per_mvar=np.array([r.per_mvar + 1j * i.per_mvar for r, i in answers], dtype=np.complex128).reshape(len(branch), -1)
        / model.base_mva,
    )


def _end(voltage: ComplexArray, own: int, other: int, y_own: complex, y_other: complex) -> tuple[ComplexArray, ComplexArray]:
    """Gradients of y_own·V_own + y_other·V_other by the nodes' angles and magnitudes."""
    by_angle, by_magnitude = np.zeros(len(voltage), dtype=complex), np.zeros(len(voltage), dtype=complex)
    for node, y in ((own, y_own), (other, y_other)):
        by_angle[node] += 1j * y * voltage[node]
        by_magnitude[node] += y * voltage[node] / np.abs(voltage[node])
    return by_angle, by_magnitude
