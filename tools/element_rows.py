"""One element as a row: present values, rating and nameplate, by kind."""

from collections.abc import Callable

import numpy as np

from grid_models.steady.solution import Solution
from grid_models.twin.apply import breakers_of
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from tools.result import Row


class ElementRow(Row):
    """One element; fields that do not apply to its kind are None. Power positive into the branch, or injected, or drawn by a load."""

    element: str
    kind: str
    in_service: bool
    buses: tuple[str, ...]
    nominal_kv: float
    substation: str | None = None
    vm_pu: float | None = None
    vm_kv: float | None = None
    va_degree: float | None = None
    loading_percent: float | None = None
    current_ka: float | None = None
    rating_ka: float | None = None
    rating_mva: float | None = None
    length_km: float | None = None
    p_mw: float | None = None
    q_mvar: float | None = None
    p_to_mw: float | None = None
    tap: int | None = None
    tap_min: int | None = None
    tap_max: int | None = None
    technology: str | None = None
    p_min_mw: float | None = None
    p_max_mw: float | None = None
    available_mw: float | None = None
    range_derived: bool | None = None
    shed_mw: float | None = None
    step: int | None = None
    max_step: int | None = None
    closed: bool | None = None
    switches: tuple[str, ...] | None = None


def nominal_kv(state: GridState, element: Element) -> float:
    """The highest nominal voltage among its buses."""
    return float(max(state.model.buses.nominal_kv[i] for i in state.model.registry.bus_of(element)))


def element_row(state: GridState, solution: Solution | None, element: Element) -> ElementRow:
    """The row of one element; values that need a solution are None without one."""
    model = state.model
    at = model.registry.bus_of(element)
    common = {
        "element": element.name,
        "kind": element.kind.value,
        "buses": tuple(model.buses.name[i] for i in at),
        "nominal_kv": nominal_kv(state, element),
        "substation": model.buses.substation[at[0]] or None,
        "vm_pu": _number(solution.vm_pu[at[0]]) if solution else None,
        "vm_kv": _number(solution.vm_pu[at[0]] * model.buses.nominal_kv[at[0]]) if solution else None,
    }
    return ElementRow.model_validate({**common, **_DETAILS[element.kind](state, solution, element.index)})


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _bus(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    return {
        "in_service": solution is not None and not np.isnan(solution.vm_pu[i]),
        "va_degree": _number(solution.va_degree[i]) if solution else None,
    }


def _branch(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    model, b = state.model, state.model.branches
    usable = model.ratings_usable
    fields: dict[str, object] = {
        "in_service": bool(solution.topology.branch_live[i]) if solution else bool(state.branch_on[i]),
        "rating_ka": _number(b.rating_from_ka[i]) if usable else None,
        "rating_mva": _number(b.rating_from_ka[i] * np.sqrt(3) * model.buses.nominal_kv[b.from_bus[i]]) if usable else None,
        "switches": tuple(model.switches.name[k] for k in breakers_of(model, i) if state.switch_closed[k]),
    }
    if b.is_line[i]:
        fields["length_km"] = _number(b.length_km[i])
    else:
        fields |= {"tap": int(state.tap[i]), "tap_min": int(b.tap_min[i]), "tap_max": int(b.tap_max[i])}
    if solution is not None:
        fields |= {
            "loading_percent": _number(solution.loading_percent[i]) if usable else None,
            "current_ka": _number(max(solution.i_from_ka[i], solution.i_to_ka[i])),
            "p_mw": _number(solution.p_from_mw[i]),
            "q_mvar": _number(solution.q_from_mvar[i]),
            "p_to_mw": _number(solution.p_to_mw[i]),
        }
    return fields


def _load(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    return {
        "in_service": bool(state.load_on[i]),
        "p_mw": float(state.load_drawn_mw[i]),
        "q_mvar": float(state.load_drawn_mvar[i]),
        "shed_mw": float(state.load_shed_mw[i]),
    }


def _generator(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    g = state.model.generators
    return {
        "in_service": bool(state.generator_on[i]),
        "p_mw": float(state.generator_injected_mw[i]),
        "q_mvar": float(state.generator_injected_mvar[i]) if not g.holds_voltage[i] else None,
        "technology": g.technology[i],
        "p_min_mw": float(g.p_min_mw[i]),
        "p_max_mw": float(g.p_max_mw[i]),
        "available_mw": float(state.generator_p_mw[i]),
        "range_derived": bool(g.range_derived[i]),
    }


def _infeed(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    return {
        "in_service": bool(state.infeed_on[i]),
        "p_mw": _number(solution.infeed_p_mw[i]) if solution else None,
        "q_mvar": _number(solution.infeed_q_mvar[i]) if solution else None,
    }


def _shunt(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    step = int(state.shunt_step[i])
    return {
        "in_service": step > 0,
        "step": step,
        "max_step": int(state.model.shunts.max_step[i]),
        "q_mvar": float(state.model.shunts.q_mvar[i] * step),
    }


def _switch(state: GridState, solution: Solution | None, i: int) -> dict[str, object]:
    return {"in_service": True, "closed": bool(state.switch_closed[i])}


_DETAILS: dict[ElementKind, Callable[[GridState, Solution | None, int], dict[str, object]]] = {
    ElementKind.BUS: _bus,
    ElementKind.LINE: _branch,
    ElementKind.TRANSFORMER: _branch,
    ElementKind.LOAD: _load,
    ElementKind.GENERATOR: _generator,
    ElementKind.INFEED: _infeed,
    ElementKind.SHUNT: _shunt,
    ElementKind.SWITCH: _switch,
}
