"""Which positions changed between two states: branches in and out of service, breakers, services, taps and steps."""

from collections.abc import Iterator

import numpy as np

from grid_models.alerting.alarm import AlarmKind, Reading
from grid_models.causes.departures import in_service
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.apply import breakers_of
from grid_models.twin.concerned import concerned_branches
from grid_models.twin.state import GridState

_WORDS = {Quantity.SWITCH_CLOSED: ("opened", "closed")}
_STATUS_WORDS = ("switched off", "switched on")
_COUNTED = (Quantity.TAP, Quantity.SHUNT_STEP)
_POSITIONS = [quantity for quantity in Quantity if quantity.is_position]


def moved(before: GridState, now: GridState) -> Iterator[Reading]:
    """One reading a change, branches with their breakers first, then in the order of the tables."""
    told: set[tuple[str, int]] = set()
    for branch in concerned_branches(now.model, before.switch_closed != now.switch_closed, before.branch_on != now.branch_on):
        served = in_service(now, branch)
        if served != in_service(before, branch):
            told |= {("switches", i) for i in breakers_of(now.model, branch)} | {("branches", branch)}
            yield _event("branches", now.model.branches.name[branch], "back in service" if served else "out of service")
    for quantity in _POSITIONS:
        spec = SPECS[quantity]
        was, became = getattr(before, spec.array), getattr(now, spec.array)
        for i in np.flatnonzero(was != became):
            if quantity in _COUNTED or (spec.table, int(i)) not in told:
                yield _event(spec.table, getattr(now.model, spec.table).name[i], _words(quantity, int(was[i]), int(became[i])))


def _event(table: str, element: str, words: str) -> Reading:
    return Reading(kind=AlarmKind.POSITION, table=table, element=element, words=words)


def _words(quantity: Quantity, was: int, became: int) -> str:
    if quantity in _COUNTED:
        return f"{SPECS[quantity].words} {was} to {became}"
    return _WORDS.get(quantity, _STATUS_WORDS)[became]
