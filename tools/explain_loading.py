"""Why is a branch loaded: which injections, and which departures from normal, push power through it?"""

from itertools import accumulate

import numpy as np
from pydantic import Field

from grid_models.actions import Action
from grid_models.causes.branch_end import BranchEnd, loaded_end, loading_percent, most_loaded
from grid_models.causes.departures import departures, in_service, untouched
from grid_models.causes.effects import change_effects
from grid_models.causes.shares import ShareMethod, shares_of
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.divergence import explain_divergence
from grid_models.steady.solution import Solution
from grid_models.twin.model import GridModel
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from tools.amounts import in_mw
from tools.context import StudyContext
from tools.explain_rows import ChangeRow, CheckRow, ContributionRow, DepartureRow, GroupRow, ReliefRow, RestRow
from tools.explain_tables import change_rows, departure_fields, relief_fields, share_fields
from tools.result import Args, InvalidArguments, Result

_TOLD_MW = 5e-4
_WORTH_SAYING = 0.001  # of the flow: smaller groups are not in the sentence


class ExplainArgs(Args):
    element: str = Field(description="the line, transformer or three-winding transformer (or one of its legs) to explain")
    top: int = Field(default=10, ge=1, le=1000, description="how many contributions and relieving injections to list")
    changes: tuple[Action, ...] = Field(default=(), description="what-if changes first; the effect of each on the branch is told")


class ExplainResult(Result):
    element: str = Field(description="the branch explained (of a three-winding transformer: its most loaded leg)")
    kind: str
    explained: bool
    reason: str | None = Field(default=None, description="why nothing is explained, in one sentence")
    method: str | None = Field(default=None, description="'ac path' (sensitivities integrated from no injections to now) or 'dc ptdf'")
    method_note: str | None = Field(default=None, description="what the method is and what balances an injection, in one sentence")
    flow_mw: float | None = Field(
        default=None, description="active power at the more loaded end in its present direction [MW], never negative"
    )
    flow_mvar: float | None = Field(default=None, description="reactive power there, positive = in the direction of the active power")
    from_bus: str | None = Field(default=None, description="where the active power comes from")
    to_bus: str | None = Field(default=None, description="where it goes to")
    at_bus: str | None = Field(default=None, description="the more loaded end, where all powers here are taken")
    current_ka: float | None = None
    rating_ka: float | None = Field(default=None, description="permanent rating at that end; None where the source has none")
    loading_percent: float | None = None
    contributions: tuple[ContributionRow, ...] = Field(default=(), description="largest shares first, adding or opposing")
    contributions_total: int = Field(default=0, description="injections that are in service and supplied")
    rest: RestRow | None = Field(default=None, description="the contributions not listed, as one row; None where all are")
    groups: tuple[GroupRow, ...] = Field(default=(), description="sums by kind, transit and remainder included: they add up to the flow")
    transit_mw: float | None = Field(default=None, description="flow with no injection: transit between infeeds, charging, no-load losses")
    remainder_mw: float | None = Field(default=None, description="flow less transit and all shares [MW]")
    remainder_percent: float | None = None
    checks: tuple[CheckRow, ...] = Field(default=(), description="the largest contributor (and wind) taken away in a solved power flow")
    departures: tuple[DepartureRow, ...] = Field(default=(), description="differences from the normal state, largest effect first")
    departures_total: int = 0
    departures_together: DepartureRow | None = Field(default=None, description="all departures undone at once")
    change_effects: tuple[ChangeRow, ...] = ()
    relief: tuple[ReliefRow, ...] = Field(default=(), description="injections that would relieve the branch, strongest per MW first")
    relief_total: int = 0
    ratings_note: str = ""
    changes: tuple[str, ...] = ()

    def headline(self) -> str:
        if not self.explained:
            return self.reason or f"The loading of {self.element} cannot be explained."
        text = f"{self.element} carries {in_mw(self.flow_mw or 0.0)} from {self.from_bus} to {self.to_bus}"
        if self.loading_percent is not None:
            text += f" ({self.loading_percent:.1f} %)"
        named = sorted(
            (g for g in self.groups if abs(g.share_mw) >= max(_TOLD_MW, _WORTH_SAYING * (self.flow_mw or 0.0))),
            key=lambda g: -abs(g.share_mw),
        )[:3]
        if named:
            text += ": " + ", ".join(f"{g.group} {in_mw(g.share_mw, signed=True)}" for g in named)
        if self.contributions and abs(self.contributions[0].share_mw) >= _TOLD_MW:
            text += (
                f"; the largest single share is {self.contributions[0].element} with {in_mw(self.contributions[0].share_mw, signed=True)}"
            )
        if self.method == ShareMethod.DC_PTDF:
            text += f"; by DC factors, which leave {in_mw(self.remainder_mw or 0.0, signed=True)} unexplained"
        return text + "."


