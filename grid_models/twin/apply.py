"""What a list of actions makes of a state. The study, the gate's check and the plant's command are this same function."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from grid_models.actions import Action, ActionKind
from grid_models.errors import InvalidAction
from grid_models.twin.model import BoolArray, GridModel
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.scale import scale_group
from grid_models.twin.state import GridState

T = TypeVar("T", bound=np.generic)
_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER)
_ROUNDING_MW = 1e-6  # a demand that was read, rounded as the state's identity is, can be shed whole
_WITH_BREAKERS = (*_BRANCHES, ElementKind.THREE_WINDING)


def apply_actions(state: GridState, actions: Sequence[Action]) -> GridState:
    """The state after the actions, one after the other. Raises InvalidAction, UnknownElement or AmbiguousElement."""
    for action in actions:
        state = (
            scale_group(state, action) if action.kind is ActionKind.SCALE else _APPLY[action.kind](state, action, _element(state, action))
        )
    return state


def breakers_of(model: GridModel, branch: int) -> tuple[int, ...]:
    """Switches (rows of the switch table) that connect the two ends of a branch; empty on grids without switches.

    An end has switches of its own, or is a terminal bus (not a busbar) with switches to the busbars.
    """
    switches, branches = model.switches, model.branches
    found = list(np.flatnonzero(switches.branch == branch))
    for bus in (branches.from_bus[branch], branches.to_bus[branch]):
        if not model.buses.is_busbar[bus]:
            found += list(np.flatnonzero((switches.other_bus >= 0) & ((switches.bus == bus) | (switches.other_bus == bus))))
    return tuple(int(i) for i in found)


def bay_of(model: GridModel, branch: int) -> tuple[int, ...]:
    """Every switch (row of the switch table) between the two ends of a branch and the busbars: its breakers and its disconnectors."""
    switches, branches = model.switches, model.branches
    rows = set(breakers_of(model, branch))
    reached = {int(branches.from_bus[branch]), int(branches.to_bus[branch])}
    while inner := [bus for bus in reached if not model.buses.is_busbar[bus]]:
        beside = np.flatnonzero((switches.other_bus >= 0) & (np.isin(switches.bus, inner) | np.isin(switches.other_bus, inner)))
        ends = {int(b) for b in (*switches.bus[beside], *switches.other_bus[beside])}
        if ends <= reached:
            return tuple(sorted(rows | set(beside.tolist())))
        reached |= ends
    return tuple(sorted(rows))


def switched_by(state: GridState, action: Action) -> tuple[str, ...]:
    """Names of the switches an open or close of a branch really moves, for the card."""
    element = _element(state, action)
    if action.kind not in (ActionKind.OPEN, ActionKind.CLOSE) or element.kind not in _WITH_BREAKERS:
        return ()
    moved = np.flatnonzero(state.apply([action]).switch_closed != state.switch_closed)
    return tuple(state.model.switches.name[i] for i in moved)


def _element(state: GridState, action: Action) -> Element:
    return state.model.registry.find(action.element or "")


def _open(state: GridState, action: Action, element: Element) -> GridState:
    return _switch(state, element, close=False)


def _close(state: GridState, action: Action, element: Element) -> GridState:
    return _switch(state, element, close=True)


def _switch(state: GridState, element: Element, *, close: bool) -> GridState:
    """A disconnector moves like any switch here; what current it carries is a question for the power flow (`steady/`)."""
    if element.kind in _BRANCHES:
        return _switch_branch(state, element, close=close)
    if element.kind is ElementKind.THREE_WINDING:
        return _switch_legs(state, element, close=close)
    column = _STATUS_COLUMN.get(element.kind)
    if column is None:
        raise InvalidAction(
            f"'{element.name}' is a {element.kind} and cannot be opened or closed; a branch, switch, load, generator or infeed can."
        )
    status = getattr(state, column)
    if bool(status[element.index]) is close:
        raise InvalidAction(f"'{element.name}' is already {'closed' if close else 'open'}; nothing would change.")
    changed: dict[str, BoolArray] = {column: _with(status, element.index, close)}
    return state.with_arrays(plant_time=None, **changed)


_STATUS_COLUMN = {
    ElementKind.SWITCH: "switch_closed",
    ElementKind.LOAD: "load_on",
    ElementKind.GENERATOR: "generator_on",
    ElementKind.INFEED: "infeed_on",
}


def _switch_legs(state: GridState, element: Element, *, close: bool) -> GridState:
    """Every winding of a three-winding transformer that is not yet as wished; one leg on its own is a branch like any other."""
    legs = [_leg(state.model, int(row)) for row in state.model.three_winding.legs[element.index]]
    wanted = [leg for leg in legs if _connected(state, leg) is not close]
    if not wanted:
        raise InvalidAction(f"'{element.name}' is already {'in service' if close else 'out of service'}; nothing would change.")
    for leg in wanted:
        state = _switch_branch(state, leg, close=close)
    return state


def _leg(model: GridModel, row: int) -> Element:
    return Element(ElementKind.TRANSFORMER, row, model.branches.name[row])


def _connected(state: GridState, branch: Element) -> bool:
    return bool(state.branch_on[branch.index]) and _ends_connected(state, branch.index)


def _switch_branch(state: GridState, element: Element, *, close: bool) -> GridState:
    """Both ends. Closing goes back to the busbars of the grid's normal switching."""
    breakers = np.array(breakers_of(state.model, element.index), dtype=np.int64)
    if _connected(state, element) is close:
        raise InvalidAction(f"'{element.name}' is already {'in service' if close else 'out of service'}; nothing would change.")
    switch_closed = state.switch_closed.copy()
    movable = breakers[state.model.switches.can_break_load[breakers]]
    if close:
        switch_closed[movable] |= state.model.start.switch_closed[movable]
        closed = state.with_arrays(switch_closed=switch_closed, branch_on=_with(state.branch_on, element.index, True))
        return _with_ends_closed(closed, element)
    switch_closed[movable] = False
    opened = state.with_arrays(switch_closed=switch_closed)
    if not _ends_connected(opened, element.index) and _both_ends_have_switches(state.model, element.index):
        return opened
    return opened.with_arrays(branch_on=_with(state.branch_on, element.index, False))


