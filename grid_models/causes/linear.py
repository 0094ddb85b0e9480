"""The same flow in the DC approximation: distribution factors of the injections, and the flow without any."""

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import splu

from grid_models.causes.branch_end import BranchEnd
from grid_models.causes.sensitivity import free_nodes
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology


def direct_flow(state: GridState, topology: Topology, end: BranchEnd) -> tuple[FloatArray, float]:
    """PTDF of the end's flow (nodes,) [MW per MW, balanced by the infeeds] and the flow without injections [MW].

    Magnitudes are 1 pu and nothing is lost; the infeeds' angles and the phase shifters
    stay, so the second number is the transit. Source: B. Stott, J. Jardim, O. Alsac, "DC Power Flow Revisited", 2009.
    """
    b = state.model.branches
    at = b.tap_offset + state.tap - b.tap_min
    susceptance = np.where(topology.branch_live, 1.0 / (b.x_pu[at] * b.ratio[at]), 0.0)
    shift = np.deg2rad(b.shift_degree[at])
    f, t, size = topology.from_node, topology.to_node, len(topology.node_live)
    rows, columns = np.concatenate([f, f, t, t]), np.concatenate([f, t, f, t])
    values = np.concatenate([susceptance, -susceptance, -susceptance, susceptance])
    laplacian = csc_array(coo_array((values, (rows, columns)), shape=(size, size)))
    free = np.flatnonzero(free_nodes(state, topology)[0])

    toward = end.sign if end.at_from else -end.sign
    own = toward * susceptance[end.branch]
    gradient = np.zeros(size)
    np.add.at(gradient, [f[end.branch], t[end.branch]], [own, -own])
    factors = np.zeros(size)
    if len(free):
        factors[free] = splu(csc_array(laplacian[free][:, free])).solve(gradient[free])

    infeed = np.zeros(size)
    feeding = state.infeed_on
    infeed[topology.node_of_bus[state.model.infeeds.bus[feeding]]] = np.deg2rad(state.model.infeeds.angle_degree[feeding])
    forced = np.bincount(f, susceptance * shift, size) - np.bincount(t, susceptance * shift, size) - laplacian @ infeed
    transit = gradient @ infeed - own * shift[end.branch] + factors @ forced
    return factors, float(transit) * state.model.base_mva
