"""Which elements does an order operate, and where do they lie? Asked of the grid's own data, when the order is made and when it is claimed.

What it does to the rest of the grid is the gate's question.
"""

import math
from collections.abc import Sequence

from grid_models.actions import Action
from grid_models.errors import AmbiguousElement, UnknownElement
from grid_models.twin.model import GridModel
from guardrails.scope import Touched


def touched_by(model: GridModel, actions: Sequence[Action], breakers: Sequence[Sequence[str]] = ()) -> tuple[Touched, ...]:
    """Every element that is named and every breaker that moves, each once. What the grid does not know has no place.

    breakers: names of the switches of each action, as a verdict lists them.
    """
    named = [action.element for action in actions if action.element] + [name for moved in breakers for name in moved]
    return places_of(model, named)


def places_of(model: GridModel, names: Sequence[str]) -> tuple[Touched, ...]:
    """Where elements lie, each once."""
    return tuple({place.element: place for place in (_place(model, name) for name in names)}.values())


def _place(model: GridModel, name: str) -> Touched:
    try:
        element = model.registry.find(name)
    except (UnknownElement, AmbiguousElement):
        return Touched(element=name)
    rows = [row for row in model.registry.bus_of(element) if not model.buses.is_star[row]]
    levels = {_known(float(model.buses.nominal_kv[row])) for row in rows}
    return Touched(
        element=element.name,
        nominal_kv=tuple(sorted(levels, key=lambda kv: -(kv or 0.0))),
        areas=tuple(sorted({model.buses.area[row] for row in rows})),
    )


def _known(nominal_kv: float) -> float | None:
    return nominal_kv if math.isfinite(nominal_kv) and nominal_kv > 0 else None
