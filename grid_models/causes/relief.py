"""Which injection, changed by 1 MW, would relieve the branch most, and how far could it go?"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grid_models.causes.branch_end import BranchEnd
from grid_models.causes.injections import Injections
from grid_models.causes.sensitivity import EndSensitivity
from grid_models.twin.model import FloatArray
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState

_FELT_MW_PER_MW = 0.01  # engineering judgement: who must move 100 MW for 1 MW is no remedy
_ROOM_MW = 1e-6
_LARGEST_RANGE_MW = 50_000.0  # engineering judgement: twice the largest power station; a wider range is a placeholder


class Step(StrEnum):
    INJECT_LESS = "inject less"
    INJECT_MORE = "inject more"
    DRAW_LESS = "draw less"


@dataclass(frozen=True)
class Relief:
    """`per_mw`: MW less flow per MW of the step.  `percent_per_mw`: percentage points less loading, None without a rating.

    `available_mw`: how far the step can go, None where the source's range is a placeholder.
    """

    element: Element
    technology: str
    step: Step
    per_mw: float
    percent_per_mw: float | None
    available_mw: float | None

    @property
    def relief_mw(self) -> float | None:
        """All of it, linear."""
        return None if self.available_mw is None else self.per_mw * self.available_mw


def reliefs(state: GridState, injections: Injections, now: EndSensitivity, end: BranchEnd) -> tuple[Relief, ...]:
    """Everything that can relieve the branch, strongest per MW first; ties keep the order of the tables.

    A generator moves within its range, wind and PV up to what the weather gives; a load can only be shed, its reactive
    power with it.
    """
    reactive = _mvar_per_mw(injections)
    flow = now.flow.per_mw[injections.node] + reactive * now.flow.per_mvar[injections.node]
    current = now.current.per_mw[injections.node] + reactive * now.current.per_mvar[injections.node]
    branches = state.model.branches
    rating = float((branches.rating_from_ka if end.at_from else branches.rating_to_ka)[end.branch])
    found = []
    for i, element in enumerate(injections.element):
        step = _step(element, flow[i])
        room = None if step is None else _room_mw(state, injections, i, step)
        if step is None or room is None or room <= _ROOM_MW:
            continue
        lowers = 1.0 if step is Step.INJECT_LESS else -1.0
        percent = None if np.isnan(rating) else lowers * float(current[i]) / rating * 100.0
        if percent is not None and percent <= 0:  # less active, but more reactive power: the current would grow
            continue
        available = room if room <= _LARGEST_RANGE_MW else None
        found.append(Relief(element, injections.technology[i], step, abs(float(flow[i])), percent, available))
    return tuple(sorted(found, key=lambda r: -r.per_mw))


def _mvar_per_mw(injections: Injections) -> FloatArray:
    """What a load sheds in reactive power with each MW; a generator keeps its reactive power."""
    is_load = np.array([e.kind is ElementKind.LOAD for e in injections.element], dtype=bool) & (injections.p_mw != 0)
    return np.divide(injections.q_mvar, injections.p_mw, out=np.zeros(len(injections)), where=is_load)


def _step(element: Element, flow_per_mw: float) -> Step | None:
    """The step that lowers the flow; None where it does not answer, or where only a load that draws more would help."""
    if abs(flow_per_mw) <= _FELT_MW_PER_MW:
        return None
    if element.kind is ElementKind.LOAD:
        return Step.DRAW_LESS if flow_per_mw < 0 else None
    return Step.INJECT_LESS if flow_per_mw > 0 else Step.INJECT_MORE


def _room_mw(state: GridState, injections: Injections, row: int, step: Step) -> float:
    """How far the step can go [MW], negative where the present value is already beyond the range."""
    machines, now, i = state.model.generators, float(injections.p_mw[row]), injections.element[row].index
    if step is Step.DRAW_LESS:
        return -now
    if step is Step.INJECT_LESS:
        return now - float(machines.p_min_mw[i])
    weather = machines.technology[i] in ("wind", "pv")
    return float(state.generator_p_mw[i] if weather else machines.p_max_mw[i]) - now
