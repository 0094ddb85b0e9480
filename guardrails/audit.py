"""The audit: append an event in the transaction that causes it, prove the whole chain, export it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from guardrails.audit_chain import GENESIS, AuditEvent, link
from guardrails.audit_facts import contradiction
from guardrails.audit_steps import execution_contradiction
from guardrails.audit_walk import PAGE, first_fault, page_after
from guardrails.database import reading
from guardrails.errors import LedgerUnreadable
from guardrails.tables import AuditHeadRow, AuditRow

_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


class AuditReport(BaseModel):
    """What `verify` found. `first_broken_seq` is None where each row holds, but a table or a head kept elsewhere contradicts the chain."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    rows: int = Field(description="rows that hold, counted from the first")
    first_broken_seq: int | None
    explanation: str
    head: str = Field(description="hash of the last row that holds; keep it elsewhere to prove later that nothing was rewritten")


def append(
    session: Session, event: str, *, person: str, at: datetime, proposal_id: int | None = None, content: Mapping[str, JsonValue] = _NOTHING
) -> None:
    """Add one row inside the caller's writing transaction: what it records happens with it or not at all."""
    stored = session.get_one(AuditHeadRow, 1)
    added = link(stored.rows, stored.hash, at=at, event=event, person=person, proposal_id=proposal_id, content=content)
    session.add(AuditRow.model_validate(added))
    stored.rows, stored.hash = added.seq, added.hash
    session.flush()


def export(engine: Engine) -> Iterator[AuditEvent]:
    """Every row in order. A slow reader holds no lock: rows never change, so that pages read one by one fit. Raises LedgerUnreadable."""
    seq = 0
    while page := _next_page(engine, seq):
        yield from page
        seq = page[-1].seq


def head(engine: Engine) -> str:
    """Hash of the last row: it changes whenever the ledger does. Raises LedgerUnreadable."""
    with reading(engine) as session:
        found = session.get(AuditHeadRow, 1)
        return GENESIS if found is None else found.hash


def verify(engine: Engine, kept_head: str | None = None) -> AuditReport:
    """Prove the chain from its first row, its stored head, and that every table says what its events say. Raises LedgerUnreadable.

    kept_head: a head that an earlier report gave, kept where the owner of this database cannot change it; it must still be in the chain.
    Without one, a chain that was cut or rewritten together with its stored head and the tables that depend on it looks whole.
    """
    with reading(engine) as session:
        rows, last, fault = first_fault(session, kept_head)
        if fault is None and (against := _contradiction(session)) is not None:
            fault = None, against
    if fault is not None:
        return AuditReport(ok=False, rows=rows, first_broken_seq=fault[0], explanation=fault[1], head=last)
    return AuditReport(ok=True, rows=rows, first_broken_seq=None, explanation=f"All {rows} rows hold and every status follows.", head=last)


def _contradiction(session: Session) -> str | None:
    try:
        return contradiction(session) or execution_contradiction(session)
    except (ValueError, TypeError, KeyError) as error:  # a value that no longer reads as a time, a role or a document
        return f"A table beside the audit cannot be read ({error}); restore a backup."


def _next_page(engine: Engine, after: int) -> list[AuditEvent]:
    try:
        with reading(engine) as session:
            return page_after(session, after, PAGE)
    except ValidationError as error:
        raise LedgerUnreadable(f"An audit row after {after} cannot be read; `aeip audit verify` names it.") from error
