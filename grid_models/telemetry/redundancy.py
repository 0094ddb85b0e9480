"""How often is a grid metered over: independent analogue meters per unknown of the state."""

import numpy as np

from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import GridModel, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology, topology_of

_FLOWS = (Quantity.P_FROM, Quantity.Q_FROM, Quantity.P_TO, Quantity.Q_TO, Quantity.I_FROM, Quantity.I_TO)
_ANGLES = (Quantity.V_ANGLE, Quantity.I_ANGLE_FROM, Quantity.I_ANGLE_TO)
_INJECTIONS = ((Quantity.P_LOAD, "loads"), (Quantity.P_GENERATOR, "generators"), (Quantity.P_INFEED, "infeeds"))


def redundancy(model: GridModel, instruments: Instruments) -> float:
    """Independent analogue meters over 2·nodes − 1 unknowns, at the source's own switching.

    Independent: two meters of one value count once (a PMU beside a voltage meter), and the meters of the loads, generators and infeeds of a
    node are one injection, which is known only where all of them are metered. Available power says nothing about the flows.
    """
    topology = topology_of(GridState.at_start(model))
    at = instruments.element
    nodes = {int(n) for n in topology.node_of_bus[at[instruments.rows_of(Quantity.V)]]}
    branches = {(int(q), int(e)) for q, e in zip(instruments.quantity, at, strict=True) if q in (*_FLOWS, *_ANGLES)}
    rows = len(nodes) + len(branches) + 2 * len(_metered_nodes(model, instruments, topology))
    return rows / (2 * int(np.count_nonzero(topology.node_live)) - 1)


def _metered_nodes(model: GridModel, instruments: Instruments, topology: Topology) -> IntArray:
    """Nodes with injections, each of which has its meter."""
    having: set[int] = set()
    lacking: set[int] = set()
    for quantity, table in _INJECTIONS:
        node = topology.node_of_bus[getattr(model, table).bus]
        metered = np.zeros(len(node), dtype=bool)
        metered[instruments.element[instruments.rows_of(quantity)]] = True
        having |= set(node.tolist())
        lacking |= set(node[~metered].tolist())
    return np.array(sorted(having - lacking), dtype=np.int64)