def _with_ends_closed(state: GridState, element: Element) -> GridState:
    """An end that is open in the normal switching too is closed at its only breaker; which of several is not ours to choose."""
    model, switch_closed = state.model, state.switch_closed.copy()
    for end in _end_switches(model, element.index):
        if not end or any(switch_closed[i] for i in end):
            continue
        movable = [i for i in end if model.switches.can_break_load[i]]
        if len(movable) != 1:
            names = ", ".join(model.switches.name[i] for i in movable or end)
            found = "several breakers" if movable else "no breaker"
            raise InvalidAction(f"'{element.name}' has {found} at an end that is normally open ({names}); close the switches one by one.")
        switch_closed[movable[0]] = True
    return state.with_arrays(switch_closed=switch_closed)


def _end_switches(model: GridModel, branch: int) -> tuple[list[int], list[int]]:
    """The switches at the from end and at the to end."""
    switches = model.switches
    ends: tuple[list[int], list[int]] = ([], [])
    for i in breakers_of(model, branch):
        at_from = model.branches.from_bus[branch] in (switches.bus[i], switches.other_bus[i])
        ends[0 if at_from else 1].append(i)
    return ends


def _both_ends_have_switches(model: GridModel, branch: int) -> bool:
    return all(_end_switches(model, branch))


def _ends_connected(state: GridState, branch: int) -> bool:
    """Each end without switches counts as connected; one with switches needs one of them closed."""
    return all(not end or any(state.switch_closed[i] for i in end) for end in _end_switches(state.model, branch))


def _set_p(state: GridState, action: Action, element: Element) -> GridState:
    _require(element, ElementKind.GENERATOR, "has no active-power set-point; a generator or park has")
    return state.with_arrays(generator_p_setpoint_mw=_with(state.generator_p_setpoint_mw, element.index, action.p_mw))


def _set_q(state: GridState, action: Action, element: Element) -> GridState:
    _require(element, ElementKind.GENERATOR, "has no reactive-power set-point; a generator or park has")
    if state.model.generators.holds_voltage[element.index]:
        raise InvalidAction(f"'{element.name}' holds its voltage; set its voltage instead of its reactive power.")
    return state.with_arrays(generator_q_setpoint_mvar=_with(state.generator_q_setpoint_mvar, element.index, action.q_mvar))


