"""Does the stored chain hold? Row after row from the first, then what the stored head and a head kept elsewhere say of its end."""

from pydantic import ValidationError
from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from guardrails.audit_chain import GENESIS, AuditEvent, broken_link
from guardrails.tables import AuditHeadRow, AuditRow

PAGE = 500
Fault = tuple[int | None, str]  # the first row that does not hold (None: each does), and a sentence


def first_fault(session: Session, kept_head: str | None) -> tuple[int, str, Fault | None]:
    """Rows that hold counted from the first, the hash of the last of them, and the first fault."""
    rows, last, fault = _walk(session)
    return rows, last, fault or _head_fault(session, rows, last) or _beside(session, rows) or _forgotten(session, kept_head)


def page_after(session: Session, after: int, size: int) -> list[AuditEvent]:
    """The next rows, at most `size`. Raises ValidationError, DBAPIError or UnicodeError where one cannot be read."""
    found = session.exec(select(AuditRow).where(col(AuditRow.seq) > after).order_by(col(AuditRow.seq)).limit(size)).all()
    session.expunge_all()
    return [AuditEvent.model_validate(row) for row in found]


def _walk(session: Session) -> tuple[int, str, Fault | None]:
    """Rows that hold, the last hash, and the first fault as (seq, sentence)."""
    rows, last, size = 0, GENESIS, PAGE
    while True:
        try:
            page = page_after(session, rows, size)
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


def _head_fault(session: Session, rows: int, last: str) -> Fault | None:
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


def _beside(session: Session, rows: int) -> Fault | None:
    """Rows that the walk did not meet: numbered below 1, or with a number that another row has."""
    stored = session.exec(select(func.count()).select_from(AuditRow)).one()
    if stored == rows:
        return None
    return None, f"The audit holds {stored} rows, but its chain counts {rows}: the others do not belong to it."


def _forgotten(session: Session, kept_head: str | None) -> Fault | None:
    """Each hash stands for all rows up to its own, so that one kept elsewhere proves that they are still the same."""
    if kept_head in (None, GENESIS) or session.exec(select(AuditRow.seq).where(AuditRow.hash == kept_head)).first() is not None:
        return None
    return None, "The head kept elsewhere is not in this chain: rows that existed then were cut off or rewritten since."
