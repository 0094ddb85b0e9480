"""What scaling a group means: everything it draws and injects now, times a factor. Infeeds are never scaled: they take the difference."""

import numpy as np

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from grid_models.twin.model import BoolArray, GridModel
from grid_models.twin.state import GridState


def scale_group(state: GridState, action: Action) -> GridState:
    """The state with the action's group scaled (studies only). Raises InvalidAction for a group that is unknown or empty."""
    loads, machines = _members(state.model, action.group or "")
    return scaled(state, 1.0 if action.factor is None else action.factor, loads, machines)


def scaled(state: GridState, factor: float, loads: BoolArray, machines: BoolArray) -> GridState:
    """The chosen loads and generators at a factor of what they draw and inject now.

    Demand and what is shed of it, schedule or available power, and set-points are scaled alike, so that a machine on a set-point
    and a capped park inject the factor times what they injected.
    """
    load, machine = np.where(loads, factor, 1.0), np.where(machines, factor, 1.0)
    return state.with_arrays(
        load_p_mw=state.load_p_mw * load,
        load_q_mvar=state.load_q_mvar * load,
        load_shed_mw=state.load_shed_mw * load,
        generator_p_mw=state.generator_p_mw * machine,
        generator_q_mvar=state.generator_q_mvar * machine,
        generator_p_setpoint_mw=state.generator_p_setpoint_mw * machine,
        generator_q_setpoint_mvar=state.generator_q_setpoint_mvar * machine,
    )


def _members(model: GridModel, group: str) -> tuple[BoolArray, BoolArray]:
    """Which loads and which generators belong to a group."""
    loads, machines = np.zeros(len(model.loads), dtype=bool), np.zeros(len(model.generators), dtype=bool)
    if group == "loads":
        loads[:] = True
    elif group == "generation":
        machines[:] = True
    elif group in ("wind", "pv"):
        machines = np.array([t == group for t in model.generators.technology], dtype=bool)
    elif group.startswith("area:"):
        loads, machines = _in_area(model, group.removeprefix("area:"))
    if not loads.any() and not machines.any():
        raise InvalidAction(f"There is nothing in the group '{group}' to scale; {_groups(model)} works.")
    return loads, machines


def _in_area(model: GridModel, area: str) -> tuple[BoolArray, BoolArray]:
    known = model.buses.areas
    if known and area.casefold() not in {a.casefold() for a in known}:
        raise InvalidAction(f"There is no area '{area}' to scale; {', '.join(known)} exist.")
    at = np.array([a.casefold() == area.casefold() for a in model.buses.area], dtype=bool)
    return at[model.loads.bus], at[model.generators.bus]


def _groups(model: GridModel) -> str:
    """The groups that have members, in words."""
    technologies = [t for t in ("wind", "pv") if t in model.generators.technology]
    areas = model.buses.areas
    named = [f"area:NAME ({', '.join(areas)})"] if areas else []
    machines = ["generation"] if len(model.generators) else []
    return " or ".join(["loads", *machines, *technologies, *named])
