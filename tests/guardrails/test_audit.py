"""The audit chain: it verifies, and whatever is changed behind its back is found and named."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from guardrails import audit
from guardrails.audit_chain import broken_link, link
from guardrails.database import reading, writing
from guardrails.errors import LedgerUnreadable
from guardrails.tables import AuditRow

Tamper = Callable[[str], None]
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def told(room) -> Engine:
    """A ledger with some history: 5 people, then 6 events of an executed proposal and 2 of a rejected one."""
    room.carry_out(room.approve(room.submit()))
    room.reject(room.submit())
    return room.engine


@pytest.fixture
def tamper(told: Engine) -> Tamper:
    """Runs a statement as somebody would who first removes the triggers."""

    def run(statement: str) -> None:
        with told.begin() as connection:
            _without_triggers(connection)
            connection.execute(text(statement))

    return run


def _without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in ("aeip_audit", "aeip_audit_head"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def test_an_honest_ledger_verifies(told: Engine) -> None:
    """Every row holds and every status follows from its events."""
    report = audit.verify(told)
    assert (report.ok, report.rows, report.first_broken_seq) == (True, 13, None)


def test_an_empty_ledger_verifies(engine: Engine) -> None:
    """Nothing happened yet, and nothing is wrong."""
    assert audit.verify(engine).ok


def test_the_export_stands_on_its_own(told: Engine) -> None:
    """The exported rows prove the chain without the database."""
    rows, head = 0, "0" * 64
    for event in audit.export(told):
        assert broken_link(event, rows, head) is None
        rows, head = event.seq, event.hash
    assert (rows, head) == (13, audit.verify(told).head)
    assert audit.head(told) == head


@pytest.mark.parametrize("column", ["person", "event", "at", "payload", "hash", "prev_hash"])
def test_a_flipped_byte_is_found_in_its_row(told: Engine, tamper: Tamper, column: str) -> None:
    """One changed character anywhere in a row, and that row is named."""
    tamper(f"UPDATE aeip_audit SET {column} = 'X' || substr({column}, 2) WHERE seq = 8")
    report = audit.verify(told)
    assert (report.ok, report.first_broken_seq, report.rows) == (False, 8, 7)
    assert "row 8" in report.explanation


def test_a_row_that_cannot_be_read_is_named(told: Engine, tamper: Tamper) -> None:
    """Bytes that are no text do not end the proof in a traceback."""
    if told.dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses such text itself")
    tamper("UPDATE aeip_audit SET payload = CAST(x'ff' || payload AS TEXT) WHERE seq = 9")
    assert audit.verify(told).first_broken_seq == 9


def test_a_rehashed_row_breaks_the_next_link(told: Engine, tamper: Tamper) -> None:
    """Who changes a row and fixes its hash breaks the row after it."""
    event = list(audit.export(told))[6].model_copy(update={"person": "mallory"})
    tamper(f"UPDATE aeip_audit SET person = 'mallory', hash = '{event.computed_hash}' WHERE seq = 7")
    assert audit.verify(told).first_broken_seq == 8


def test_a_row_taken_from_the_middle_is_missed(told: Engine, tamper: Tamper) -> None:
    """The first number without its row is named."""
    tamper("DELETE FROM aeip_audit WHERE seq = 6")
    assert audit.verify(told).first_broken_seq == 6


def test_a_cut_tail_is_found(told: Engine, tamper: Tamper) -> None:
    """The stored head remembers how long the chain was."""
    tamper("DELETE FROM aeip_audit WHERE seq > 11")
    report = audit.verify(told)
    assert (report.ok, report.first_broken_seq) == (False, 12)
    assert "11 rows are left of 13" in report.explanation


def test_a_rehashed_last_row_is_found(told: Engine, tamper: Tamper) -> None:
    """No link follows the last row, but the head knows its hash."""
    event = list(audit.export(told))[-1].model_copy(update={"person": "mallory"})
    tamper(f"UPDATE aeip_audit SET person = 'mallory', hash = '{event.computed_hash}' WHERE seq = 13")
    assert audit.verify(told).first_broken_seq == 13


def test_a_lost_head_is_found(told: Engine, tamper: Tamper) -> None:
    """Without its head the chain proves nothing about its end."""
    tamper("DELETE FROM aeip_audit_head")
    assert "head" in audit.verify(told).explanation


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE aeip_proposal SET status = 'approved' WHERE id = 2", "stored as approved, but its events make it rejected"),
        ("UPDATE aeip_proposal SET reason = 'other' WHERE id = 2", "content was changed"),
        ("UPDATE aeip_proposal SET requested_by = 'sue' WHERE id = 1", "content was changed"),
        ("UPDATE aeip_proposal SET verdict = replace(verdict, '6-12', '6-13') WHERE id = 1", "content was changed"),
        ("UPDATE aeip_proposal SET expires_at = '2027-01-01 00:00:00' WHERE id = 1", "expiry"),
        ("UPDATE aeip_decision SET person = 'sue' WHERE proposal_id = 1", "decisions"),
        ("DELETE FROM aeip_decision WHERE proposal_id = 1", "decisions"),
        ("UPDATE aeip_person SET role = 'supervisor' WHERE name = 'olga'", "role of olga"),
        ("INSERT INTO aeip_person (key, name, role) VALUES ('m', 'm', 'supervisor')", "role of m"),
        ("DELETE FROM aeip_switch", "kill switch"),
    ],
)
def test_a_table_that_contradicts_its_events_is_found(told: Engine, tamper: Tamper, statement: str, finding: str) -> None:
    """The chain is whole, but a table was changed without an event."""
    tamper(statement)
    report = audit.verify(told)
    assert (report.ok, report.first_broken_seq) == (False, None)
    assert finding in report.explanation


def test_two_rows_cannot_continue_the_same_row(told: Engine) -> None:
    """A fork is refused by the database itself."""
    last = list(audit.export(told))[-1]
    fork = link(last.seq, last.prev_hash, at=START, event="x", person="x", proposal_id=None, content={})
    with pytest.raises(LedgerUnreadable, match="continues the last one"), writing(told) as session:
        session.add(AuditRow.model_validate(fork))


def test_an_event_and_its_effect_are_one_transaction(room) -> None:
    """If the audit row cannot be written, the status does not change either."""
    proposal = room.submit()
    with room.engine.begin() as connection:  # the row that would come next is taken
        _without_triggers(connection)
        connection.execute(
            text("INSERT INTO aeip_audit (seq, at, event, person, payload, prev_hash, hash) VALUES (7, '', 'x', 'x', '{}', 'x', 'x')")
        )
    with pytest.raises(LedgerUnreadable):
        room.approve(proposal)
    assert room.ledger.get(1).status == "pending"
    assert room.ledger.get(1).decisions == ()


def test_foreign_keys_hold(told: Engine) -> None:
    """A proposal with a history cannot be deleted."""
    with pytest.raises(DBAPIError), told.begin() as connection:
        connection.execute(text("DELETE FROM aeip_proposal WHERE id = 1"))
    with reading(told) as session:
        assert session.exec(select(AuditRow).where(AuditRow.proposal_id == 1)).first() is not None
