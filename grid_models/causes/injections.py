"""What injects and draws now: every load and generator that is in service and has supply, in one table."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import Topology


class Group(StrEnum):
    """What a share is due to. With several infeeds the flow without injections is their exchange: transit; with one, no-load flow."""

    WIND = "wind"
    PV = "pv"
    GENERATION = "generation"
    STORAGE = "storage"
    LOAD = "load"
    TRANSIT = "transit"
    NO_LOAD = "no-load"
    REMAINDER = "remainder"


_GROUP_OF = {"wind": Group.WIND, "pv": Group.PV, "storage": Group.STORAGE, "load": Group.LOAD}


@dataclass(frozen=True, eq=False)
class Injections:
    """(injections,) each; powers positive into the grid. A machine that holds its voltage has no reactive power of its own here."""

    element: tuple[Element, ...]
    technology: tuple[str, ...]
    node: IntArray
    p_mw: FloatArray
    q_mvar: FloatArray

    def __len__(self) -> int:
        return len(self.element)

    def group(self, row: int) -> Group:
        return _GROUP_OF.get(self.technology[row], Group.GENERATION)


def injections_of(state: GridState, topology: Topology) -> Injections:
    """Loads first, then generators, in the order of the tables."""
    model = state.model
    load_node, generator_node = topology.node_of_bus[model.loads.bus], topology.node_of_bus[model.generators.bus]
    loads = np.flatnonzero(state.load_on & topology.node_live[load_node])
    machines = np.flatnonzero(state.generator_on & topology.node_live[generator_node])
    reactive = np.where(model.generators.holds_voltage, 0.0, state.generator_injected_mvar)
    return Injections(
        element=tuple(
            [Element(ElementKind.LOAD, int(i), model.loads.name[i]) for i in loads]
            + [Element(ElementKind.GENERATOR, int(i), model.generators.name[i]) for i in machines]
        ),
        technology=("load",) * len(loads) + tuple(model.generators.technology[i] for i in machines),
        node=np.concatenate([load_node[loads], generator_node[machines]]),
        p_mw=np.concatenate([-state.load_drawn_mw[loads], state.generator_injected_mw[machines]]),
        q_mvar=np.concatenate([-state.load_drawn_mvar[loads], reactive[machines]]),
    )


def scaled(state: GridState, factor: float) -> GridState:
    """The state with every load and generator at `factor` of its present power; machines and infeeds keep their voltages."""
    names = ("load_p_mw", "load_q_mvar", "load_shed_mw", "generator_p_mw", "generator_q_mvar")
    setpoints = ("generator_p_setpoint_mw", "generator_q_setpoint_mvar")
    return state.with_arrays(**{name: getattr(state, name) * factor for name in names + setpoints})


def without(state: GridState, elements: tuple[Element, ...]) -> GridState:
    """The state with these loads and generators at zero; a machine among them still holds its voltage."""
    arrays = {
        name: getattr(state, name).copy()
        for name in ("load_p_mw", "load_q_mvar", "load_shed_mw", "generator_p_setpoint_mw", "generator_q_setpoint_mvar")
    }
    loads = [e.index for e in elements if e.kind is ElementKind.LOAD]
    machines = [e.index for e in elements if e.kind is ElementKind.GENERATOR]
    for name, values in arrays.items():
        values[loads if name.startswith("load") else machines] = 0.0
    return state.with_arrays(**arrays)
