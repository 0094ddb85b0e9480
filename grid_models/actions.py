"""One vocabulary for what-if changes and for real commands.

MW are absolute, never a delta: repeating a command changes nothing more.
"""

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ActionKind(StrEnum):
    """What can be done to an element."""

    OPEN = "open"
    CLOSE = "close"
    SET_P = "set_p"
    SET_Q = "set_q"
    SET_VOLTAGE = "set_voltage"
    SET_TAP = "set_tap"
    SET_SHUNT = "set_shunt"
    SHED_LOAD = "shed_load"
    RELEASE = "release"
    SCALE = "scale"


_VALUE_FIELD: dict[ActionKind, str | None] = {
    ActionKind.OPEN: None,
    ActionKind.CLOSE: None,
    ActionKind.SET_P: "p_mw",
    ActionKind.SET_Q: "q_mvar",
    ActionKind.SET_VOLTAGE: "vm_pu",
    ActionKind.SET_TAP: "position",
    ActionKind.SET_SHUNT: "step",
    ActionKind.SHED_LOAD: "p_mw",
    ActionKind.RELEASE: None,
    ActionKind.SCALE: "factor",
}


class Action(BaseModel):
    """One change of the grid, e.g. `{"kind": "open", "element": "HV1 Line 14"}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ActionKind
    element: str | None = Field(default=None, description="display name of the element (every kind but scale)")
    group: str | None = Field(default=None, description="scale only: loads, generation, wind, pv or area:NAME")
    p_mw: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="set_p: active power injected [MW], a cap for wind and PV; shed_load: total shed at that load [MW], 0 restores",
    )
    q_mvar: float | None = Field(default=None, allow_inf_nan=False, description="set_q: reactive power injected [Mvar]")
    vm_pu: float | None = Field(default=None, gt=0, allow_inf_nan=False, description="set_voltage: voltage set-point [pu]")
    position: int | None = Field(default=None, description="set_tap: tap position")
    step: int | None = Field(default=None, description="set_shunt: step in service")
    factor: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="scale: factor on what is drawn and injected now, set-points included"
    )

    @model_validator(mode="after")
    def _fields_fit_the_kind(self) -> Self:
        target, other = ("group", "element") if self.kind is ActionKind.SCALE else ("element", "group")
        if not getattr(self, target) or getattr(self, other) is not None:
            raise ValueError(f"'{self.kind}' needs '{target}' and no '{other}'")
        wanted = _VALUE_FIELD[self.kind]
        given = {name for name in _VALUE_FIELD.values() if name and getattr(self, name) is not None}
        if given != ({wanted} if wanted else set()):
            raise ValueError(
                f"'{self.kind}' needs {f'exactly the value {wanted!r}' if wanted else 'no value'}, found {sorted(given) or 'none'}"
            )
        return self

    @property
    def is_hypothetical(self) -> bool:
        """Only studies may scale; a plant cannot."""
        return self.kind is ActionKind.SCALE

    def words(self) -> str:
        """The action as a person would say it, with its exact value."""
        return _WORDS[self.kind].format(self)


_WORDS: dict[ActionKind, str] = {
    ActionKind.OPEN: "open {0.element}",
    ActionKind.CLOSE: "close {0.element}",
    ActionKind.SET_P: "set the active power of {0.element} to {0.p_mw:g} MW",
    ActionKind.SET_Q: "set the reactive power of {0.element} to {0.q_mvar:g} Mvar",
    ActionKind.SET_VOLTAGE: "set the voltage of {0.element} to {0.vm_pu:g} pu",
    ActionKind.SET_TAP: "set the tap of {0.element} to position {0.position}",
    ActionKind.SET_SHUNT: "set the shunt {0.element} to step {0.step}",
    ActionKind.SHED_LOAD: "shed {0.p_mw:g} MW in total at {0.element}",
    ActionKind.RELEASE: "release {0.element} to its profile",
    ActionKind.SCALE: "scale {0.group} by {0.factor:g}",
}


def action_hash(actions: Sequence[Action]) -> str:
    """SHA-256 (hex) over the ordered list: an approval is bound to it."""
    text = json.dumps([a.model_dump(mode="json", exclude_none=True) for a in actions], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
