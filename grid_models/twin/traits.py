"""Does an element have what the word for it promises: can this switch break load, is this park a wind park, is this shunt a reactor?"""

from collections.abc import Callable

from grid_models.twin.model import GridModel
from grid_models.twin.registry import Element, ElementKind

Trait = Callable[[GridModel, Element], bool]


def _technology(name: str) -> Trait:
    return lambda model, e: e.kind is ElementKind.GENERATOR and model.generators.technology[e.index] == name


def _breaks_load(model: GridModel, element: Element) -> bool:
    return element.kind is ElementKind.SWITCH and bool(model.switches.can_break_load[element.index])


def _only_isolates(model: GridModel, element: Element) -> bool:
    return element.kind is ElementKind.SWITCH and not model.switches.can_break_load[element.index]


def _couples(model: GridModel, element: Element) -> bool:
    """A switch that joins two busbars, which can break load."""
    other = int(model.switches.other_bus[element.index]) if element.kind is ElementKind.SWITCH else -1
    ends = [int(model.switches.bus[element.index]), other] if other >= 0 else []
    return bool(ends) and _breaks_load(model, element) and all(model.buses.is_busbar[bus] for bus in ends)


def _draws_reactive_power(model: GridModel, element: Element) -> bool:
    return element.kind is ElementKind.SHUNT and bool(model.shunts.q_mvar[element.index] >= 0)


def _gives_reactive_power(model: GridModel, element: Element) -> bool:
    return element.kind is ElementKind.SHUNT and bool(model.shunts.q_mvar[element.index] <= 0)


def _is_slack(model: GridModel, element: Element) -> bool:
    return element.kind is ElementKind.BUS and element.index in model.infeeds.bus


_WIND, _PV, _STORAGE = _technology("wind"), _technology("pv"), _technology("storage")

TRAITS: dict[str, Trait] = (
    dict.fromkeys(("wind farm", "wind park", "wind turbine", "windfarm", "windpark", "wind generator", "wind plant"), _WIND)
    | dict.fromkeys(("solar park", "solar farm", "solar generator", "solar plant", "pv park", "pv plant", "pv generator"), _PV)
    | dict.fromkeys(("storage", "battery"), _STORAGE)
    | dict.fromkeys(("circuit breaker", "breaker", "cb"), _breaks_load)
    | dict.fromkeys(("isolator", "disconnector"), _only_isolates)
    | dict.fromkeys(("coupler", "bus coupler", "busbar coupler", "bus tie"), _couples)
    | dict.fromkeys(("reactor", "shunt reactor"), _draws_reactive_power)
    | dict.fromkeys(("capacitor bank", "capacitor", "cap bank", "shunt capacitor"), _gives_reactive_power)
    | dict.fromkeys(("slack bus", "swing bus", "reference bus"), _is_slack)
)


def _anything(_model: GridModel, _element: Element) -> bool:
    return True


def trait_of(word: str) -> Trait:
    """What the kind word promises beyond the kind; a plain word such as 'line' promises nothing more."""
    return TRAITS.get(word, _anything)
