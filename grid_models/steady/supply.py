"""Who has no supply: dead busbars, and the load and generation cut off with them."""

from dataclasses import dataclass

import numpy as np

from grid_models.twin.model import BoolArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of


@dataclass(frozen=True)
class Supply:
    """Dead busbars (terminals of opened branches are not counted) and what they would draw and inject [MW]."""

    dead_buses: tuple[str, ...]
    load_mw: float
    generation_mw: float


def unsupplied(state: GridState) -> Supply:
    """Everything without a path to an infeed in service."""
    dead = ~topology_of(state).bus_live
    return _supply(state, dead)


def lost_supply(before: GridState, after: GridState) -> Supply:
    """What had supply before a change and has none after it, valued at what it drew and injected before; includes elements switched off."""
    lost = topology_of(before).bus_live & ~topology_of(after).bus_live
    cut = _supply(before, lost)
    loads, machines = before.model.loads.bus, before.model.generators.bus
    off_load = before.load_on & ~after.load_on & topology_of(before).bus_live[loads] & ~lost[loads]
    off_machine = before.generator_on & ~after.generator_on & topology_of(before).bus_live[machines] & ~lost[machines]
    return Supply(
        cut.dead_buses,
        cut.load_mw + float(before.load_drawn_mw[off_load].sum()),
        cut.generation_mw + float(before.generator_injected_mw[off_machine].sum()),
    )


def _supply(state: GridState, dead: BoolArray) -> Supply:
    model = state.model
    return Supply(
        tuple(model.buses.name[i] for i in np.flatnonzero(dead & model.buses.is_busbar)),
        float(state.load_drawn_mw[dead[model.loads.bus]].sum()),
        float(state.generator_injected_mw[dead[model.generators.bus]].sum()),
    )
