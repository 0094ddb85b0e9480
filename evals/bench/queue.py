"""How long does a page of the approval queue take among 500 proposals, listed and filtered, and on which database?"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine, text

from agent.app import App, utc_now
from evals.bench.row import Row, processor_seconds, seconds
from grid_models.actions import Action, ActionKind
from grid_models.contingency.outages import OutageKind, single_outages
from guardrails.database import open_database
from guardrails.ledger import Ledger
from guardrails.people import LOCAL
from guardrails.proposal_search import Wanted
from guardrails.transitions import Status

_PROPOSALS = 500
_TIMES = 20
_PAGE = 50  # what `Ledger.page` gives unless asked for more


def queue_times(app: App) -> list[Row]:
    """On SQLite, and on PostgreSQL where AEIP_TEST_POSTGRES_URL names a server."""
    with TemporaryDirectory(prefix="aeip-queue-") as folder:
        engine = open_database(f"sqlite:///{folder}/aeip.db")
        rows = _rows(app, Ledger(engine, utc_now), "SQLite")
        engine.dispose()
    server = os.environ.get("AEIP_TEST_POSTGRES_URL")
    if server:
        with _schema(server) as engine:
            rows += _rows(app, Ledger(engine, utc_now), "PostgreSQL")
    return rows


def _rows(app: App, ledger: Ledger, database: str) -> list[Row]:
    names = _fill(app, ledger)
    one = ledger.page(limit=1).proposals[0]
    asked = {
        "all": Wanted(),
        "by status": Wanted(statuses=(Status.PENDING,)),
        "by text": Wanted(text=names[0]),
        "by grid, person, text": Wanted(grid=one.grid, person=LOCAL.name, text=names[0]),
    }
    how = f"page of {_PAGE} and total of {_PROPOSALS} proposals with {len(one.verdict.clauses)} clauses; p50 of {_TIMES}"
    rows = [Row(f"queue {database}: {name}", _usual(partial(ledger.page, wanted, _PAGE)), "ms", how) for name, wanted in asked.items()]
    own = Row(f"queue {database}: all, processor time", _usual(partial(ledger.page, Wanted(), _PAGE), processor_seconds), "ms", how)
    whole = f"one page of all {_PROPOSALS}, every verdict read and proved; p50 of {_TIMES}"
    return [*rows, own, Row(f"queue {database}: all in one page", _usual(partial(ledger.page, Wanted(), _PROPOSALS)), "ms", whole)]


def _usual(work: Callable[[], object], timed: Callable[[Callable[[], object]], float] = seconds) -> float:
    return median(timed(work) for _ in range(_TIMES)) * 1e3


def _fill(app: App, ledger: Ledger) -> list[str]:
    """One real verdict, stored for different lines: what is measured is the ledger, not the gate."""
    state = app.grid().state_at()
    names = [e.name for e in single_outages(state) if e.kind is OutageKind.LINE]
    verdict = app.gate().check(state, [Action(kind=ActionKind.OPEN, element="HV1 Line 14")], "bench")
    for i in range(_PROPOSALS):
        actions = (Action(kind=ActionKind.OPEN, element=names[i % len(names)]),)
        ledger.submit(verdict.model_copy(update={"actions": actions}), f"bench {i}", LOCAL.name)
    return names


@contextmanager
def _schema(server: str) -> Iterator[Engine]:
    """A schema of its own, gone afterwards."""
    name = f"aeip_bench_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine = open_database(f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}")
    try:
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        admin.dispose()
