"""Who asked for what, from what, what was checked and shown, who decided, and what the plant did: one proposal as one document."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from guardrails.audit_chain import AuditEvent
from guardrails.audit_facts import proposal_contradiction
from guardrails.database import reading
from guardrails.errors import LedgerUnreadable
from guardrails.proposal_rows import find, find_row
from guardrails.proposals import Proposal
from guardrails.tables import AuditRow, DecisionRow


class Seen(BaseModel):
    """Which verdict a decision was taken on: that of the card in front of the person."""

    model_config = ConfigDict(frozen=True)

    person: str
    decision: str
    verdict_hash: str


class DecisionRecord(BaseModel):
    """Frozen. Hashes are SHA-256 (hex); `events` are this proposal's links of the audit chain, in order."""

    model_config = ConfigDict(frozen=True)

    proposal: Proposal
    seen: tuple[Seen, ...]
    recheck_hash: str | None = Field(description="of the verdict at execution; None: it never came to that")
    read_back: tuple[dict[str, JsonValue], ...] = Field(description="what was commanded and what the plant showed then")
    events: tuple[AuditEvent, ...]


def decision_record(engine: Engine, proposal_id: int) -> DecisionRecord:
    """As the ledger and its audit have it. Raises ProposalNotFound, and LedgerUnreadable where the two contradict each other."""
    with reading(engine) as session:
        proposal = find(session, proposal_id)
        doubt = proposal_contradiction(session, find_row(session, proposal_id))
        if doubt is not None:
            raise LedgerUnreadable(f"{doubt} No record is made of it; run `aeip audit verify`.")
        events = _events(session, proposal_id)
        decisions = session.exec(select(DecisionRow).where(DecisionRow.proposal_id == proposal_id).order_by(col(DecisionRow.id)))
        return DecisionRecord(
            proposal=proposal,
            seen=tuple(Seen(person=d.person, decision=d.decision, verdict_hash=d.verdict_hash) for d in decisions),
            recheck_hash=proposal.recheck.hash if proposal.recheck else None,
            read_back=_read_back(events),
            events=events,
        )


def _events(session: Session, proposal_id: int) -> tuple[AuditEvent, ...]:
    rows = session.exec(select(AuditRow).where(AuditRow.proposal_id == proposal_id).order_by(col(AuditRow.seq)))
    return tuple(AuditEvent.model_validate(row) for row in rows)


def _read_back(events: tuple[AuditEvent, ...]) -> tuple[dict[str, JsonValue], ...]:
    """Of the last event that has one."""
    kept = [event.details["read_back"] for event in events if "read_back" in event.details]
    return tuple(entry for entry in (kept[-1] if kept and isinstance(kept[-1], list) else []) if isinstance(entry, dict))
