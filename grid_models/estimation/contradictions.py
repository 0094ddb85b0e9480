"""Which readings cannot be true where something is reported open or off? A flow on an open branch, a voltage on a dead bus.

They take no part in an estimation on the reported positions, so no residual tells of them.
"""

import numpy as np

from grid_models.estimation.network import Network
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import BoolArray, IntArray

_BEYOND = 6.0  # standard deviations: zero does not read that much
_DEAD_PU = 0.2  # a dead busbar reads less
_ENDS = (Quantity.P_FROM, Quantity.P_TO, Quantity.I_FROM, Quantity.I_TO)
_STATUS = {
    Quantity.P_LOAD: "load_on",
    Quantity.P_GENERATOR: "generator_on",
    Quantity.P_INFEED: "infeed_on",
}


def contradictions(network: Network, measurements: MeasurementSet) -> IntArray:
    """Numbers of the measurements that contradict the network's positions."""
    wrong = np.zeros(len(measurements), dtype=bool)
    much = np.abs(measurements.value) > _BEYOND * np.maximum(measurements.sigma, 1e-6)
    off = ~network.topology.branch_live
    for quantity in _ENDS:
        rows = measurements.quantity == quantity
        wrong[rows] = (off[measurements.element[rows]] & much[rows]).astype(bool)
    for quantity, status in _STATUS.items():
        rows = measurements.quantity == quantity
        wrong[rows] = (_without_supply(network, quantity, status)[measurements.element[rows]] & much[rows]).astype(bool)
    voltages = measurements.quantity == Quantity.V
    dead = network.place_of_bus < 0
    wrong[voltages] = dead[measurements.element[voltages]] & (measurements.value[voltages] > _DEAD_PU)
    return np.flatnonzero(wrong)


def _without_supply(network: Network, quantity: Quantity, status: str) -> BoolArray:
    table = getattr(network.model, SPECS[quantity].table)
    on: BoolArray = getattr(network.state, status)
    dead: BoolArray = network.place_of_bus[table.bus] < 0
    return ~on | dead
