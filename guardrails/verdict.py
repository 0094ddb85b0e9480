"""What the gate says about a list of actions on one state: the clauses, the effect, and a hash that an approval is bound to."""

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome, worst


class Effect(BaseModel):
    """Before and after the whole list, for the card. None where the state has no solution or ratings are unusable."""

    model_config = ConfigDict(frozen=True)

    max_loading_percent: tuple[float | None, float | None] = (None, None)
    max_loading_element: tuple[str | None, str | None] = (None, None)
    vm_min_pu: tuple[float | None, float | None] = (None, None)
    vm_max_pu: tuple[float | None, float | None] = (None, None)
    losses_mw: tuple[float | None, float | None] = (None, None)
    lost_load_mw: float = Field(default=0.0, description="load without supply after the change that had supply before [MW]")
    lost_generation_mw: float = Field(default=0.0, description="generation cut off by the change [MW]")
    violations: tuple[int, int] = (0, 0)
    worst_outage: tuple[str | None, str | None] = (None, None)
    worst_outage_loading_percent: tuple[float | None, float | None] = (None, None)
    outage_at_risk: tuple[str | None, str | None] = Field(default=(None, None), description="the outage that takes most load off supply")
    outage_lost_load_mw: tuple[float | None, float | None] = (None, None)
    outage_lost_generation_mw: tuple[float | None, float | None] = Field(default=(None, None), description="the most after any outage")


class Verdict(BaseModel):
    """Frozen. `breakers` names the switches an open/close is expanded to, per action in order."""

    model_config = ConfigDict(frozen=True)

    grid: str
    content_hash: str = Field(default="", description="of the grid's data (GridModel.content_hash); two files may share a name")
    state_id: str
    plant_time: str
    source: Literal["live", "standing"] = "live"
    actions: tuple[Action, ...]
    breakers: tuple[tuple[str, ...], ...] = ()
    clauses: tuple[ClauseResult, ...]
    effect: Effect = Effect()
    rollback: tuple[Action, ...] = Field(default=(), description="orders that would lead back to the grid of before; empty: none do")
    rule_pack: str = Field(default="", description="name and version (hash) of the pack in force")

    @property
    def outcome(self) -> Outcome:
        """The gravest outcome of all clauses."""
        return worst([c.outcome for c in self.clauses])

    @property
    def blocked(self) -> bool:
        return any(c.outcome.blocks for c in self.clauses)

    @property
    def critical(self) -> bool:
        """Two different approvers are needed."""
        return any(c.critical and c.outcome is not Outcome.NOT_APPLICABLE for c in self.clauses)

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence for each blocking clause."""
        return tuple(c.explanation for c in self.clauses if c.outcome.blocks)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
