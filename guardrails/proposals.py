"""A proposal as a value: all that a card, a page or a command line shows of it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from grid_models.actions import Action
from guardrails.basis import Basis
from guardrails.scope import Touched
from guardrails.transitions import Status
from guardrails.verdict import Verdict

Choice = Literal["approve", "reject"]


class Decision(BaseModel):
    """One person's approval or rejection."""

    model_config = ConfigDict(frozen=True)

    person: str
    decision: Choice
    reason: str
    at: datetime


class Step(BaseModel):
    """One command to the plant. `started` means that its end is not known (yet)."""

    model_config = ConfigDict(frozen=True)

    index: int = Field(description="position in the list of actions, from 0")
    key: str = Field(description="idempotency key given to the plant")
    status: Literal["started", "done", "failed"]
    note: str
    started_at: datetime
    finished_at: datetime | None


class Proposal(BaseModel):
    """Frozen. `verdict` is what the approver sees and decides on, `recheck` the verdict at execution. Times are wall UTC."""

    model_config = ConfigDict(frozen=True)

    id: int
    grid: str
    status: Status
    actions: tuple[Action, ...]
    action_hash: str
    reason: str
    requested_by: str
    conversation: str
    created_at: datetime
    expires_at: datetime
    verdict: Verdict
    verdict_hash: str = Field(description="hand this back with a decision: it proves what was seen")
    touched: tuple[Touched, ...] = Field(default=(), description="what it operates and where, by the grid's own data; empty = not known")
    decisions: tuple[Decision, ...] = ()
    steps: tuple[Step, ...] = ()
    recheck: Verdict | None = None
    outcome_note: str = ""
    basis: Basis | None = Field(default=None, description="question, brain and studies that it came from; None: nobody asked in words")

    @property
    def critical(self) -> bool:
        """Needs two different approvers and the element's name typed."""
        return self.verdict.critical

    @property
    def approvers(self) -> tuple[str, ...]:
        return tuple(d.person for d in self.decisions if d.decision == "approve")

    @property
    def approvals_missing(self) -> int:
        """How many more people have to approve."""
        return max((2 if self.critical else 1) - len(self.approvers), 0)

    @property
    def elements(self) -> tuple[str, ...]:
        """The elements it changes; one of them is typed to confirm a critical change."""
        return tuple(dict.fromkeys(a.element for a in self.actions if a.element))

    def words(self) -> str:
        """The whole list as a person would say it."""
        return ", then ".join(a.words() for a in self.actions)
