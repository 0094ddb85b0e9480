"""What a proposal was made from: the question, the brain that read it, and the studies before it. Stored once, beside the proposal."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy import Text
from sqlmodel import Field as Column
from sqlmodel import Session

from guardrails.audit_chain import digest
from guardrails.tables import Row

HASH = "basis_hash"  # in the audit row of the submission


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
