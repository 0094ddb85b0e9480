"""What the history keeps of one solved state, and which column belongs to which element."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from grid_models.errors import AmbiguousElement, UnknownElement
from grid_models.steady.solution import Solution
from grid_models.twin.model import GridModel, Names
from grid_models.twin.registry import BRANCH_KINDS, ElementKind

Float32Array = NDArray[np.float32]


class Trended(StrEnum):
    """The quantities that are kept."""

    VOLTAGE = "vm_pu"
    FLOW = "p_from_mw"
    LOADING = "loading_percent"
    LOAD = "load_mw"
    GENERATION = "generation_mw"
    INFEED = "infeed_mw"


@dataclass(frozen=True)
class _Kept:
    unit: str
    table: str
    kinds: frozenset[ElementKind]


_KEPT = {
    Trended.VOLTAGE: _Kept("pu", "buses", frozenset({ElementKind.BUS})),
    Trended.FLOW: _Kept("MW", "branches", BRANCH_KINDS),
    Trended.LOADING: _Kept("percent", "branches", BRANCH_KINDS),
    Trended.LOAD: _Kept("MW", "loads", frozenset({ElementKind.LOAD})),
    Trended.GENERATION: _Kept("MW", "generators", frozenset({ElementKind.GENERATOR})),
    Trended.INFEED: _Kept("MW", "infeeds", frozenset({ElementKind.INFEED})),
}
SUMMED = (Trended.LOAD, Trended.GENERATION, Trended.INFEED)  # their total means something


def unit_of(quantity: Trended) -> str:
    """pu, MW or percent."""
    return _KEPT[quantity].unit


def columns_of(model: GridModel, quantity: Trended) -> slice:
    """The columns of a quantity, one an element in the order of the model's table."""
    start = 0
    for kept in Trended:
        size = len(getattr(model, _KEPT[kept].table))
        if kept is quantity:
            return slice(start, start + size)
        start += size
    raise AssertionError(quantity)  # every member is in the loop


def width(model: GridModel) -> int:
    """Number of columns of a grid."""
    return sum(len(getattr(model, kept.table)) for kept in _KEPT.values())


def values_of(solution: Solution) -> Float32Array:
    """One row: NaN where there is no voltage or no rating; a load or machine without voltage has 0 MW."""
    state, live = solution.state, solution.topology.bus_live
    parts = {
        Trended.VOLTAGE: solution.vm_pu,
        Trended.FLOW: solution.p_from_mw,
        Trended.LOADING: solution.loading_percent,
        Trended.LOAD: np.where(live[state.model.loads.bus], state.load_drawn_mw, 0.0),
        Trended.GENERATION: np.where(live[state.model.generators.bus], state.generator_injected_mw, 0.0),
        Trended.INFEED: solution.infeed_p_mw,
    }
    return np.concatenate([parts[quantity] for quantity in Trended]).astype(np.float32)


def name_of(model: GridModel, quantity: Trended, row: int) -> str:
    """Display name of a row of the quantity's table."""
    return str(getattr(model, _KEPT[quantity].table).name[row])


def row_of(model: GridModel, quantity: Trended, element: str | int) -> int:
    """Row of an element in the quantity's table, by name, alias or number. Raises UnknownElement or AmbiguousElement."""
    kept = _KEPT[quantity]
    names: Names = getattr(model, kept.table).name
    if isinstance(element, int):
        if not 0 <= element < len(names):
            raise UnknownElement(str(element), names[:3])
        return element
    found = [e for e in model.registry.exact(element) if e.kind in kept.kinds and e.kind is not ElementKind.THREE_WINDING]
    if len(found) > 1:
        raise AmbiguousElement(element, [e.name for e in found])
    if not found:
        raise UnknownElement(element, names[:3])
    return found[0].index
