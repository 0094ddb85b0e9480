"""How does the power flow now, or after some changes?"""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from grid_models.actions import Action
from grid_models.errors import PowerFlowDiverged
from grid_models.limits import OperatingLimits, VoltageBand, violations
from grid_models.steady.boundary import solve
from grid_models.steady.disconnectors import UNLOADED_AMPERE, disconnector_move
from grid_models.steady.divergence import explain_divergence
from grid_models.steady.methods import Method, flow_by
from grid_models.steady.solution import Solution
from grid_models.steady.supply import Supply, lost_supply, unsupplied
from grid_models.steady.voltage_set_points import overruled_set_points
from grid_models.twin.apply import switched_by
from grid_models.twin.model import FloatArray, Names
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.power_flow_result import DivergenceDetail, InfeedRow, PowerFlowResult
from tools.result import Args
from tools.rows import (
    Deenergised,
    highest_voltages,
    lowest_voltages,
    outside_planning_band,
    real_buses,
    top_loadings,
    violation_rows,
    voltage_groups,
)

_LISTED_VIOLATIONS = 100


class PowerFlowArgs(Args):
    method: Method = Field(
        default=Method.AC, description="ac (Newton), fast_decoupled, or dc (active power only: no voltages, losses or Mvar)"
    )
    changes: tuple[Action, ...] = Field(
        default=(), description="what-if changes, applied in order to the present state; the plant is not touched"
    )
    top: int = Field(default=10, ge=1, le=1000, description="how many loadings to list")
    vm_min_pu: float | None = Field(default=None, ge=0, le=2, description="judge voltages against this lower limit instead of the rules'")
    vm_max_pu: float | None = Field(default=None, ge=0, le=2, description="judge voltages against this upper limit instead of the rules'")

    @model_validator(mode="after")
    def _band_is_a_band(self) -> Self:
        if self.vm_min_pu is not None and self.vm_max_pu is not None and self.vm_min_pu >= self.vm_max_pu:
            raise ValueError(f"vm_min_pu {self.vm_min_pu:g} is not below vm_max_pu {self.vm_max_pu:g}")
        return self


def run(args: PowerFlowArgs, ctx: StudyContext) -> PowerFlowResult:
    """Power flow of the state after the changes. Divergence is a finding with its explanation, not an error."""
    state, switches = _changed(ctx.state, args.changes)
    loaded = _loaded_disconnectors(ctx.state, args.changes)
    known: dict[str, object] = {
        "changes": tuple(a.words() for a in args.changes),
        "switches": switches,
        "loaded_disconnectors": loaded,
        "ratings_usable": state.model.ratings_usable,
        "ratings_note": state.model.ratings_note,
        "branches": len(state.model.branches),
        "rated_branches": int(state.model.branches.rated.sum()),
        "deenergised": _deenergised(unsupplied(state)),
        "lost_by_changes": _deenergised(lost_supply(ctx.state, state)),
    }
    try:
        flow = flow_by(state, args.method)
    except PowerFlowDiverged as error:
        return PowerFlowResult.model_validate({**known, **_diverged(state, args.method, error)})
    before, doubt = _before(ctx.state, args)
    notes = (flow.note, *overruled_set_points(state), doubt)
    numbers = {**_numbers(flow.solution, args, ctx.limits), "method": flow.method.value, "max_loading_before_percent": before}
    return PowerFlowResult.model_validate({**known, **numbers, "notes": tuple(n for n in notes if n)})


def _changed(state: GridState, changes: tuple[Action, ...]) -> tuple[GridState, tuple[str, ...]]:
    """The state after the changes, and the switches that opened and closed branches are expanded to."""
    moved: list[str] = []
    for action in changes:
        moved += () if action.is_hypothetical else switched_by(state, action)
        state = state.apply([action])
    return state, tuple(dict.fromkeys(moved))


def _loaded_disconnectors(state: GridState, changes: tuple[Action, ...]) -> tuple[str, ...]:
    """Disconnectors that the changes move under load, or where there is no power flow to tell."""
    found: list[str] = []
    for action in changes:
        before, state = state, state.apply([action])
        try:
            move = disconnector_move(before, state, solve)
        except PowerFlowDiverged:
            found.append(action.element or "")
            continue
        if move is not None and move.is_under_load(UNLOADED_AMPERE):
            found.append(move.name)
    return tuple(dict.fromkeys(found))


