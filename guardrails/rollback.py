"""Which orders would lead back to the grid as it was? The inverse of each, last one first, and shown to lead back."""

from collections.abc import Sequence

import numpy as np

from grid_models.actions import Action, ActionKind
from grid_models.errors import InvalidAction
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from guardrails.commanded import changed


def rollback_of(actions: Sequence[Action], before: GridState) -> tuple[Action, ...]:
    """() where no list of orders restores every commanded value, or where the list cannot be applied."""
    state, undone = before, list[tuple[Action, ...]]()
    try:
        for action in actions:
            undone.append(_inverse(action, state))
            state = state.apply([action])
        found = tuple(a for step in reversed(undone) for a in step)
        back = state.apply(found)
    except InvalidAction:
        return ()
    return () if any(changed(before, back)) else found


def _inverse(action: Action, state: GridState) -> tuple[Action, ...]:
    """What takes one order back on the state it is given to."""
    if action.is_hypothetical:
        raise InvalidAction(f"'{action.words()}' exists in studies only; nothing takes it back.")
    name = action.element or ""
    element = state.model.registry.find(name)
    match action.kind:
        case ActionKind.OPEN | ActionKind.CLOSE:
            return (Action(kind=ActionKind.CLOSE if action.kind is ActionKind.OPEN else ActionKind.OPEN, element=name),)
        case ActionKind.SET_TAP:
            moved = np.flatnonzero(state.apply([action]).tap != state.tap)
            return tuple(Action(kind=action.kind, element=name, position=int(state.tap[i])) for i in moved)
        case ActionKind.SET_SHUNT:
            return (Action(kind=action.kind, element=name, step=int(state.shunt_step[element.index])),)
        case ActionKind.SHED_LOAD:
            return (Action(kind=action.kind, element=name, p_mw=float(state.load_shed_mw[element.index])),)
        case ActionKind.SET_VOLTAGE | ActionKind.SET_P | ActionKind.SET_Q | ActionKind.RELEASE:
            return _set_points(state, name, element.kind, element.index)
    raise InvalidAction(f"Nothing takes '{action.words()}' back.")


def _set_points(state: GridState, name: str, kind: ElementKind, i: int) -> tuple[Action, ...]:
    """All that may be ordered of one element as it stands: released to its schedule first, then what was set."""
    if kind is ElementKind.LOAD:
        return (Action(kind=ActionKind.SHED_LOAD, element=name, p_mw=float(state.load_shed_mw[i])),)
    if kind is ElementKind.INFEED:
        return (Action(kind=ActionKind.SET_VOLTAGE, element=name, vm_pu=float(state.infeed_vm_pu[i])),)
    p_mw, q_mvar, holds = state.generator_p_setpoint_mw[i], state.generator_q_setpoint_mvar[i], state.model.generators.holds_voltage[i]
    back = [Action(kind=ActionKind.RELEASE, element=name)]
    if np.isfinite(p_mw):
        back.append(Action(kind=ActionKind.SET_P, element=name, p_mw=float(p_mw)))
    if np.isfinite(q_mvar) and not holds:
        back.append(Action(kind=ActionKind.SET_Q, element=name, q_mvar=float(q_mvar)))
    if holds and state.generator_vm_pu[i] != state.model.start.generator_vm_pu[i]:
        back.append(Action(kind=ActionKind.SET_VOLTAGE, element=name, vm_pu=float(state.generator_vm_pu[i])))
    return tuple(back)
