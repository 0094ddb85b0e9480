"""A control room in miniature: a ledger on SQLite or PostgreSQL, people, a clock, and a plant that counts what it was told."""

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandapower.networks
import pytest
from sqlalchemy import Engine, create_engine, text

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.intake.net import model_from_net
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState
from guardrails import people
from guardrails.database import open_database
from guardrails.execution import carry_out
from guardrails.ledger import Ledger
from guardrails.people import Person, Role
from guardrails.proposals import Proposal
from guardrails.touched import touched_by
from guardrails.verdict import Verdict

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OPEN = Action(kind="open", element="Line 6-12 (1)")
STAFF = {"olga": Role.OPERATOR, "sam": Role.SUPERVISOR, "sue": Role.SUPERVISOR, "vera": Role.VIEWER, "ada": Role.ADMINISTRATOR}


@dataclass
class Clock:
    """Wall time that moves only when told."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **interval: float) -> None:
        self.at += timedelta(**interval)


@dataclass
class CountingPlant:
    """Carries out what it is told and remembers it. `before_execute` may raise; `deaf` accepts commands and does nothing."""

    model: GridModel
    state: GridState
    executed: list[tuple[Action, str]] = field(default_factory=list)
    before_execute: Callable[[Action], None] = lambda action: None
    deaf: bool = False

    def observe(self) -> GridState:
        return self.state

    def execute(self, action: Action, key: str) -> None:
        self.before_execute(action)
        if key in (known for _, known in self.executed):
            return
        self.executed.append((action, key))
        if not self.deaf:
            self.state = self.state.apply([action])


def clause(rule: str = "branch-loading", outcome: str = "pass", margin: float | None = 20.0, **fields: object) -> ClauseResult:
    """One finding: a loading with its margin to 100 percent."""
    numbers = {} if margin is None else {"value": 100.0 - margin, "limit": 100.0, "margin": margin, "unit": "percent"}
    defaults = {"clause": "demo 1", "requirement": "stay below", "explanation": f"{rule}: {outcome}", "element": "Line 1-2 (1)"}
    return ClauseResult.model_validate({"rule": rule, "outcome": Outcome(outcome), **defaults, **numbers, **fields})


def verdict(*clauses: ClauseResult, actions: Sequence[Action] = (OPEN,), grid: str = "case14", **fields: object) -> Verdict:
    """What a gate would say; one passing clause when none is given."""
    found = {"grid": grid, "state_id": "0" * 16, "plant_time": START.isoformat(), "actions": tuple(actions)}
    return Verdict.model_validate({**found, "clauses": clauses or (clause(),), **fields})


@dataclass
class Room:
    """One control room."""

    engine: Engine
    clock: Clock
    plant: CountingPlant
    checked: list[Verdict] = field(default_factory=list)
    now_found: tuple[ClauseResult, ...] = ()

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.engine, self.clock)

    def again(self, engine: Engine) -> "Room":
        """The same room as it was in the beginning, on another ledger."""
        return Room(engine, Clock(), CountingPlant(self.plant.model, GridState.at_start(self.plant.model)))

    def person(self, name: str) -> Person:
        return Person(name=name, role=STAFF.get(name, Role.OPERATOR))

    def submit(self, *clauses: ClauseResult, by: str = "olga", actions: Sequence[Action] = (OPEN,), **fields: object) -> Proposal:
        touched = touched_by(self.plant.model, actions)
        return self.ledger.submit(verdict(*clauses, actions=actions, **fields), "maintenance", by, touched=touched)

    def approve(self, proposal: Proposal, by: str = "sam", **fields: str) -> Proposal:
        return self.ledger.decide(proposal.id, self.person(by), "approve", proposal.verdict_hash, "fine", **fields)

    def reject(self, proposal: Proposal, by: str = "sam") -> Proposal:
        return self.ledger.decide(proposal.id, self.person(by), "reject", proposal.verdict_hash, "not now")

    def check(self, state: GridState, actions: Sequence[Action], reason: str) -> Verdict:
        """The gate of now: `now_found`, or what a fresh `submit()` would show."""
        found = verdict(*self.now_found, actions=actions, state_id=state.state_id)
        self.checked.append(found)
        return found

    def carry_out(self, proposal: Proposal) -> Proposal:
        return carry_out(self.ledger, proposal.id, self.check, self.plant)


@pytest.fixture(scope="session")
def model() -> GridModel:
    """IEEE 14 buses."""
    return model_from_net(pandapower.networks.case14(), "case14")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own for each test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    server = os.environ.get("AEIP_TEST_POSTGRES_URL")
    if not server:
        pytest.skip("AEIP_TEST_POSTGRES_URL names no PostgreSQL server")
    schema = f"aeip_test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{schema}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A fresh ledger."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def open_room(model: GridModel) -> Callable[[Engine], Room]:
    """Makes a control room on a ledger, with its staff."""

    def make(engine: Engine) -> Room:
        for name, role in STAFF.items():
            people.add(engine, name, role, by="ada", now=START)
        return Room(engine, Clock(), CountingPlant(model, GridState.at_start(model)))

    return make


@pytest.fixture
def room(engine: Engine, open_room: Callable[[Engine], Room]) -> Room:
    """One control room."""
    return open_room(engine)


@pytest.fixture
def finding() -> Callable[..., ClauseResult]:
    """`clause`, for tests: pytest gives a conftest no importable name."""
    return clause


@pytest.fixture
def judged() -> Callable[..., Verdict]:
    """`verdict`, for tests."""
    return verdict