def _diverged(state: GridState, method: Method, error: PowerFlowDiverged) -> dict[str, object]:
    if method is Method.DC and state.infeed_on.any():
        return {"converged": False, "method": method.value, "divergence": str(error)}
    found = explain_divergence(state)
    return {
        "converged": False,
        "method": method.value,
        "divergence": found.sentence,
        "divergence_detail": DivergenceDetail.of(found),
        "notes": overruled_set_points(state),
    }


def _before(state: GridState, args: PowerFlowArgs) -> tuple[float | None, str]:
    """The highest loading without the changes, or why there is none."""
    if not args.changes:
        return None, ""
    try:
        return _peak(flow_by(state, args.method).solution)[0], ""
    except PowerFlowDiverged:
        return None, "Without the changes the power flow has no solution, so there is nothing to compare with."


def _limits(limits: OperatingLimits, args: PowerFlowArgs) -> OperatingLimits:
    """The caller's own voltage band, when given, replaces the rules'."""
    if args.vm_min_pu is None and args.vm_max_pu is None:
        return limits
    low = 0.0 if args.vm_min_pu is None else args.vm_min_pu
    high = 9.0 if args.vm_max_pu is None else args.vm_max_pu
    return OperatingLimits((VoltageBand("asked", 0.0, 1e9, low, high),), limits.max_loading_percent, limits.loading_rule)


def _peak(solution: Solution) -> tuple[float | None, str | None]:
    return _extreme(solution.loading_percent, solution.model.branches.name)


def _extreme(values: FloatArray, names: Names) -> tuple[float | None, str | None]:
    """The largest value and its element; None where there is none."""
    if np.isnan(values).all():
        return None, None
    i = int(np.nanargmax(values))
    return float(values[i]), names[i]


def _deenergised(supply: Supply) -> Deenergised:
    return Deenergised(buses=supply.dead_buses, load_mw=supply.load_mw, generation_mw=supply.generation_mw)


def _infeeds(solution: Solution) -> tuple[InfeedRow, ...]:
    state, infeeds = solution.state, solution.model.infeeds
    angles_only = np.isnan(solution.vm_pu).all()
    return tuple(
        InfeedRow(
            element=infeeds.name[i],
            p_mw=float(solution.infeed_p_mw[i]),
            q_mvar=None if angles_only else float(solution.infeed_q_mvar[i]),
            vm_pu=None if angles_only else float(state.infeed_vm_pu[i]),
        )
        for i in np.flatnonzero(state.infeed_on)
    )


def _numbers(solution: Solution, args: PowerFlowArgs, in_force: OperatingLimits) -> dict[str, object]:
    model, state, live = solution.model, solution.state, solution.topology.bus_live
    found = violations(solution, _limits(in_force, args))
    peak, peak_element = _peak(solution)
    real_vm = np.where(real_buses(solution), solution.vm_pu, np.nan)
    negative, low_element = _extreme(-real_vm, model.buses.name)
    high, high_element = _extreme(real_vm, model.buses.name)
    return {
        "converged": True,
        "losses_mw": None if high is None else solution.losses_mw,
        "slack_mw": float(solution.infeed_p_mw.sum()),
        "infeeds": _infeeds(solution),
        "max_loading_percent": peak,
        "max_loading_element": peak_element,
        "vm_min_pu": None if negative is None else -negative,
        "vm_min_element": low_element,
        "vm_max_pu": high,
        "vm_max_element": high_element,
        "load_mw": float(state.load_drawn_mw[live[model.loads.bus]].sum()),
        "generation_mw": float(state.generator_injected_mw[live[model.generators.bus]].sum()),
        "violations": violation_rows(solution, found[:_LISTED_VIOLATIONS]),
        "violations_total": len(found),
        "voltage_groups": voltage_groups(solution, found),
        "planning_groups": voltage_groups(solution, outside_planning_band(solution, found)),
        "top_loadings": top_loadings(solution, args.top),
        "lowest_voltages": lowest_voltages(solution, args.top),
        "highest_voltages": highest_voltages(solution, args.top),
    }
