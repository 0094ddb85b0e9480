"""The ledger's tables. Only the files of this folder write them; a status changes through `claims.move` alone.

Times are aware UTC. Documents (verdicts, payloads) are stored as the exact text that was hashed.
"""

from datetime import datetime

from sqlalchemy import Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

LEDGER = MetaData()


class Row(SQLModel, registry=registry(metadata=LEDGER)):
    """A row of the ledger. Own metadata: other packages' tables are neither created nor checked here."""


class PersonRow(Row, table=True):
    """`key` is the name as it is compared (case-insensitive); credentials live elsewhere."""

    __tablename__ = "aeip_person"

    key: str = Field(primary_key=True)
    name: str
    role: str


class ScopeRow(Row, table=True):
    """Where one person may act, as JSON of a `Scope`. Without a row: everywhere."""

    __tablename__ = "aeip_scope"

    key: str = Field(primary_key=True)
    scope: str = Field(sa_type=Text)


class RemovalRow(Row, table=True):
    """A person who is no longer one. The name stays theirs: nobody else gets it, and the record keeps its meaning."""

    __tablename__ = "aeip_removal"

    key: str = Field(primary_key=True)
    at: str


class ProposalRow(Row, table=True):
    """One ordered list of actions with the verdict that was shown. `recheck` is the verdict at execution."""

    __tablename__ = "aeip_proposal"
    __table_args__ = (Index("aeip_proposal_queue", "status", "grid"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    grid: str
    status: str
    action_hash: str
    verdict: str = Field(sa_type=Text)
    verdict_hash: str
    reason: str = Field(sa_type=Text)
    requested_by: str
    conversation: str = ""
    created_at: datetime
    expires_at: datetime
    recheck: str | None = Field(default=None, sa_type=Text)
    outcome_note: str = Field(default="", sa_type=Text)


class TouchedRow(Row, table=True):
    """What a proposal operates and where it lies, as the JSON that its first event names by hash: the ledger has no grid to ask."""

    __tablename__ = "aeip_touched"

    proposal_id: int = Field(primary_key=True, foreign_key="aeip_proposal.id", sa_column_kwargs={"autoincrement": False})
    touched: str = Field(sa_type=Text)


class DecisionRow(Row, table=True):
    """One person's approval or rejection; the same person counts once."""

    __tablename__ = "aeip_decision"
    __table_args__ = (UniqueConstraint("proposal_id", "person_key", "decision"),)

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="aeip_proposal.id", index=True)
    person_key: str
    person: str
    decision: str
    reason: str = Field(sa_type=Text)
    verdict_hash: str
    at: datetime


class StepRow(Row, table=True):
    """One command to the plant. `expected` says what a read-back must show, so that a restart can tell without repeating it."""

    __tablename__ = "aeip_step"

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="aeip_proposal.id", index=True)
    index: int
    key: str = Field(unique=True)
    status: str
    expected: str = Field(sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    started_at: datetime
    finished_at: datetime | None = None


class WordsRow(Row, table=True):
    """What a proposal is searched by, in small letters; derived from its verdict and reason."""

    __tablename__ = "aeip_proposal_words"

    proposal_id: int = Field(primary_key=True, foreign_key="aeip_proposal.id", sa_column_kwargs={"autoincrement": False})
    text: str = Field(sa_type=Text)


class AuditRow(Row, table=True):
    """One link of the chain. `prev_hash` is unique: two writers cannot hang two rows on the same one."""

    __tablename__ = "aeip_audit"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str
    event: str
    proposal_id: int | None = Field(default=None, foreign_key="aeip_proposal.id", index=True)
    person: str
    payload: str = Field(sa_type=Text)
    prev_hash: str = Field(unique=True)
    hash: str = Field(unique=True)


class AuditHeadRow(Row, table=True):
    """Length and last hash of the chain, so that a cut tail shows. Its one row is also the writers' lock on PostgreSQL."""

    __tablename__ = "aeip_audit_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    rows: int
    hash: str


class SwitchRow(Row, table=True):
    """The kill switch: one row, written once when the ledger is made. Without it writes count as stopped."""

    __tablename__ = "aeip_switch"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    stopped: bool
    person: str
    reason: str = Field(sa_type=Text)


class LeaseRow(Row, table=True):
    """Who owns the plant of a grid, and until when without another heartbeat."""

    __tablename__ = "aeip_lease"

    grid: str = Field(primary_key=True)
    owner_id: str
    acquired_at: datetime
    expires_at: datetime


class AcknowledgementRow(Row, table=True):
    """Who knows of an alarm: the last acknowledgement of each. Times are written as in the audit."""

    __tablename__ = "aeip_acknowledgements"

    grid: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    person: str
    note: str = Field(sa_type=Text)
    at: str
    told_at: str


class TagRow(Row, table=True):
    """A tag that stands on an element; a lifted one is gone from here and stays in the audit. Numbers are used once."""

    __tablename__ = "aeip_tag"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    grid: str = Field(index=True)
    element: str
    kind: str
    person: str
    note: str = Field(sa_type=Text)
    at: str
