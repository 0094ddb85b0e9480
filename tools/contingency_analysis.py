"""What happens if one element fails?"""

from typing import Literal

import numpy as np
from pydantic import Field

from grid_models.actions import Action
from grid_models.contingency.outages import Outage, outage_of
from grid_models.contingency.screening import Screening, screen_outages
from grid_models.limits import OperatingLimits
from grid_models.steady.boundary import solve
from grid_models.twin.model import BoolArray, GridModel
from grid_models.twin.registry import ElementKind
from tools.context import StudyContext
from tools.result import Args, InvalidArguments, Result, Row


class ContingencyArgs(Args):
    level: Literal[1] = Field(default=1, description="how many elements fail at once")
    elements: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="outages to study (names of lines, transformers, infeeds); all when left out"
    )
    changes: tuple[Action, ...] = Field(default=(), description="what-if changes before the outages")
    top: int = Field(default=10, ge=1, le=1000, description="how many of the worst outages to list")
    method: Literal["ac"] = "ac"


class Overload(Row):
    element: str
    loading_percent: float


class OutageRow(Row):
    outage: tuple[str, ...]
    max_loading_percent: float | None
    max_loading_element: str | None
    overloaded: tuple[Overload, ...] = Field(description="branches above their permanent rating, heaviest first, at most 20")
    vm_min_pu: float | None
    vm_max_pu: float | None
    voltage_violations: int
    lost_load_mw: float
    lost_generation_mw: float
    islands: int = Field(description="parts of the grid the outage cuts off from every infeed")
    severity: float = Field(description="rank: see `severity_of`")


class FailedCase(Row):
    outage: tuple[str, ...]
    reason: str


class ContingencyResult(Result):
    cases: int
    secure: bool = Field(
        description="no outage overloads a branch, leaves a voltage band that held before, or loses load; every case was solved"
    )
    failed: tuple[FailedCase, ...] = ()
    worst: tuple[OutageRow, ...] = Field(default=(), description="gravest first")
    total: int = Field(default=0, description="outages with a finding (overload, voltage or lost load)")
    overloading: int = Field(default=0, description="outages that overload a branch")
    losing_load: int = Field(default=0, description="outages that lose load")
    lost_load_mw: float = Field(default=0.0, description="load lost by the outage that loses most [MW]")
    violating_voltage: int = Field(default=0, description="outages after which a voltage is outside its band that was inside before")
    ratings_usable: bool = True
    ratings_note: str = ""
    changes: tuple[str, ...] = ()

    def headline(self) -> str:
        if not self.cases:
            return "There is no element in service whose outage could be studied."
        if self.secure:
            return f"All {self.cases} single outages are secure."
        text = f"{self.total} of {self.cases} single outages leave a limit or lose load"
        first = self.worst[0]
        text += f"; the worst is {', '.join(first.outage)}"
        if first.overloaded:
            text += f": {first.max_loading_element} at {first.max_loading_percent:.1f} %"
        elif first.lost_load_mw:
            text += f", which cuts off {first.lost_load_mw:.1f} MW of load"
        return text + "."


def run(args: ContingencyArgs, ctx: StudyContext) -> ContingencyResult:
    """Every single outage of lines, transformers and infeeds, or the ones named. Failed cases are listed with the reason."""
    state = ctx.state.apply(args.changes)
    outages = None if args.elements is None else list(dict.fromkeys(_outage(state.model, name) for name in args.elements))
    screening = screen_outages(state, outages, ctx.progress)
    base = _outside_before(screening, ctx.limits)
    rows = [_row(screening, int(i), ctx.limits, base) for i in np.flatnonzero(screening.solved)]
    rows.sort(key=lambda r: -r.severity)
    failed = tuple(FailedCase(outage=(screening.outages[i].name,), reason=screening.reason[i]) for i in np.flatnonzero(~screening.solved))
    found = [r for r in rows if r.overloaded or r.voltage_violations or r.lost_load_mw > 1e-6]
    return ContingencyResult(
        cases=len(screening.outages),
        secure=not found and not failed,
        failed=failed,
        worst=tuple(rows[: args.top]),
        total=len(found),
        overloading=sum(bool(r.overloaded) for r in rows),
        losing_load=sum(r.lost_load_mw > 1e-6 for r in rows),
        lost_load_mw=max((r.lost_load_mw for r in rows), default=0.0),
        violating_voltage=sum(r.voltage_violations > 0 for r in rows),
        ratings_usable=state.model.ratings_usable,
        ratings_note=state.model.ratings_note,
        changes=tuple(a.words() for a in args.changes),
    )


def severity_of(overload_percent: float, voltage_excess_pu: float, lost_load_share: float) -> float:
    """One scale for ranking (engineering judgement): percent above rating + 10 per 0.01 pu outside the band + percent of the load lost."""
    return overload_percent + 1000.0 * voltage_excess_pu + 100.0 * lost_load_share


def _outside_before(screening: Screening, limits: OperatingLimits) -> BoolArray:
    """Which buses are already outside their band before any outage: not counted against the outages."""
    low, high, _ = limits.bus_limits_pu(screening.state.model.buses)
    vm = solve(screening.state).vm_pu
    return np.asarray((vm > high) | (vm < low))


def _outage(model: GridModel, name: str) -> Outage:
    element = model.registry.find(name)
    if element.kind not in (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.INFEED):
        raise InvalidArguments(f"'{element.name}' is a {element.kind}; the outage of a line, a transformer or an infeed can be studied.")
    return outage_of(element)


def _row(screening: Screening, i: int, limits: OperatingLimits, base_outside: BoolArray) -> OutageRow:
    model = screening.state.model
    loading, vm = screening.loading_percent[i], screening.vm_pu[i]
    usable = model.ratings_usable and not np.all(np.isnan(loading))
    peak = int(np.nanargmax(loading)) if usable else -1
    over = np.flatnonzero(np.nan_to_num(loading) > limits.max_loading_percent) if usable else np.zeros(0, dtype=int)
    over = over[np.argsort(-loading[over], kind="stable")]
    low, high, _ = limits.bus_limits_pu(model.buses)
    excess = np.nan_to_num(np.fmax(vm - high, low - vm))
    outside = (excess > 1e-9) & ~base_outside
    dead = bool(np.all(np.isnan(vm)))
    load = float(screening.state.load_drawn_mw.sum())
    lost = float(screening.lost_load_mw[i])
    over_percent = max(float(loading[peak]) - limits.max_loading_percent, 0.0) if usable else 0.0
    return OutageRow(
        outage=(screening.outages[i].name,),
        max_loading_percent=float(loading[peak]) if usable else None,
        max_loading_element=model.branches.name[peak] if usable else None,
        overloaded=tuple(Overload(element=model.branches.name[k], loading_percent=float(loading[k])) for k in over[:20]),
        vm_min_pu=None if dead else float(np.nanmin(vm)),
        vm_max_pu=None if dead else float(np.nanmax(vm)),
        voltage_violations=int(outside.sum()),
        lost_load_mw=lost,
        lost_generation_mw=float(screening.lost_generation_mw[i]),
        islands=int(screening.islands[i]),
        severity=severity_of(over_percent, float(excess[outside].max(initial=0.0)), lost / load if load > 0 else 0.0),
    )
