"""Opening the ledger: what can be opened, what cannot is one sentence, and the audit refuses changes by itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from guardrails.database import open_database, reading, writing
from guardrails.errors import LedgerUnreadable
from guardrails.tables import LEDGER, AuditHeadRow, SwitchRow


def test_opening_again_keeps_what_is_there(room, database_url: str) -> None:
    """A restart finds the same proposals, and makes no second head or switch."""
    room.submit()
    again = open_database(database_url)
    with reading(again) as session:
        assert len(session.exec(select(AuditHeadRow)).all()) == 1
        assert len(session.exec(select(SwitchRow)).all()) == 1
    assert room.ledger.get(1).requested_by == "olga"
    again.dispose()


def test_all_tables_carry_the_prefix(engine: Engine, database_url: str) -> None:
    """Other programs' tables in the same database are not confused with ours."""
    catalogue = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    if engine.dialect.name == "postgresql":
        catalogue = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    with engine.connect() as connection:
        names = connection.execute(text(catalogue)).scalars().all()
    assert set(names) == set(LEDGER.tables)
    assert all(name.startswith("aeip_") for name in names)


@pytest.mark.parametrize("statement", ["UPDATE aeip_audit SET person = 'x'", "DELETE FROM aeip_audit"])
def test_the_audit_is_append_only_in_the_database(room, statement: str) -> None:
    """A trigger refuses changes, whoever sends them."""
    with pytest.raises(DBAPIError, match="append-only"), room.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_step_key_is_unique(room) -> None:
    """The same command cannot be started twice, even by hand."""
    room.carry_out(room.approve(room.submit()))
    copy = "INSERT INTO aeip_step (id, proposal_id, index_, key, status, expected, note, started_at) "
    copy = copy.replace("index_", '"index"') + 'SELECT 99, proposal_id, "index", key, status, expected, note, started_at FROM aeip_step'
    with pytest.raises(DBAPIError, match=r"(?i)unique"), room.engine.begin() as connection:
        connection.execute(text(copy))


def test_a_failed_transaction_leaves_nothing(room) -> None:
    """An error inside a writing transaction takes everything back."""

    def stop_and_fail() -> None:
        with writing(room.engine) as session:
            session.merge(SwitchRow(id=1, stopped=True, person="x", reason="x"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_and_fail()
    with reading(room.engine) as session:
        assert not session.get_one(SwitchRow, 1).stopped


def test_without_the_chain_head_nothing_is_written(room) -> None:
    """A lost head stays lost: no write goes on without it, also after reopening."""
    with room.engine.begin() as connection:
        connection.execute(text("DELETE FROM aeip_audit_head"))
    with pytest.raises(LedgerUnreadable, match="head of the audit chain"):
        room.submit()


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    """What is no database is refused with a way out, not with a traceback."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(LedgerUnreadable, match=r"not a database\. Restore a backup"):
        open_database(f"sqlite:///{path}")


def test_a_file_damaged_while_running_is_one_sentence(tmp_path: Path) -> None:
    """Damage found after opening is reported in the same way."""
    path = tmp_path / "ledger.sqlite"
    engine = open_database(f"sqlite:///{path}")
    engine.dispose()
    for side in tmp_path.glob("ledger.sqlite-*"):
        side.unlink()
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(LedgerUnreadable, match="cannot be used"), reading(engine) as session:
        session.get(SwitchRow, 1)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://host/db",
        "nonsense",
        "sqlite:////nowhere/at/all.db",
        "postgresql://u:secret@127.0.0.1:1/d",
    ],
)
def test_an_impossible_address_is_one_sentence(url: str) -> None:
    """Memory, other databases, missing folders and silent servers; no password is shown."""
    with pytest.raises(LedgerUnreadable) as caught:
        open_database(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.slow
def test_processes_open_a_fresh_ledger_together(database_url: str) -> None:
    """Four processes that start at once make one set of tables and all work."""
    code = f"from guardrails.database import open_database; open_database({database_url!r})"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 4
