"""What a proposal was made from: the question, the brain that read it, and the studies before it. Stored once, beside the proposal."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy import Text
from sqlmodel import Field as Column
from sqlmodel import Session, col, select

from guardrails.audit_chain import AuditEvent, digest
from guardrails.tables import AuditRow, Row
from guardrails.transitions import Event

HASH = "basis_hash"  # in the audit row of the submission
_PAGE = 500


class BasisCall(BaseModel):
    """One study of the turn.  result_hash: SHA-256 (hex) of its result as JSON, which the conversation keeps."""

    model_config = ConfigDict(frozen=True)

    id: str
    tool: str
    args: dict[str, JsonValue] = {}
    ok: bool = True
    headline: str = ""
    result_hash: str = ""


class Basis(BaseModel):
    """Empty texts where nobody asked in words, as when a program proposes."""

    model_config = ConfigDict(frozen=True)

    question: str = ""
    brain: str = ""
    version: str = Field(default="", description="of this software, whose brain it was")
    calls: tuple[BasisCall, ...] = ()


class BasisRow(Row, table=True):
    """The text is what was hashed into the audit."""

    __tablename__ = "aeip_basis"

    proposal_id: int = Column(primary_key=True, foreign_key="aeip_proposal.id", sa_column_kwargs={"autoincrement": False})
    content: str = Column(sa_type=Text)


def keep(session: Session, proposal_id: int, basis: Basis) -> str:
    """Store it in the submission's transaction; returns the hash that belongs into the audit."""
    text = basis.model_dump_json()
    session.add(BasisRow(proposal_id=proposal_id, content=text))
    return digest(text)


def basis_contradiction(session: Session) -> str | None:
    """The first basis that is not the recorded one, in a sentence, over all proposals."""
    recorded = _recorded(session)
    stored = {row.proposal_id: digest(row.content) for row in session.exec(select(BasisRow), execution_options={"yield_per": _PAGE})}
    for number in sorted(recorded.keys() | stored.keys()):
        if recorded.get(number) != stored.get(number):
            return f"What proposal {number} was made from is not what its first event records."
    return None


def _recorded(session: Session) -> dict[int, str]:
    found: dict[int, str] = {}
    query = select(AuditRow).where(col(AuditRow.event).in_([Event.SUBMITTED, Event.BLOCKED]))
    for row in session.exec(query, execution_options={"yield_per": _PAGE}):
        event = AuditEvent.model_validate(row)
        if event.proposal_id is not None and HASH in event.details:
            found[event.proposal_id] = str(event.details[HASH])
    return found


def kept_as_recorded(session: Session, proposal_id: int, events: Sequence[AuditEvent]) -> bool:
    """Whether the stored text is the one that the first of a proposal's events records."""
    row = session.get(BasisRow, proposal_id)
    return (None if row is None else digest(row.content)) == (events[0].details.get(HASH) if events else None)
