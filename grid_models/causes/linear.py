"""The same flow in the DC approximation: distribution factors of the injections, and the flow without any."""

import numpy as np

from grid_models.causes.branch_end import BranchEnd
from grid_models.causes.injections import scaled
from grid_models.steady.dc import dc_flow
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState


def direct_flow(state: GridState, end: BranchEnd) -> tuple[FloatArray, float]:
    """PTDF of the end's flow (nodes,) [MW per MW, balanced by the infeeds] and the flow without injections [MW].

    The second is the transit that the infeeds' angles and phase shifters drive, and what the shunts' conductance draws.
    """
    dc = dc_flow(scaled(state, 0.0))
    toward = end.sign if end.at_from else -end.sign
    across = np.zeros(len(dc.held))
    np.add.at(across, [dc.topology.from_node[end.branch], dc.topology.to_node[end.branch]], [1.0, -1.0])
    factors = np.zeros(len(dc.held))
    free = dc.factors.free
    factors[free] = toward * dc.susceptance_mw[end.branch] * dc.factors.solve(across[None, free])[0]
    return factors, toward * float(dc.flow_mw[end.branch])