def _set_voltage(state: GridState, action: Action, element: Element) -> GridState:
    if element.kind is ElementKind.INFEED:
        return state.with_arrays(infeed_vm_pu=_with(state.infeed_vm_pu, element.index, action.vm_pu))
    if element.kind is not ElementKind.GENERATOR or not state.model.generators.holds_voltage[element.index]:
        raise InvalidAction(f"'{element.name}' does not hold a voltage; a machine or an infeed does.")
    return state.with_arrays(generator_vm_pu=_with(state.generator_vm_pu, element.index, action.vm_pu))


def _set_tap(state: GridState, action: Action, element: Element) -> GridState:
    if element.kind is ElementKind.THREE_WINDING:
        legs = state.model.three_winding.legs[element.index]
        span = state.model.branches.tap_max[legs] - state.model.branches.tap_min[legs]
        element = _leg(state.model, int(legs[np.argmax(span)]))
    _require(element, ElementKind.TRANSFORMER, "has no tap changer; a transformer may have one")
    low, high = int(state.model.branches.tap_min[element.index]), int(state.model.branches.tap_max[element.index])
    if low == high:
        raise InvalidAction(f"'{element.name}' has no tap changer in the source; its position {low} is fixed.")
    if action.position is None or not low <= action.position <= high:
        raise InvalidAction(f"Tap position {action.position} of '{element.name}' does not exist; positions {low} to {high} do.")
    return state.with_arrays(tap=_with(state.tap, element.index, action.position))


def _set_shunt(state: GridState, action: Action, element: Element) -> GridState:
    _require(element, ElementKind.SHUNT, "has no steps; a shunt has")
    high = int(state.model.shunts.max_step[element.index])
    if action.step is None or not 0 <= action.step <= high:
        raise InvalidAction(f"Step {action.step} of '{element.name}' does not exist; steps 0 to {high} do.")
    return state.with_arrays(shunt_step=_with(state.shunt_step, element.index, action.step))


def _shed(state: GridState, action: Action, element: Element) -> GridState:
    _require(element, ElementKind.LOAD, "is no load; only load can be shed")
    demand = max(float(state.load_p_mw[element.index]), 0.0)
    if action.p_mw is None or not 0.0 <= action.p_mw <= demand + _ROUNDING_MW:
        raise InvalidAction(f"Cannot shed {action.p_mw:g} MW at '{element.name}': its demand is {demand:.2f} MW; 0 to that works.")
    return state.with_arrays(load_shed_mw=_with(state.load_shed_mw, element.index, min(action.p_mw, demand)))


def _release(state: GridState, action: Action, element: Element) -> GridState:
    if element.kind is ElementKind.LOAD:
        return state.with_arrays(load_shed_mw=_with(state.load_shed_mw, element.index, 0.0))
    if element.kind is ElementKind.INFEED:
        return state.with_arrays(infeed_vm_pu=_with(state.infeed_vm_pu, element.index, state.model.start.infeed_vm_pu[element.index]))
    _require(element, ElementKind.GENERATOR, "has no profile to go back to; a generator, a load or an infeed has")
    return state.with_arrays(
        generator_p_setpoint_mw=_with(state.generator_p_setpoint_mw, element.index, np.nan),
        generator_q_setpoint_mvar=_with(state.generator_q_setpoint_mvar, element.index, np.nan),
        generator_vm_pu=_with(state.generator_vm_pu, element.index, state.model.start.generator_vm_pu[element.index]),
    )


def _require(element: Element, kind: ElementKind, otherwise: str) -> None:
    if element.kind is not kind:
        raise InvalidAction(f"'{element.name}' {otherwise}.")


def _with(values: NDArray[T], index: int, value: object) -> NDArray[T]:
    changed = values.copy()
    changed[index] = value  # type: ignore[assignment]  # numpy converts the number to the array's type
    return changed


_APPLY: dict[ActionKind, Callable[[GridState, Action, Element], GridState]] = {
    ActionKind.OPEN: _open,
    ActionKind.CLOSE: _close,
    ActionKind.SET_P: _set_p,
    ActionKind.SET_Q: _set_q,
    ActionKind.SET_VOLTAGE: _set_voltage,
    ActionKind.SET_TAP: _set_tap,
    ActionKind.SET_SHUNT: _set_shunt,
    ActionKind.SHED_LOAD: _shed,
    ActionKind.RELEASE: _release,
}
