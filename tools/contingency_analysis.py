"""What happens if one element fails?"""

import numpy as np

from grid_models.contingency.outages import Outage, outage_of
from grid_models.contingency.screening import Screening, screen_outages
from grid_models.limits import OperatingLimits
from grid_models.steady.boundary import solve
from grid_models.twin.model import BoolArray, GridModel
from grid_models.twin.registry import ElementKind
from tools.context import StudyContext
from tools.contingency_args import ContingencyArgs
from tools.contingency_result import ContingencyResult, FailedCase, OutageRow, Overload
from tools.result import InvalidArguments

__all__ = ["ContingencyArgs", "ContingencyResult", "run"]


def run(args: ContingencyArgs, ctx: StudyContext) -> ContingencyResult:
    """Every single outage of lines, transformers and infeeds, or the ones named. Failed cases are listed with the reason."""
    if args.level == 2 or args.outages is not None or args.method == "dc":
        raise InvalidArguments("'contingency_analysis' studies single outages in AC for now: leave level, outages and method out.")
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
        failed_total=len(failed),
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
        kind=screening.outages[i].kind,
        overloads=len(over),
        voltage_excess_pu=float(excess[outside].max(initial=0.0)),
        total_loss=dead,
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
