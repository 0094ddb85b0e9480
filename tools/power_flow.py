"""How does the power flow now, or after some changes?"""

from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from grid_models.actions import Action
from grid_models.errors import InvalidAction, PowerFlowDiverged
from grid_models.limits import OperatingLimits, VoltageBand, violations
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.steady.supply import lost_supply, unsupplied
from grid_models.twin.apply import switched_by
from tools.context import StudyContext
from tools.result import Args, Result
from tools.rows import (
    Deenergised,
    LoadingRow,
    ViolationRow,
    VoltageGroup,
    VoltageRow,
    outside_planning_band,
    top_loadings,
    voltage_groups,
    voltage_rows,
)


class PowerFlowArgs(Args):
    method: Literal["ac"] = Field(default="ac", description="solution method")
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


class PowerFlowResult(Result):
    converged: bool
    losses_mw: float | None = None
    slack_mw: float | None = Field(default=None, description="active power the infeeds bring in total [MW], positive = into the grid")
    max_loading_percent: float | None = None
    max_loading_element: str | None = None
    vm_min_pu: float | None = None
    vm_min_element: str | None = None
    vm_max_pu: float | None = None
    vm_max_element: str | None = None
    load_mw: float | None = Field(default=None, description="supplied load [MW]")
    generation_mw: float | None = Field(default=None, description="injection of parks and machines [MW], infeeds not counted")
    ratings_usable: bool
    ratings_note: str
    violations: tuple[ViolationRow, ...] = Field(default=(), description="gravest first, at most 100")
    violations_total: int = 0
    voltage_groups: tuple[VoltageGroup, ...] = ()
    planning_groups: tuple[VoltageGroup, ...] = Field(
        default=(), description="buses outside the grid data's own planning band though inside the operating limits; no violation"
    )
    top_loadings: tuple[LoadingRow, ...] = ()
    branches: int = 0
    lowest_voltages: tuple[VoltageRow, ...] = ()
    highest_voltages: tuple[VoltageRow, ...] = ()
    deenergised: Deenergised = Deenergised(buses=(), load_mw=0.0, generation_mw=0.0)
    lost_by_changes: Deenergised = Deenergised(buses=(), load_mw=0.0, generation_mw=0.0)
    changes: tuple[str, ...] = Field(default=(), description="the changes in words")
    switches: tuple[str, ...] = Field(default=(), description="switches an opened or closed branch is expanded to")
    max_loading_before_percent: float | None = Field(default=None, description="the same without the changes")
    divergence: str | None = None

    def headline(self) -> str:
        if not self.converged:
            return f"The power flow does not converge: {self.divergence}"
        lost = self.lost_by_changes
        parts = [f"{', '.join(self.changes)}:"] if self.changes else []
        if lost.load_mw or lost.generation_mw:
            parts.append(f"{lost.load_mw:.1f} MW of load and {lost.generation_mw:.1f} MW of generation lose supply;")
        if self.max_loading_percent is not None:
            parts.append(f"highest loading {self.max_loading_percent:.1f} % on {self.max_loading_element};")
        else:
            parts.append("ratings unusable, no loadings;")
        parts.append(f"{self.violations_total} limit violations")
        return " ".join(parts) + "."


def run(args: PowerFlowArgs, ctx: StudyContext) -> PowerFlowResult:
    """AC power flow of the state after the changes. Divergence is a finding, not an error."""
    state = ctx.state.apply(args.changes)
    words: dict[str, object] = {
        "changes": tuple(a.words() for a in args.changes),
        "switches": tuple(s for a in args.changes if not a.is_hypothetical for s in _switches(ctx, a)),
        "ratings_usable": state.model.ratings_usable,
        "ratings_note": state.model.ratings_note,
    }
    try:
        solution = solve(state)
    except PowerFlowDiverged as error:
        return PowerFlowResult.model_validate({"converged": False, "divergence": str(error), **words})
    before = solve(ctx.state) if args.changes else None
    lost = lost_supply(ctx.state, state)
    return PowerFlowResult.model_validate(
        {
            **_numbers(solution, _limits(ctx.limits, args), args.top),
            "lost_by_changes": Deenergised(buses=lost.dead_buses, load_mw=lost.load_mw, generation_mw=lost.generation_mw),
            "max_loading_before_percent": _peak(before)[0] if before is not None else None,
            **words,
        }
    )


def _switches(ctx: StudyContext, action: Action) -> tuple[str, ...]:
    try:
        return switched_by(ctx.state, action)
    except InvalidAction:  # a later action of a list may only make sense after an earlier one
        return ()


def _limits(limits: OperatingLimits, args: PowerFlowArgs) -> OperatingLimits:
    """The caller's own voltage band, when given, replaces the rules'."""
    if args.vm_min_pu is None and args.vm_max_pu is None:
        return limits
    low = 0.0 if args.vm_min_pu is None else args.vm_min_pu
    high = 9.0 if args.vm_max_pu is None else args.vm_max_pu
    return OperatingLimits((VoltageBand("asked", 0.0, 1e9, low, high),), limits.max_loading_percent, limits.loading_rule)


def _peak(solution: Solution) -> tuple[float | None, str | None]:
    model = solution.model
    if not model.ratings_usable or np.all(np.isnan(solution.loading_percent)):
        return None, None
    i = int(np.nanargmax(solution.loading_percent))
    return float(solution.loading_percent[i]), model.branches.name[i]


def _numbers(solution: Solution, limits: OperatingLimits, top: int) -> dict[str, object]:
    model, state = solution.model, solution.state
    found = violations(solution, limits)
    peak, peak_element = _peak(solution)
    low, high = int(np.nanargmin(solution.vm_pu)), int(np.nanargmax(solution.vm_pu))
    dead = unsupplied(state)
    live = solution.topology.bus_live
    return {
        "converged": True,
        "losses_mw": solution.losses_mw,
        "slack_mw": float(solution.infeed_p_mw.sum()),
        "max_loading_percent": peak,
        "max_loading_element": peak_element,
        "vm_min_pu": float(solution.vm_pu[low]),
        "vm_min_element": model.buses.name[low],
        "vm_max_pu": float(solution.vm_pu[high]),
        "vm_max_element": model.buses.name[high],
        "load_mw": float(state.load_drawn_mw[live[model.loads.bus]].sum()),
        "generation_mw": float(state.generator_injected_mw[live[model.generators.bus]].sum()),
        "violations": tuple(
            ViolationRow(element=v.element, kind=v.kind, value=v.value, limit=v.limit, unit=v.unit, rule=v.rule) for v in found[:100]
        ),
        "violations_total": len(found),
        "voltage_groups": voltage_groups(solution, found),
        "planning_groups": voltage_groups(solution, outside_planning_band(solution, found)),
        "top_loadings": top_loadings(solution, top),
        "branches": len(model.branches),
        "lowest_voltages": voltage_rows(solution, np.argsort(np.nan_to_num(solution.vm_pu, nan=9.0), kind="stable")[:top]),
        "highest_voltages": voltage_rows(solution, np.argsort(-np.nan_to_num(solution.vm_pu), kind="stable")[:top]),
        "deenergised": Deenergised(buses=dead.dead_buses, load_mw=dead.load_mw, generation_mw=dead.generation_mw),
    }
