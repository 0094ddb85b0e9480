"""What can an order change of a state, and of which element is each entry?"""

from collections.abc import Iterator

import numpy as np

from grid_models.twin.model import GridModel
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState

# Arrays of a state by the kind of element whose rows they have; lines stand for all branches. Demand and weather move by themselves.
COMMANDED: dict[str, ElementKind] = {
    "switch_closed": ElementKind.SWITCH,
    "branch_on": ElementKind.LINE,
    "load_on": ElementKind.LOAD,
    "generator_on": ElementKind.GENERATOR,
    "infeed_on": ElementKind.INFEED,
    "tap": ElementKind.LINE,
    "shunt_step": ElementKind.SHUNT,
    "load_shed_mw": ElementKind.LOAD,
    "generator_p_setpoint_mw": ElementKind.GENERATOR,
    "generator_q_setpoint_mvar": ElementKind.GENERATOR,
    "generator_vm_pu": ElementKind.GENERATOR,
    "infeed_vm_pu": ElementKind.INFEED,
}


def changed(before: GridState, after: GridState) -> Iterator[tuple[str, int]]:
    """(array, row) of every entry that differs; two that follow their schedule (NaN) do not."""
    for array in COMMANDED:
        old, new = (np.asarray(getattr(state, array), dtype=np.float64) for state in (before, after))
        yield from ((array, int(row)) for row in np.flatnonzero((old != new) & ~(np.isnan(old) & np.isnan(new))))


def element_at(model: GridModel, kind: ElementKind, row: int) -> Element:
    """The element of a row; lines and transformers share a table."""
    if kind is ElementKind.LINE:
        return Element(kind if model.branches.is_line[row] else ElementKind.TRANSFORMER, row, model.branches.name[row])
    tables = {
        ElementKind.SWITCH: model.switches.name,
        ElementKind.LOAD: model.loads.name,
        ElementKind.GENERATOR: model.generators.name,
        ElementKind.INFEED: model.infeeds.name,
        ElementKind.SHUNT: model.shunts.name,
    }
    return Element(kind, row, tables[kind][row])
