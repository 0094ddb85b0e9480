"""Is the prediction right? Take injections away, solve again, and compare with what their sensitivities say."""

from dataclasses import dataclass

import numpy as np

from grid_models.causes.groups import members
from grid_models.causes.injections import Group, without
from grid_models.causes.shares import Shares
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.twin.state import GridState


@dataclass(frozen=True)
class Removal:
    """Change of the flow [MW] when the injections go to zero: predicted (sensitivity × injection, now) and solved again.

    `resolved_mw` is None, with a reason, where the grid has no solution without them.
    """

    removed: str
    elements: int
    injection_mw: float
    share_mw: float
    predicted_mw: float
    resolved_mw: float | None
    reason: str | None = None

    @property
    def error_mw(self) -> float | None:
        """Predicted less re-solved: how far from linear the grid is."""
        return None if self.resolved_mw is None else self.predicted_mw - self.resolved_mw


def removals(shares: Shares, state: GridState) -> tuple[Removal, ...]:
    """The injection with the largest share, and all wind where there is some."""
    checks = []
    if len(shares.injections):
        largest = int(np.argmax(np.abs(shares.share_mw)))
        checks.append(removal(shares, state, shares.injections.element[largest].name, (largest,)))
    wind = tuple(i for i in members(shares, Group.WIND) if shares.injections.p_mw[i])
    if wind:
        checks.append(removal(shares, state, f"all {Group.WIND}", wind))
    return tuple(checks)


def removal(shares: Shares, state: GridState, removed: str, rows: tuple[int, ...]) -> Removal:
    """The check for these rows of the injections."""
    injections, at = shares.injections, np.array(rows, dtype=np.int64)
    node, p_mw, q_mvar = injections.node[at], injections.p_mw[at], injections.q_mvar[at]
    predicted = -float(shares.now.flow.per_mw[node] @ p_mw + shares.now.flow.per_mvar[node] @ q_mvar)
    resolved, reason = None, None
    try:
        resolved = shares.end.flow_mw(solve(without(state, tuple(injections.element[i] for i in rows)))) - shares.flow_mw
    except PowerFlowDiverged as error:
        reason = str(error)
    return Removal(removed, len(rows), float(p_mw.sum()), float(shares.share_mw[at].sum()), predicted, resolved, reason)
