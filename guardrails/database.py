"""Open the ledger's database, SQLite or PostgreSQL, so that one writer at a time is a property of the database and not of our care.

SQLite: WAL, and every writing transaction begins IMMEDIATE. PostgreSQL: every writing transaction first locks the head of the audit chain.
Either way what a writer reads is what it decides on, and two writers queue instead of deadlocking.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, select

from guardrails.append_only import append_only
from guardrails.audit_chain import GENESIS
from guardrails.errors import LedgerUnreadable
from guardrails.tables import LEDGER, AuditHeadRow, SwitchRow

_WAIT_S = 30  # far above the few milliseconds a writer needs
_LOG = "aeip"  # the engine's name in the log
_SETUP_LOCK = 0xAE1B  # PostgreSQL: two processes that open a fresh database make the tables one after the other


def open_database(url: str) -> Engine:
    """The engine of a ledger, with its tables and triggers made where they are missing.

    url: `sqlite:///path/to/file` or `postgresql+psycopg://user@host/database`. Raises LedgerUnreadable.
    """
    parsed = _supported(url)
    engine = _engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with engine.execution_options(aeip_writes=True).begin() as connection:
            _set_up(connection)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        engine.dispose()
        raise _unreadable(parsed, error) from error
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session on one consistent snapshot; it never waits for a writer. Raises LedgerUnreadable."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    try:
        with Session(engine.execution_options(**options)) as session:
            yield session
    except DBAPIError as error:
        raise _unreadable(engine.url, error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction as the only writer: committed at the end, rolled back on any error. Raises LedgerUnreadable."""
    try:
        with Session(engine.execution_options(aeip_writes=True), expire_on_commit=False) as session, session.begin():
            head = session.exec(select(AuditHeadRow).where(AuditHeadRow.id == 1).with_for_update()).one_or_none()
            if head is None:
                raise LedgerUnreadable("The head of the audit chain is missing: nothing can be recorded; restore a backup.")
            yield session
    except DBAPIError as error:
        raise _unreadable(engine.url, error) from error


def _supported(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # a ValueError quotes what stands at the port's place, which may be half a password
        raise LedgerUnreadable("The database URL cannot be read; sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME works.") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite")
    if "@" in f"{parsed.host}{parsed.database}":  # the password was cut at its own '@', so its rest would be shown as a host
        raise LedgerUnreadable("The database URL holds more than one '@'; write the password's own '@', '/' and ':' as %40, %2F and %3A.")
    if backend != "postgresql":
        raise LedgerUnreadable(f"A ledger cannot live in '{_shown(parsed)}'; a SQLite file or a PostgreSQL database works.")
    return parsed.set(drivername="postgresql+psycopg")  # the only driver we install


def _engine(url: URL) -> Engine:
    """Its log tells statements, never what is written or read: SQLAlchemy would put password hashes into logs and errors."""
    try:
        engine = create_engine(url, hide_parameters=True, logging_name=_LOG)
    except (SQLAlchemyError, ValueError, TypeError) as error:
        raise _unreadable(url, error) from None
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOG}").addFilter(_without_rows)
    return engine


def _without_rows(record: logging.LogRecord) -> bool:
    """Rows are what SQLAlchemy logs below INFO, with all that they hold."""
    return record.levelno >= logging.INFO


def _shown(url: URL) -> str:
    """The URL without its password and without what follows '?', where a driver takes passwords, too."""
    return url.set(query={}).render_as_string(hide_password=True)


def _unreadable(url: URL, error: Exception) -> LedgerUnreadable:
    cause = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
    return LedgerUnreadable(f"The ledger {_shown(url)} cannot be used: {cause}. Restore a backup or name another with AEIP_DATABASE_URL.")


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout={_WAIT_S * 1000}").close()
    _into_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _into_wal(connection: sqlite3.Connection) -> None:
    """Two processes that turn a fresh file to WAL at once would deadlock, so SQLite refuses one of them without waiting: it tries again."""
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("aeip_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up(connection: Connection) -> None:
    """Tables, triggers and, in a fresh database only, the first rows: a lost head or switch must stay lost (fail closed)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SETUP_LOCK})
    fresh = not inspect(connection).has_table(str(AuditHeadRow.__tablename__))
    LEDGER.create_all(connection)
    for statement in append_only(connection.dialect.name):
        connection.execute(text(statement))
    if fresh:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            session.add(AuditHeadRow(id=1, rows=0, hash=GENESIS))
            session.add(SwitchRow(id=1, stopped=False, person="", reason=""))
            session.commit()
