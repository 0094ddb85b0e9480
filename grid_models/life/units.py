"""Which transformers are there, at which ends is their load taken, and what are they rated for?"""

from dataclasses import dataclass

import numpy as np

from grid_models.twin.model import GridModel
from grid_models.twin.registry import Element, ElementKind


@dataclass(frozen=True)
class Unit:
    """One transformer. branches: its rows of the branch table (three legs of a three-winding one).

    rated_mva: None where the source gives no usable rating.
    """

    element: Element
    branches: tuple[int, ...]
    rated_mva: float | None

    @property
    def name(self) -> str:
        return self.element.name

    @property
    def stream(self) -> int:
        """Which random numbers are its own, whichever other transformers are looked at."""
        return self.branches[0]


def units_of(model: GridModel) -> tuple[Unit, ...]:
    """Every two- and three-winding transformer, in the order of the registry."""
    return tuple(unit_of(model, e) for e in model.registry.elements if e.kind in (ElementKind.TRANSFORMER, ElementKind.THREE_WINDING))


def unit_of(model: GridModel, element: Element) -> Unit:
    """One transformer of the registry."""
    three = element.kind is ElementKind.THREE_WINDING
    branches = tuple(int(leg) for leg in model.three_winding.legs[element.index]) if three else (element.index,)
    return Unit(element, branches, _rated_mva(model, branches[0]))


def _rated_mva(model: GridModel, branch: int) -> float | None:
    """√3 · kV · kA of the high-voltage end, the only one that a leg of three windings has; None for placeholders."""
    rating_ka = float(model.branches.rating_from_ka[branch])
    if np.isnan(rating_ka) or not model.ratings_usable:
        return None
    return float(np.sqrt(3) * model.buses.nominal_kv[model.branches.from_bus[branch]] * rating_ka)
