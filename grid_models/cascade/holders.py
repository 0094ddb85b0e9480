"""Which machines could hold an island alone? A model in which each may become an infeed, so that the same solver answers."""

from dataclasses import dataclass, replace

import numpy as np

from grid_models.twin.model import GridModel, IntArray
from grid_models.twin.state import GridState


@dataclass(frozen=True, eq=False)
class Holders:
    """model: the grid's own with one more infeed, off, at each machine that holds a voltage.  machine: (those,) rows of the generators.

    first: row of the first of them among the infeeds.
    """

    model: GridModel
    machine: IntArray
    first: int

    def lifted(self, state: GridState) -> GridState:
        """The same state on the model with holders."""
        start = self.model.start
        return replace(
            state,
            model=self.model,
            infeed_on=np.concatenate([state.infeed_on, start.infeed_on[self.first :]]),
            infeed_vm_pu=np.concatenate([state.infeed_vm_pu, state.generator_vm_pu[self.machine]]),
        )

    def infeed_of(self, machine: int) -> int:
        """The row of a machine's infeed."""
        return self.first + int(np.flatnonzero(self.machine == machine)[0])


def holders_of(model: GridModel) -> Holders:
    """Machines that hold a voltage are synchronous or grid-forming; parks that follow the grid cannot hold one."""
    machine = np.flatnonzero(model.generators.holds_voltage)
    infeeds, start = model.infeeds, model.start
    names = tuple(f"{model.generators.name[i]} alone" for i in machine)
    more = replace(
        infeeds,
        name=(*infeeds.name, *names),
        bus=np.concatenate([infeeds.bus, model.generators.bus[machine]]),
        angle_degree=np.concatenate([infeeds.angle_degree, np.zeros(len(machine))]),
    )
    begun = replace(
        start,
        infeed_on=np.concatenate([start.infeed_on, np.zeros(len(machine), dtype=bool)]),
        infeed_vm_pu=np.concatenate([start.infeed_vm_pu, start.generator_vm_pu[machine]]),
    )
    return Holders(replace(model, infeeds=more, start=begun), machine, len(infeeds))
