"""Which voltage set-points cannot hold, because another machine or infeed holds the same node at another voltage?"""

import numpy as np

from grid_models.twin.model import IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_SAME_PU = 1e-9


def overruled_set_points(state: GridState) -> tuple[str, ...]:
    """One sentence for each energised node whose holders in service disagree.

    The rule, as the solver applies it: an infeed's voltage goes before a machine's, the first of the grid's order before the others;
    the others only inject power. (`pandapower.runpp` refuses such a grid.) Two infeeds on one node meet between their voltages.
    """
    model, node_of = state.model, topology_of(state)
    infeeds = np.flatnonzero(state.infeed_on)
    machines = np.flatnonzero(model.generators.holds_voltage & state.generator_on)
    node = node_of.node_of_bus[np.concatenate([model.infeeds.bus[infeeds], model.generators.bus[machines]])]
    set_point = np.concatenate([state.infeed_vm_pu[infeeds], state.generator_vm_pu[machines]])
    shared, count = np.unique(node, return_counts=True)
    found = []
    for place in shared[(count > 1) & node_of.node_live[shared]]:
        here = np.flatnonzero(node == place)
        if np.ptp(set_point[here]) > _SAME_PU:
            names = [_holder(state, infeeds, machines, int(i)) for i in here]
            found.append(_sentence(names, set_point[here].tolist(), both_infeeds=bool(here[1] < len(infeeds))))
    return tuple(found)


def _holder(state: GridState, infeeds: IntArray, machines: IntArray, at: int) -> str:
    if at < len(infeeds):
        return state.model.infeeds.name[int(infeeds[at])]
    return state.model.generators.name[int(machines[at - len(infeeds)])]


def _sentence(names: list[str], set_points: list[float], *, both_infeeds: bool) -> str:
    told = ", ".join(f"{n} ({v:g} pu)" for n, v in zip(names, set_points, strict=True))
    rules = "its voltage lies between those of the infeeds" if both_infeeds else f"{names[0]}'s is used"
    return f"{told} hold one node with different set-points; {rules}."
