"""Which elements does a step operate? Those it names, those whose position or set-point it changes, and those whose bay it switches."""

from collections.abc import Iterable

from grid_models.errors import InvalidAction
from grid_models.twin.model import GridModel
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from guardrails.change import Change
from guardrails.commanded import COMMANDED, changed, element_at


def operated(change: Change) -> frozenset[Element]:
    """Elements of the step. A switch counts for the branch at whose end it sits, for what stands at its terminals and for its buses."""
    before, after = change.previous.state, state_after(change)
    model = before.model
    found = {model.registry.find(change.action.element)} if change.action.element else set()
    found |= {element_at(model, COMMANDED[array], row) for array, row in changed(before, after)}
    for element in tuple(found):
        if element.kind is ElementKind.SWITCH:
            found |= set(_in_the_bay(model, element.index))
    return frozenset(found | set(_whole(model, found)))


def state_after(change: Change) -> GridState:
    """The state after the step. One that does not fit its element changes nothing; `action_valid` refuses it."""
    try:
        return change.after.state
    except InvalidAction:
        return change.previous.state


def _in_the_bay(model: GridModel, switch: int) -> Iterable[Element]:
    """The branch a switch sits at, its buses, and what stands at a terminal of its own; another switch there is not moved by it."""
    switches = model.switches
    if switches.branch[switch] >= 0:
        yield element_at(model, ElementKind.LINE, int(switches.branch[switch]))
    for bus in (int(switches.bus[switch]), int(switches.other_bus[switch])):
        if bus < 0:
            continue
        if model.buses.is_busbar[bus]:
            yield Element(ElementKind.BUS, bus, model.buses.name[bus])
        else:
            yield from (e for e in model.registry.at_buses((bus,)) if e.kind is not ElementKind.SWITCH)


def _whole(model: GridModel, found: Iterable[Element]) -> Iterable[Element]:
    """Of a three-winding transformer a leg counts for the whole, and the whole for each leg."""
    legs = {int(leg): t for t, rows in enumerate(model.three_winding.legs) for leg in rows}
    for element in tuple(found):
        if element.kind is ElementKind.TRANSFORMER and element.index in legs:
            transformer = legs[element.index]
            yield Element(ElementKind.THREE_WINDING, transformer, model.three_winding.name[transformer])
        if element.kind is ElementKind.THREE_WINDING:
            yield from (element_at(model, ElementKind.LINE, int(leg)) for leg in model.three_winding.legs[element.index])
