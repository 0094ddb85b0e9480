"""power-grid-model's state estimation of the same measurements on the same grid: voltages, branch flows and what each node injects."""

from typing import Any

import numpy as np
from power_grid_model import DatasetType, PowerGridModel, initialize_array

from evals.bench.matpower_file import SLACK, matrices_of
from evals.bench.peer_power_grid_model import LOADS, SENSORS, SOURCES, grid_input
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.topology import topology_of

_FROM, _TO, _SOURCE, _LOAD = 0, 1, 2, 4  # power-grid-model's MeasuredTerminalType
_POWERS = {
    Quantity.P_INJECTION: Quantity.Q_INJECTION,
    Quantity.P_FROM: Quantity.Q_FROM,
    Quantity.P_TO: Quantity.Q_TO,
}


class PowerGridModelEstimation:
    """Built once from a grid and a set whose active and reactive powers come in pairs; `run` estimates, `vm_pu` puts it on our buses."""

    def __init__(self, solution: Solution, measurements: MeasurementSet, method: str) -> None:
        self._solution, self._method = solution, method
        matrices = matrices_of(solution.state)
        topology = topology_of(solution.state)
        live = np.flatnonzero(topology.node_live)
        self._node = np.full(len(topology.node_live), -1, dtype=np.int64)
        self._node[live] = np.arange(len(live))
        self._base_volt = matrices.bus[:, 9] * 1e3
        data = grid_input(matrices, np.zeros(len(live), dtype=np.complex128))
        data["shunt"] = _shunts(matrices.bus, self._base_volt)
        data["sym_voltage_sensor"] = self._voltages(measurements)
        data["sym_power_sensor"] = self._powers(measurements, matrices.row, matrices.bus)
        self._model = PowerGridModel(data, system_frequency=50)

    def run(self) -> Any:
        """One estimation: raises PowerGridError where it finds none."""
        return self._model.calculate_state_estimation(
            calculation_method=self._method, error_tolerance=1e-8, max_iterations=50, threading=-1
        )

    def vm_pu(self) -> FloatArray:
        """(buses,) of an estimation."""
        found = self.run()["node"]["u_pu"]
        at = self._node[self._solution.topology.node_of_bus]
        return np.where(at >= 0, found[at], np.nan)

    def _voltages(self, measurements: MeasurementSet) -> Any:
        rows = np.flatnonzero(measurements.quantity == Quantity.V)
        node = self._node[self._solution.topology.node_of_bus[measurements.element[rows]]]
        sensor = initialize_array(DatasetType.input, "sym_voltage_sensor", len(rows))
        sensor["id"], sensor["measured_object"] = SENSORS + np.arange(len(rows)), node
        volt = self._base_volt[node]
        sensor["u_measured"], sensor["u_sigma"] = measurements.value[rows] * volt, measurements.sigma[rows] * volt
        return sensor

    def _powers(self, measurements: MeasurementSet, branch_row: IntArray, bus: FloatArray) -> Any:
        position = np.full(len(self._solution.model.branches), -1, dtype=np.int64)
        position[branch_row] = np.arange(len(branch_row))
        slack = bus[:, 1] == SLACK
        parts = []
        for active, reactive in _POWERS.items():
            p, q = (np.flatnonzero(measurements.quantity == quantity) for quantity in (active, reactive))
            element, sign, terminal = measurements.element[p], np.ones(len(p)), np.full(len(p), _FROM if active == Quantity.P_FROM else _TO)
            if active == Quantity.P_INJECTION:
                node = self._node[self._solution.topology.node_of_bus[element]]
                measured = np.where(slack[node], SOURCES, LOADS) + node
                sign, terminal = np.where(slack[node], 1.0, -1.0), np.where(slack[node], _SOURCE, _LOAD)
            else:
                measured = len(bus) + position[element]
            sensor = initialize_array(DatasetType.input, "sym_power_sensor", len(p))
            sensor["measured_object"], sensor["measured_terminal_type"] = measured, terminal
            sensor["p_measured"], sensor["q_measured"] = sign * measurements.value[p] * 1e6, sign * measurements.value[q] * 1e6
            sensor["power_sigma"] = measurements.sigma[p] * 1e6
            sensor["p_sigma"], sensor["q_sigma"] = measurements.sigma[p] * 1e6, measurements.sigma[q] * 1e6
            parts.append(sensor)
        sensors = np.concatenate(parts)
        sensors["id"] = 2 * SENSORS + np.arange(len(sensors))
        return sensors


def _shunts(bus: FloatArray, volt: FloatArray) -> Any:
    """Shunts as admittances: power at 1 pu over the voltage squared."""
    at = np.flatnonzero((bus[:, 4] != 0) | (bus[:, 5] != 0))
    shunt = initialize_array(DatasetType.input, "shunt", len(at))
    shunt["id"], shunt["node"], shunt["status"] = 4 * SENSORS + at, at, 1
    shunt["g1"], shunt["b1"] = bus[at, 4] * 1e6 / volt[at] ** 2, bus[at, 5] * 1e6 / volt[at] ** 2
    return shunt
