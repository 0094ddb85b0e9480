"""What the database itself refuses, whoever asks: connections of ours and a stranger's, without our settings, on both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from guardrails import audit
from guardrails.database import open_database

_COPY = "SELECT seq, at, event, proposal_id, 'mallory', payload, prev_hash, hash FROM aeip_audit WHERE seq = 6"
_INTO = "INTO aeip_audit (seq, at, event, proposal_id, person, payload, prev_hash, hash)"
_VALUES = "'2026-11-20', 'x', NULL, 'mallory', '{}'"
_NEXT = "(SELECT max(seq) + 1 FROM aeip_audit)"
_LAST_HASH = "(SELECT hash FROM aeip_audit ORDER BY seq DESC LIMIT 1)"

EVERYWHERE = {
    "update": "UPDATE aeip_audit SET person = 'mallory' WHERE seq = 6",
    "delete": "DELETE FROM aeip_audit WHERE seq = 6",
    "upsert": f"INSERT {_INTO} {_COPY} ON CONFLICT (seq) DO UPDATE SET person = 'mallory'",
    "a second row in the same place": f"INSERT {_INTO} {_COPY}",
    "a fork": f"INSERT {_INTO} SELECT {_NEXT}, {_VALUES}, prev_hash, 'f' FROM aeip_audit WHERE seq = 6",
    "a gap": f"INSERT {_INTO} VALUES (99, {_VALUES}, {_LAST_HASH}, 'f')",
    "a row before the first": f"INSERT {_INTO} VALUES (-1, {_VALUES}, 'e', 'f')",
    "a hash that exists": f"INSERT {_INTO} SELECT {_NEXT}, {_VALUES}, {_LAST_HASH}, hash FROM aeip_audit WHERE seq = 6",
    "the head set back": "UPDATE aeip_audit_head SET rows = 3",
    "the head deleted": "DELETE FROM aeip_audit_head",
    "a second head": "INSERT INTO aeip_audit_head (id, rows, hash) VALUES (2, 3, 'x')",
}
SQLITE = {
    "replace": f"INSERT OR REPLACE {_INTO} {_COPY}",
    "replace by its hash": f"REPLACE {_INTO} SELECT {_NEXT}, {_VALUES}, {_LAST_HASH}, hash FROM aeip_audit WHERE seq = 6",
    "ignore": f"INSERT OR IGNORE {_INTO} VALUES (99, {_VALUES}, {_LAST_HASH}, 'f')",
    "update or replace": "UPDATE OR REPLACE aeip_audit SET seq = 7 WHERE seq = 6",
    "the head replaced": "REPLACE INTO aeip_audit_head (id, rows, hash) VALUES (1, 3, 'x')",
}
POSTGRESQL = {
    "truncate": "TRUNCATE aeip_audit",
    "truncate by way of the proposals": "TRUNCATE aeip_proposal CASCADE",
    "truncate the head": "TRUNCATE aeip_audit_head",
    "merge": f"MERGE INTO aeip_audit a USING ({_COPY}) s ON a.seq = s.seq WHEN MATCHED THEN UPDATE SET person = 'mallory'",
}


@pytest.fixture
def told(room) -> Engine:
    """A ledger with 5 people, an executed and a rejected proposal: 13 rows."""
    room.carry_out(room.approve(room.submit()))
    room.reject(room.submit())
    return room.engine


@pytest.fixture
def refused(told: Engine, database_url: str) -> Callable[[str], str]:
    """Tries a statement on our connection and on a stranger's; gives what the database said, after proving that nothing changed."""

    def attempt(statement: str) -> str:
        stranger = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
        before = [event.hash for event in audit.export(told)]
        said = []
        for engine in (told, stranger):
            with pytest.raises(DBAPIError) as refusal, engine.begin() as connection:
                connection.execute(text(statement))
            said.append(str(refusal.value.orig))
        stranger.dispose()
        assert [event.hash for event in audit.export(told)] == before
        assert audit.verify(told).ok
        return said[0]

    return attempt


@pytest.mark.parametrize("name", EVERYWHERE)
def test_the_database_refuses(refused: Callable[[str], str], name: str) -> None:
    assert "append-only" in refused(EVERYWHERE[name])


@pytest.mark.parametrize("name", SQLITE)
def test_sqlite_s_own_ways_are_refused(told: Engine, refused: Callable[[str], str], name: str) -> None:
    """REPLACE removes the old row without running a DELETE trigger unless a connection asks for it: strangers do not ask."""
    if told.dialect.name != "sqlite":
        pytest.skip("SQLite's own words")
    assert "append-only" in refused(SQLITE[name])


@pytest.mark.parametrize("name", POSTGRESQL)
def test_postgresql_s_own_ways_are_refused(told: Engine, refused: Callable[[str], str], name: str) -> None:
    if told.dialect.name != "postgresql":
        pytest.skip("PostgreSQL's own words")
    assert "append-only" in refused(POSTGRESQL[name])


def test_a_proposal_with_a_history_stays(told: Engine) -> None:
    """By its foreign keys. SQLite lets a stranger switch those off: then the proof misses it, see the tests of tampering."""
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), told.begin() as connection:
        connection.execute(text("DELETE FROM aeip_proposal"))


def test_replace_runs_the_delete_triggers_of_every_table(told: Engine) -> None:
    """Our own SQLite connections ask for it."""
    if told.dialect.name != "sqlite":
        pytest.skip("SQLite's own setting")
    with told.connect() as connection:
        assert connection.execute(text("PRAGMA recursive_triggers")).scalar() == 1


def test_an_older_ledger_gets_the_triggers_when_it_is_opened(told: Engine, database_url: str) -> None:
    """They are made where they are missing, and the ledger goes on."""
    with told.begin() as connection:
        if told.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER aeip_audit_at_the_end"))
        else:
            connection.execute(text("DROP TRIGGER aeip_audit_at_the_end ON aeip_audit"))
    open_database(database_url).dispose()
    with pytest.raises(DBAPIError, match="continues the last one"), told.begin() as connection:
        connection.execute(text(EVERYWHERE["a gap"]))