def run(args: ExplainArgs, ctx: StudyContext) -> ExplainResult:
    """Shares, checks, departures and relief of one branch. A dead branch or a divergence is a finding, not an error."""
    states = tuple(accumulate(args.changes, lambda state, change: state.apply([change]), initial=ctx.state))
    state = states[-1]
    model = state.model
    branches = _branches(model, args.element)
    told: dict[str, object] = {
        "kind": model.registry.find(args.element).kind.value,
        "ratings_note": model.ratings_note,
        "changes": tuple(a.words() for a in args.changes),
    }
    try:
        solution = _solved(state)
        branch = most_loaded(solution, branches)
        name = model.branches.name[branch]
        if not solution.topology.branch_live[branch]:
            return _unexplained(told, name, _why_dead(state, branch))
        end = loaded_end(solution, branch)
        shares = shares_of(solution, end)
    except PowerFlowDiverged as error:
        return _unexplained(told, model.branches.name[branches[0]], str(error))
    found = untouched(departures(ctx.state), ctx.state, state)
    fields = {
        **_flow(solution, end),
        **share_fields(shares, state, args.top),
        **departure_fields(solution, end, found),
        **relief_fields(shares, state, args.top),
        "change_effects": change_rows(args.changes, change_effects(states, end) if args.changes else ()),
    }
    return ExplainResult.model_validate({"element": name, "explained": True, **told, **fields})


def _solved(state: GridState) -> Solution:
    """The state's power flow; where it has none, the error says why and what would restore it."""
    try:
        return solve(state)
    except PowerFlowDiverged as error:
        raise PowerFlowDiverged(explain_divergence(state).sentence) from error


def _branches(model: GridModel, name: str) -> tuple[int, ...]:
    """Rows of the branch table: one, or the three legs of a three-winding transformer."""
    element = model.registry.find(name)
    if element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
        return (element.index,)
    if element.kind is ElementKind.THREE_WINDING:
        return tuple(int(leg) for leg in model.three_winding.legs[element.index])
    raise InvalidArguments(f"'{element.name}' is a {element.kind}; the loading of a line or a transformer can be explained.")


def _unexplained(told: dict[str, object], name: str, reason: str) -> ExplainResult:
    return ExplainResult.model_validate({"element": name, "explained": False, "reason": reason, **told})


def _why_dead(state: GridState, branch: int) -> str:
    name = state.model.branches.name[branch]
    if in_service(state, branch):
        return f"{name} has no supply, so it carries nothing; with a path to an infeed closed in `changes` its loading could be explained."
    usual = "in" if in_service(GridState.at_start(state.model), branch) else "out of"
    return (
        f"{name} is out of service (normally {usual} service), so it carries nothing; "
        "with it closed in `changes` its loading could be explained."
    )


def _flow(solution: Solution, end: BranchEnd) -> dict[str, object]:
    """What flows through the branch, where and in which direction."""
    branches, buses = solution.model.branches, solution.model.buses
    i = end.branch
    here, there = (branches.from_bus[i], branches.to_bus[i]) if end.at_from else (branches.to_bus[i], branches.from_bus[i])
    source, sink = (here, there) if end.sign > 0 else (there, here)
    rating = float((branches.rating_from_ka if end.at_from else branches.rating_to_ka)[i])
    return {
        "flow_mw": end.flow_mw(solution),
        "flow_mvar": end.flow_mvar(solution),
        "from_bus": buses.name[source],
        "to_bus": buses.name[sink],
        "at_bus": buses.name[here],
        "current_ka": end.current_ka(solution),
        "rating_ka": None if np.isnan(rating) else rating,
        "loading_percent": loading_percent(solution, i),
    }
