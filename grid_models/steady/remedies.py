"""What, undone or set right, would give a diverged state a power flow again? Every remedy named was solved."""

from collections.abc import Iterator, Sequence

import numpy as np

from grid_models.steady.solvable_share import solved
from grid_models.twin.model import BoolArray, Names
from grid_models.twin.state import GridState

# Engineering judgement: networks are run within 10 % of nominal voltage; a set-point beyond is worth doubting.
_USUAL_VM_PU = (0.9, 1.1)
_NAMED = 3  # elements named in a sentence


def supply_restored(state: GridState) -> str:
    """The remedy of a state without any infeed in service."""
    infeeds = state.model.infeeds.name
    back = state.with_arrays(infeed_on=np.ones(len(infeeds), dtype=bool))
    return f"Closing {_listed(infeeds)} would restore a power flow" if infeeds and solved(back) else ""


def undoing(state: GridState) -> str:
    """The first thing that restores a solution when set back to the source's own value, or to a usual one; empty if none does.

    Tried in order: switching, taps and shunts, voltage set-points, schedules of generators, voltages outside 0.9 to 1.1 pu,
    generators outside their power range. At most six power flows.
    """
    return next((words for words, trial in _trials(state) if solved(trial)), "")


def _trials(state: GridState) -> Iterator[tuple[str, GridState]]:
    yield from _normal_switching(state)
    yield from _normal_steps(state)
    yield from _normal_voltages(state)
    yield from _without_set_points(state)
    yield from _usual_voltages(state)
    yield from _within_range(state)


def _normal_switching(state: GridState) -> Iterator[tuple[str, GridState]]:
    model, start = state.model, state.model.start
    moved = [
        *_names(model.branches.name, state.branch_on != start.branch_on),
        *_names(model.switches.name, state.switch_closed != start.switch_closed),
        *_names(model.infeeds.name, state.infeed_on != start.infeed_on),
        *_names(model.generators.name, state.generator_on != start.generator_on),
        *_names(model.loads.name, state.load_on != start.load_on),
    ]
    if moved:
        normal = {n: getattr(start, n) for n in ("branch_on", "switch_closed", "infeed_on", "generator_on", "load_on")}
        yield f"Going back to the normal switching of {_listed(moved)} would restore it", state.with_arrays(**normal)


def _normal_steps(state: GridState) -> Iterator[tuple[str, GridState]]:
    model, start = state.model, state.model.start
    moved = [*_names(model.branches.name, state.tap != start.tap), *_names(model.shunts.name, state.shunt_step != start.shunt_step)]
    if moved:
        yield (
            f"Going back to the normal tap or step of {_listed(moved)} would restore it",
            state.with_arrays(tap=start.tap, shunt_step=start.shunt_step),
        )


def _normal_voltages(state: GridState) -> Iterator[tuple[str, GridState]]:
    model, start = state.model, state.model.start
    moved = [
        *_names(model.generators.name, state.generator_vm_pu != start.generator_vm_pu),
        *_names(model.infeeds.name, state.infeed_vm_pu != start.infeed_vm_pu),
    ]
    if moved:
        yield (
            f"Going back to the normal voltage set-point of {_listed(moved)} would restore it",
            state.with_arrays(generator_vm_pu=start.generator_vm_pu, infeed_vm_pu=start.infeed_vm_pu),
        )


def _without_set_points(state: GridState) -> Iterator[tuple[str, GridState]]:
    p, q = state.generator_p_setpoint_mw, state.generator_q_setpoint_mvar
    ordered = _names(state.model.generators.name, ~np.isnan(p) | ~np.isnan(q))
    if ordered:
        released = state.with_arrays(generator_p_setpoint_mw=np.full_like(p, np.nan), generator_q_setpoint_mvar=np.full_like(q, np.nan))
        yield f"Releasing {_listed(ordered)} would restore it", released


def _usual_voltages(state: GridState) -> Iterator[tuple[str, GridState]]:
    model, (low, high) = state.model, _USUAL_VM_PU
    machine = model.generators.holds_voltage & ((state.generator_vm_pu < low) | (state.generator_vm_pu > high))
    infeed = (state.infeed_vm_pu < low) | (state.infeed_vm_pu > high)
    doubtful = [*_names(model.generators.name, machine), *_names(model.infeeds.name, infeed)]
    if doubtful:
        flat = state.with_arrays(
            generator_vm_pu=np.where(machine, 1.0, state.generator_vm_pu), infeed_vm_pu=np.where(infeed, 1.0, state.infeed_vm_pu)
        )
        yield f"A voltage set-point of 1 pu at {_listed(doubtful)} would restore it", flat


def _within_range(state: GridState) -> Iterator[tuple[str, GridState]]:
    """Schedules of the source or of a state beyond the machines' own ranges."""
    machines, power = state.model.generators, state.generator_injected_mw
    beyond = state.generator_on & ((power > machines.p_max_mw + 1e-6) | (power < machines.p_min_mw - 1e-6))
    if beyond.any():
        inside = np.clip(power, machines.p_min_mw, machines.p_max_mw)
        kept = state.with_arrays(generator_p_setpoint_mw=np.where(beyond, inside, state.generator_p_setpoint_mw))
        yield f"Keeping {_listed(_names(machines.name, beyond))} inside the power range would restore it", kept


def _names(names: Names, chosen: BoolArray) -> list[str]:
    return [names[i] for i in np.flatnonzero(chosen)]


def _listed(names: Sequence[str]) -> str:
    """'a, b, c and 4 more'."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
