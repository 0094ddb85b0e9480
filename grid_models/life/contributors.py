"""Which injections load a transformer at its hottest moment?"""

from dataclasses import dataclass

import numpy as np

from grid_models.causes.branch_end import loaded_end, most_loaded
from grid_models.causes.shares import shares_of
from grid_models.errors import PowerFlowDiverged
from grid_models.life.course import Course
from grid_models.life.outlook import Outlook
from grid_models.steady.boundary import solve
from grid_models.twin.model import GridModel
from grid_models.twin.registry import Element, ElementKind

_NOTICED = 0.005  # of the flow; smaller shares are many and say nothing


@dataclass(frozen=True)
class Contributor:
    """One injection. p_mw: injected (negative: drawn).  share_mw: of the flow through the transformer; positive: loads it more."""

    element: str
    technology: str
    p_mw: float
    share_mw: float
    area: str


def contributors(outlook: Outlook, u: int, course: Course, at_step: int) -> tuple[Contributor, ...]:
    """Largest shares first, by AC sensitivities along the path from no injections; none where that moment has no power flow."""
    try:
        solution = solve(outlook.state_with(course.values[:, at_step]))
        branch = most_loaded(solution, outlook.cases[u].unit.branches)
        if not solution.topology.branch_live[branch]:
            return ()
        shares = shares_of(solution, loaded_end(solution, branch))
    except PowerFlowDiverged:
        return ()
    found, injections = shares.share_mw, shares.injections
    order = np.argsort(-np.abs(found), kind="stable")
    return tuple(
        Contributor(
            element=injections.element[i].name,
            technology=injections.technology[i],
            p_mw=float(injections.p_mw[i]),
            share_mw=float(found[i]),
            area=_area(solution.model, injections.element[i]),
        )
        for i in order
        if abs(found[i]) >= _NOTICED * abs(shares.flow_mw)
    )


def _area(model: GridModel, element: Element) -> str:
    bus = (model.loads.bus if element.kind is ElementKind.LOAD else model.generators.bus)[element.index]
    return str(model.buses.area[bus])
