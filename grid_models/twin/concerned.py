"""Which branches does a change of switches concern?"""

import numpy as np

from grid_models.twin.model import BoolArray, GridModel


def concerned_branches(model: GridModel, moved: BoolArray, changed: BoolArray) -> list[int]:
    """Branches, in table order, whose status `changed` (branches,), or with an end or a switch of their own that `moved` (switches,)."""
    switches, branches = model.switches, model.branches
    near = np.zeros(len(model.buses), dtype=bool)
    near[switches.bus[moved]] = True
    near[switches.other_bus[moved & (switches.other_bus >= 0)]] = True
    own = np.zeros(len(branches), dtype=bool)
    own[switches.branch[moved & (switches.branch >= 0)]] = True
    return [int(i) for i in np.flatnonzero(changed | own | near[branches.from_bus] | near[branches.to_bus])]
