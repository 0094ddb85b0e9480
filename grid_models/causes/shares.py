"""Which part of a branch's flow is due to which injection? Parts that add up to the flow.

The injections grow together from nothing (λ = 0: only the infeeds' voltages) to what they are now (λ = 1), and each is
credited with its sensitivity times its growth all along that path:

    flow(1) = flow(0) + Σ_i ∫ (∂flow/∂P_i · P_i + ∂flow/∂Q_i · Q_i) dλ

This is the cost share of Aumann and Shapley ("Values of Non-Atomic Games", 1974): it adds up for any smooth flow, treats
equal injections equally and does not depend on an order. The integral is taken at Gauss-Legendre points, each one AC
power flow and one factorisation.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grid_models.causes.branch_end import BranchEnd
from grid_models.causes.injections import Injections, injections_of, scaled
from grid_models.causes.linear import direct_flow
from grid_models.causes.sensitivity import EndSensitivity, end_sensitivity
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState

_POINTS = (5, 8, 16)  # more only where fewer do not close: near the limit of what the grid can carry
_CLOSED = 1e-4  # of the flow: a tenth of what a reader of 0.1 % would see
_CLOSED_MW = 1e-3


class ShareMethod(StrEnum):
    AC_PATH = "ac path"
    DC_PTDF = "dc ptdf"


@dataclass(frozen=True, eq=False)
class Shares:
    """A branch's flow [MW] taken apart: flow = transit + Σ (active + reactive) + remainder.

    active_mw, reactive_mw: (injections,) shares through active and reactive power.  transit_mw: flow without any
    injection.  remainder_mw: what the integration leaves (with DC: losses, reactive power, voltages).
    now: sensitivities in the present state.  points: integration points, 0 with DC.
    """

    method: ShareMethod
    end: BranchEnd
    injections: Injections
    now: EndSensitivity
    flow_mw: float
    transit_mw: float
    active_mw: FloatArray
    reactive_mw: FloatArray
    points: int

    @property
    def share_mw(self) -> FloatArray:
        return self.active_mw + self.reactive_mw

    @property
    def remainder_mw(self) -> float:
        return self.flow_mw - self.transit_mw - float(self.share_mw.sum())


def shares_of(solution: Solution, end: BranchEnd) -> Shares:
    """Shares along the AC path; by DC distribution factors where the grid has no solution on the way from no injections.

    Raises PowerFlowDiverged where the present state itself has no sensitivities.
    """
    now = end_sensitivity(solution, end)
    try:
        return _along_the_path(solution, end, now)
    except PowerFlowDiverged:
        return _by_direct_current(solution, end, now)


def _along_the_path(solution: Solution, end: BranchEnd, now: EndSensitivity) -> Shares:
    state, topology = solution.state, solution.topology
    injections = injections_of(state, topology)
    flow, transit = end.flow_mw(solution), end.flow_mw(solve(scaled(state, 0.0)))
    for points in _POINTS:
        per_mw, per_mvar = _mean_sensitivity(state, end, points)
        active, reactive = per_mw[injections.node] * injections.p_mw, per_mvar[injections.node] * injections.q_mvar
        shares = Shares(ShareMethod.AC_PATH, end, injections, now, flow, transit, active, reactive, points)
        if abs(shares.remainder_mw) <= max(_CLOSED * abs(flow), _CLOSED_MW):
            break
    return shares


def _mean_sensitivity(state: GridState, end: BranchEnd, points: int) -> tuple[FloatArray, FloatArray]:
    """Sensitivities of the flow per MW and per Mvar, (nodes,) each, averaged over the path."""
    at, weight = np.polynomial.legendre.leggauss(points)
    found = [end_sensitivity(solve(scaled(state, float(x + 1) / 2)), end).flow for x in at]
    per_mw = sum(w / 2 * s.per_mw for w, s in zip(weight, found, strict=True))
    per_mvar = sum(w / 2 * s.per_mvar for w, s in zip(weight, found, strict=True))
    return np.asarray(per_mw), np.asarray(per_mvar)


def _by_direct_current(solution: Solution, end: BranchEnd, now: EndSensitivity) -> Shares:
    state, topology = solution.state, solution.topology
    injections = injections_of(state, topology)
    factors, transit = direct_flow(state, end)
    active = factors[injections.node] * injections.p_mw
    return Shares(ShareMethod.DC_PTDF, end, injections, now, end.flow_mw(solution), transit, active, np.zeros(len(injections)), points=0)
