"""The audit: append an event in the transaction that causes it, prove the whole chain, export it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from guardrails.audit_chain import GENESIS, AuditEvent, broken_link, link
from guardrails.audit_facts import contradiction
from guardrails.database import reading
from guardrails.errors import LedgerUnreadable
from guardrails.tables import AuditHeadRow, AuditRow

_PAGE = 500
_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


class AuditReport(BaseModel):
    """What `verify` found. `first_broken_seq` is None where the chain holds but a table contradicts it."""

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


def verify(engine: Engine) -> AuditReport:
    """Prove the chain from its first row, its stored head, and that every table says what its events say. Raises LedgerUnreadable."""
    with reading(engine) as session:
        rows, last, fault = _walk(session)
        if fault is None:
            fault = _head_fault(session, rows, last)
        if fault is not None:
            return AuditReport(ok=False, rows=rows, first_broken_seq=fault[0], explanation=fault[1], head=last)
        against = contradiction(session)
    if against is not None:
        return AuditReport(ok=False, rows=rows, first_broken_seq=None, explanation=against, head=last)
    return AuditReport(ok=True, rows=rows, first_broken_seq=None, explanation=f"All {rows} rows hold and every status follows.", head=last)


def _walk(session: Session) -> tuple[int, str, tuple[int, str] | None]:
    """Rows that hold, the last hash, and the first fault as (seq, sentence)."""
    rows, last, size = 0, GENESIS, _PAGE
    while True:
        try:
            page = _page(session, rows, size)
        except (DBAPIError, ValidationError, UnicodeError):
            if size == 1:
                return rows, last, (rows + 1, f"Row {rows + 1} cannot be read.")
            size = 1  # one by one, to name the row
            continue
        if not page:
            return rows, last, None
        for event in page:
            why = broken_link(event, rows, last)
            if why is not None:
                return rows, last, (rows + 1, f"The audit chain is broken: {why}.")
            rows, last = event.seq, event.hash


def _head_fault(session: Session, rows: int, last: str) -> tuple[int, str] | None:
    stored = session.get(AuditHeadRow, 1)
    if stored is None:
        return rows + 1, "The stored head of the audit chain is missing."
    if stored.rows > rows:
        return rows + 1, f"The audit chain is cut: {rows} rows are left of {stored.rows}."
    if stored.rows < rows:
        return stored.rows + 1, f"The audit chain has {rows} rows, but only {stored.rows} were ever recorded."
    if stored.hash != last:
        return rows, "The last audit row is not the one the stored head names."
    return None


def _page(session: Session, after: int, size: int) -> list[AuditEvent]:
    found = session.exec(select(AuditRow).where(col(AuditRow.seq) > after).order_by(col(AuditRow.seq)).limit(size)).all()
    session.expunge_all()
    return [AuditEvent.model_validate(row) for row in found]


def _next_page(engine: Engine, after: int) -> list[AuditEvent]:
    try:
        with reading(engine) as session:
            return _page(session, after, _PAGE)
    except ValidationError as error:
        raise LedgerUnreadable(f"An audit row after {after} cannot be read; `aeip audit verify` names it.") from error
