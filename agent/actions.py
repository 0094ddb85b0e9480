"""The two tools that need the ledger and the caller: ask for a change, and look at the queue.

There is no code path from language to the grid but this one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pydantic import Field, JsonValue

from grid_models.actions import Action
from grid_models.errors import AeipError
from grid_models.twin.state import GridState
from guardrails.basis import Basis
from guardrails.errors import OwnerElsewhere
from guardrails.gate import Gate
from guardrails.ledger import Ledger
from guardrails.people import Person
from guardrails.proposal_search import Wanted
from guardrails.proposals import Proposal
from guardrails.reorder import reorder
from guardrails.touched import touched_by
from guardrails.transitions import Status
from guardrails.verdict import Verdict
from tools.result import Args


class ProposeArgs(Args):
    # The rule pack says how many are allowed (actions-per-proposal); this only keeps absurd input out.
    changes: tuple[Action, ...] = Field(min_length=1, max_length=100, description="ordered list of actions; MW absolute, never a delta")
    reason: str = Field(min_length=1, max_length=2000, description="why, in the person's words")


class QueueArgs(Args):
    status: Status | None = Field(default=None, description="only proposals with this status; pending ones first when left out")


class NotOrdered(AeipError):
    """Nobody's own words ask for the change."""


@dataclass(frozen=True)
class ActionContext:
    """Who asks, about which state, where it is recorded, and what the record says of where it came from.

    `objection`: why the person's own words do not ask for these changes; a conversation sets it, whatever brain it has.
    """

    gate: Callable[[], Gate]
    ledger: Callable[[], Ledger]
    state: GridState
    source: Literal["live", "standing"]
    person: Person
    conversation: str
    expiry: timedelta
    study_only: Callable[[], str | None]
    basis: Basis = field(default_factory=Basis)
    objection: Callable[[Sequence[Action]], str | None] = lambda changes: None


def propose(args: ProposeArgs, ctx: ActionContext) -> dict[str, JsonValue]:
    """Check the changes and record them: a pending proposal, or a blocked one that never reaches the queue.

    Raises NotOrdered, NotAuthorised, WritesStopped, UnknownElement or AmbiguousElement.
    """
    refusal = ctx.study_only()
    if refusal is not None:
        raise OwnerElsewhere(refusal)
    unasked = ctx.objection(args.changes)
    if unasked is not None:
        raise NotOrdered(unasked)
    verdict = ctx.gate().check(ctx.state, args.changes, args.reason, ctx.source)
    touched = touched_by(ctx.state.model, args.changes, verdict.breakers)
    proposal = ctx.ledger().submit(verdict, args.reason, ctx.person.name, ctx.conversation, ctx.expiry, touched, ctx.basis)
    return proposal_facts(proposal) | _other_order(verdict, args.reason, ctx)


def _other_order(verdict: Verdict, reason: str, ctx: ActionContext) -> dict[str, JsonValue]:
    """Whether the same actions would pass in another order. Beside the verdict, not in it: nobody decides on a suggestion."""
    found = reorder(ctx.gate(), ctx.state, verdict, reason) if verdict.blocked else None
    if found is None:
        return {}
    return {"other_order": {"actions": [a.words() for a in found.order], "tried": found.tried, "all_tried": found.all_tried}}


def queue(args: QueueArgs, ctx: ActionContext) -> dict[str, JsonValue]:
    """The approval queue as this user may see it."""
    found = ctx.ledger().page(Wanted(statuses=(args.status or Status.PENDING,)), limit=50)
    return {"proposals": [proposal_facts(p) for p in found.proposals], "total": found.total, "status": args.status or "pending"}


def proposal_facts(proposal: Proposal) -> dict[str, JsonValue]:
    """What the conversation needs of a proposal."""
    verdict = proposal.verdict
    return {
        "id": proposal.id,
        "status": proposal.status.value,
        "verdict": verdict.outcome.value,
        "actions": [a.words() for a in proposal.actions],
        "breakers": [list(b) for b in verdict.breakers],
        "reasons": list(verdict.reasons),
        "clauses": [c.model_dump(mode="json") for c in verdict.clauses],
        "effect": verdict.effect.model_dump(mode="json"),
        "requested_by": proposal.requested_by,
        "reason": proposal.reason,
        "rollback": [a.words() for a in verdict.rollback],
        "critical": proposal.critical,
        "expires_at": proposal.expires_at.isoformat(timespec="seconds"),
        "link": f"/approvals#{proposal.id}",
    }
