"""From shares, effects and reliefs to the rows of "why is it loaded?"."""

from collections.abc import Sequence

import numpy as np

from grid_models.actions import Action
from grid_models.causes.branch_end import BranchEnd
from grid_models.causes.departures import Departure
from grid_models.causes.effects import Effect, departure_effects, together
from grid_models.causes.groups import group_shares
from grid_models.causes.relief import reliefs
from grid_models.causes.removal import removals
from grid_models.causes.shares import ShareMethod, Shares
from grid_models.steady.solution import Solution
from grid_models.twin.model import IntArray
from grid_models.twin.state import GridState
from tools.explain_rows import ChangeRow, CheckRow, ContributionRow, DepartureRow, GroupRow, ReliefRow, RestRow

_METHOD_NOTES = {
    ShareMethod.AC_PATH: (
        "AC sensitivities summed along the path from no injections to the present ones, which grow together; "
        "the infeeds balance each injection and machines keep their voltages."
    ),
    ShareMethod.DC_PTDF: (
        "The grid has no AC solution without injections, so DC distribution factors are used; the infeeds balance each injection, "
        "and losses, reactive power and voltages are in the remainder."
    ),
}
_NO_FLOW_MW = 1e-3  # percentages of less than a kilowatt say nothing


def share_fields(shares: Shares, state: GridState, top: int) -> dict[str, object]:
    """What the flow consists of: the largest shares singly, the rest in one row, the groups, and the checks."""
    order = np.argsort(-np.abs(shares.share_mw), kind="stable")
    return {
        "method": shares.method.value,
        "method_note": _METHOD_NOTES[shares.method],
        "contributions": tuple(_contribution(shares, int(i)) for i in order[:top]),
        "contributions_total": len(shares.injections),
        "rest": _rest(shares, order[top:]),
        "groups": tuple(
            GroupRow(**{**vars(g), "group": g.group.value}, share_percent=_percent(g.share_mw, shares)) for g in group_shares(shares, state)
        ),
        "transit_mw": shares.transit_mw,
        "remainder_mw": shares.remainder_mw,
        "remainder_percent": _percent(shares.remainder_mw, shares),
        "checks": tuple(CheckRow(**vars(r), error_mw=r.error_mw) for r in removals(shares, state)),
    }


def _contribution(shares: Shares, row: int) -> ContributionRow:
    injections = shares.injections
    share_mw = float(shares.share_mw[row])
    return ContributionRow(
        element=injections.element[row].name,
        kind=injections.element[row].kind.value,
        technology=injections.technology[row],
        injection_mw=float(injections.p_mw[row]),
        injection_mvar=float(injections.q_mvar[row]),
        sensitivity_mw_per_mw=float(shares.now.flow.per_mw[injections.node[row]]),
        share_mw=share_mw,
        share_percent=_percent(share_mw, shares),
        reactive_share_mw=float(shares.reactive_mw[row]),
    )


def _rest(shares: Shares, rows: IntArray) -> RestRow | None:
    if not len(rows):
        return None
    share_mw = float(shares.share_mw[rows].sum())
    injection_mw = float(shares.injections.p_mw[rows].sum())
    return RestRow(elements=len(rows), injection_mw=injection_mw, share_mw=share_mw, share_percent=_percent(share_mw, shares))


def _percent(share_mw: float, shares: Shares) -> float | None:
    return share_mw / shares.flow_mw * 100.0 if shares.flow_mw > _NO_FLOW_MW else None


def departure_fields(solution: Solution, end: BranchEnd, found: tuple[Departure, ...]) -> dict[str, object]:
    """What each departure from the normal state does to the branch, and all of them together."""
    rows = tuple(_departure(d.element.name, d.words, effect) for d, effect in departure_effects(solution, end, found))
    all_of_them = _departure("all", f"all {len(found)} departures", together(solution, end, found)) if len(found) > 1 else None
    return {"departures": rows, "departures_total": len(found), "departures_together": all_of_them}


def _departure(element: str, words: str, effect: Effect) -> DepartureRow:
    return DepartureRow(
        element=element,
        words=words,
        effect_mw=effect.effect_mw,
        effect_percent=effect.effect_percent,
        flow_without_mw=effect.other.flow_mw,
        loading_without_percent=effect.other.percent,
        reason=effect.other.reason,
    )


def change_rows(changes: Sequence[Action], effects: Sequence[Effect]) -> tuple[ChangeRow, ...]:
    """What each what-if change did to the branch, in order."""
    return tuple(
        ChangeRow(
            change=change.words(),
            effect_mw=effect.effect_mw,
            effect_percent=effect.effect_percent,
            flow_after_mw=effect.other.flow_mw,
            loading_after_percent=effect.other.percent,
            reason=effect.other.reason,
        )
        for change, effect in zip(changes, effects, strict=True)
    )


def relief_fields(shares: Shares, state: GridState, top: int) -> dict[str, object]:
    """The injections that would relieve the branch, strongest per MW first."""
    found = reliefs(state, shares.injections, shares.now, shares.end)
    rows = tuple(
        ReliefRow(
            element=r.element.name,
            kind=r.element.kind.value,
            technology=r.technology,
            step=r.step.value,
            relief_mw_per_mw=r.per_mw,
            relief_percent_per_mw=r.percent_per_mw,
            available_mw=r.available_mw,
            relief_mw=r.relief_mw,
        )
        for r in found[:top]
    )
    return {"relief": rows, "relief_total": len(found)}
