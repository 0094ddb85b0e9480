"""What is different from the grid's normal state: switching, set-points against schedule, shed load, taps, shunt steps, voltages."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grid_models.twin.apply import breakers_of
from grid_models.twin.concerned import concerned_branches
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState

_SAME = 1e-9  # MW, Mvar or pu: below it two values are one


@dataclass(frozen=True)
class Departure:
    """One element that is not as it is normally. `undo`: (column of the state, row, normal value) of everything to set back."""

    element: Element
    words: str
    undo: tuple[tuple[str, int, float], ...]


def departures(state: GridState) -> tuple[Departure, ...]:
    """Every departure from the model's normal state, by element; the switches of one branch are one departure."""
    return (*_branches_and_switches(state), *_statuses(state), *_positions(state), *_voltages(state), *_powers(state))


def undone(state: GridState, found: tuple[Departure, ...]) -> GridState:
    """The state with these departures set back to normal."""
    arrays = {column: getattr(state, column).copy() for departure in found for column, _, _ in departure.undo}
    for departure in found:
        for column, row, value in departure.undo:
            arrays[column][row] = value
    return state.with_arrays(**arrays)


def untouched(found: tuple[Departure, ...], before: GridState, after: GridState) -> tuple[Departure, ...]:
    """The departures whose columns have the same values in both states: those that what-if changes left alone."""

    def same(column: str, row: int) -> bool:
        return bool(np.array_equal(getattr(before, column)[row], getattr(after, column)[row], equal_nan=True))

    return tuple(d for d in found if all(same(column, row) for column, row, _ in d.undo))


def _branches_and_switches(state: GridState) -> Iterator[Departure]:
    """A branch with its switches first; then the switches that belong to no branch (couplers)."""
    model, start = state.model, state.model.start
    moved = state.switch_closed != start.switch_closed
    told: set[int] = set()
    for branch in concerned_branches(model, moved, state.branch_on != start.branch_on):
        mine = [i for i in breakers_of(model, branch) if moved[i] and i not in told]
        told.update(mine)
        undo = [("switch_closed", i, float(start.switch_closed[i])) for i in mine]
        if state.branch_on[branch] != start.branch_on[branch]:
            undo.append(("branch_on", branch, float(start.branch_on[branch])))
        if undo:
            kind = ElementKind.LINE if model.branches.is_line[branch] else ElementKind.TRANSFORMER
            element = Element(kind, branch, model.branches.name[branch])
            yield Departure(element, _switching_words(state, branch, mine), tuple(undo))
    for i in np.flatnonzero(moved):
        if int(i) not in told:
            now, normal = ("closed", "open") if state.switch_closed[i] else ("open", "closed")
            element = Element(ElementKind.SWITCH, int(i), model.switches.name[i])
            yield Departure(
                element, f"{element.name} is {now}, normally {normal}", (("switch_closed", int(i), float(not state.switch_closed[i])),)
            )


def _switching_words(state: GridState, branch: int, switches: list[int]) -> str:
    name, normal = state.model.branches.name[branch], GridState.at_start(state.model)
    now, usual = in_service(state, branch), in_service(normal, branch)
    if now != usual:
        return f"{name} is {'in' if now else 'out of'} service, normally {'in' if usual else 'out of'} service"
    names = ", ".join(f"{state.model.switches.name[i]} {'closed' if state.switch_closed[i] else 'open'}" for i in switches)
    return f"{name} is switched differently from normal ({names or 'status'})"


def in_service(state: GridState, branch: int) -> bool:
    """Whether both ends of a branch are connected: an end without switches is, one with switches needs one of them closed."""
    model, found = state.model, breakers_of(state.model, branch)
    for bus in (model.branches.from_bus[branch], model.branches.to_bus[branch]):
        at = [i for i in found if bus in (model.switches.bus[i], model.switches.other_bus[i])]
        if at and not state.switch_closed[at].any():
            return False
    return bool(state.branch_on[branch])


def _statuses(state: GridState) -> Iterator[Departure]:
    model = state.model
    for kind, column, names in (
        (ElementKind.LOAD, "load_on", model.loads.name),
        (ElementKind.GENERATOR, "generator_on", model.generators.name),
        (ElementKind.INFEED, "infeed_on", model.infeeds.name),
    ):
        now, normal = getattr(state, column), getattr(model.start, column)
        for i in np.flatnonzero(now != normal):
            words = f"{names[i]} is switched {'on' if now[i] else 'off'}, normally {'on' if normal[i] else 'off'}"
            yield Departure(Element(kind, int(i), names[i]), words, ((column, int(i), float(normal[i])),))


def _positions(state: GridState) -> Iterator[Departure]:
    model = state.model
    for kind, column, names, word in (
        (ElementKind.TRANSFORMER, "tap", model.branches.name, "tap position"),
        (ElementKind.SHUNT, "shunt_step", model.shunts.name, "step"),
    ):
        now, normal = getattr(state, column), getattr(model.start, column)
        for i in np.flatnonzero(now != normal):
            words = f"{names[i]} is at {word} {now[i]}, normally {normal[i]}"
            yield Departure(Element(kind, int(i), names[i]), words, ((column, int(i), float(normal[i])),))


def _voltages(state: GridState) -> Iterator[Departure]:
    model = state.model
    for kind, column, names, holds in (
        (ElementKind.GENERATOR, "generator_vm_pu", model.generators.name, model.generators.holds_voltage),
        (ElementKind.INFEED, "infeed_vm_pu", model.infeeds.name, np.ones(len(model.infeeds), dtype=bool)),
    ):
        now, normal = getattr(state, column), getattr(model.start, column)
        for i in np.flatnonzero(holds & (np.abs(now - normal) > _SAME)):
            words = f"{names[i]} holds {now[i]:.4g} pu, normally {normal[i]:.4g} pu"
            yield Departure(Element(kind, int(i), names[i]), words, ((column, int(i), float(normal[i])),))


def _powers(state: GridState) -> Iterator[Departure]:
    """Shed load, and set-points that make a generator inject something else than its schedule or the weather gives."""
    model = state.model
    for i in np.flatnonzero(state.load_shed_mw > _SAME):
        words = f"{state.load_shed_mw[i]:.1f} MW of {state.load_p_mw[i]:.1f} MW are shed at {model.loads.name[i]}"
        yield Departure(Element(ElementKind.LOAD, int(i), model.loads.name[i]), words, (("load_shed_mw", int(i), 0.0),))
    on = state.with_arrays(generator_on=np.ones(len(model.generators), dtype=bool))  # a set-point waits while its machine is off
    for column, injected, scheduled, unit in (
        ("generator_p_setpoint_mw", on.generator_injected_mw, state.generator_p_mw, "MW"),
        ("generator_q_setpoint_mvar", on.generator_injected_mvar, state.generator_q_mvar, "Mvar"),
    ):
        for i in np.flatnonzero(np.abs(injected - scheduled) > _SAME):
            words = f"{model.generators.name[i]} is set to {injected[i]:.1f} {unit} instead of {scheduled[i]:.1f} {unit}"
            yield Departure(Element(ElementKind.GENERATOR, int(i), model.generators.name[i]), words, ((column, int(i), float("nan")),))
