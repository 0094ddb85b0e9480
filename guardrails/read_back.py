"""What the plant must show after a command, and whether it does. Pure.

Only what is commanded is compared (`commanded.py`): demand and weather move by themselves.
"""

import math
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from grid_models.actions import Action
from grid_models.twin.state import GridState
from guardrails.commanded import COMMANDED, changed, element_at

# How far an echoed set-point may be off (telemetry is rounded); engineering judgement, as the gate's tolerances.
# Statuses, taps and steps are exact.
_TOLERANCE = {
    "load_shed_mw": 0.1,
    "generator_p_setpoint_mw": 0.1,
    "generator_q_setpoint_mvar": 0.1,
    "generator_vm_pu": 0.002,
    "infeed_vm_pu": 0.002,
}


class Expected(BaseModel):
    """One entry of one array of the state as the command leaves it."""

    model_config = ConfigDict(frozen=True)

    array: str
    index: int
    value: float | None = Field(description="statuses are 1 or 0; None: follows its schedule")

    def seen_in(self, state: GridState) -> bool:
        """Whether the state shows it."""
        shown = float(getattr(state, self.array)[self.index])
        if self.value is None or math.isnan(shown):
            return self.value is None and math.isnan(shown)
        return abs(shown - self.value) <= _TOLERANCE.get(self.array, 0.0)


_LIST = TypeAdapter(tuple[Expected, ...])


def expected_after(action: Action, before: GridState) -> tuple[Expected, ...]:
    """What the action changes. Raises InvalidAction or UnknownElement where it cannot be applied."""
    after = before.apply([action])
    entries = ((array, index, float(getattr(after, array)[index])) for array, index in changed(before, after))
    return tuple(Expected(array=array, index=index, value=None if math.isnan(value) else value) for array, index, value in entries)


def expected_by_step(actions: Sequence[Action], before: GridState) -> tuple[tuple[Expected, ...], ...]:
    """For each action of an ordered list, what it changes on the state the earlier ones leave."""
    found = []
    for action in actions:
        found.append(expected_after(action, before))
        before = before.apply([action])
    return tuple(found)


def missing(steps: Iterable[Sequence[Expected]], state: GridState) -> tuple[Expected, ...]:
    """What the state does not show after the steps, in order; a later step on the same entry replaces an earlier one."""
    final = {(e.array, e.index): e for step in steps for e in step}
    return tuple(e for e in final.values() if not e.seen_in(state))


def shown(steps: Iterable[Sequence[Expected]], state: GridState) -> list[JsonValue]:
    """What was commanded and what the state shows, for the record; None: it follows its schedule."""
    final = {(e.array, e.index): e for step in steps for e in step}
    values = ((e, float(getattr(state, e.array)[e.index])) for e in final.values())
    return [{"element": _named(e, state), "array": e.array, "expected": e.value, "shown": None if math.isnan(v) else v} for e, v in values]


def _named(entry: Expected, state: GridState) -> str:
    return element_at(state.model, COMMANDED[entry.array], entry.index).name


def visible(action: Action, before: GridState, state: GridState) -> bool:
    """Whether `state` shows the action that was carried out on `before`."""
    return not missing([expected_after(action, before)], state)


def to_text(expected: Sequence[Expected]) -> str:
    """JSON, to keep with the step: a restart reads back without the state of then."""
    return _LIST.dump_json(tuple(expected)).decode()


def from_text(text: str) -> tuple[Expected, ...]:
    return _LIST.validate_json(text)
