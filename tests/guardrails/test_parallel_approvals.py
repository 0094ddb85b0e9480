"""Many people and processes at once: one proposal, one decision, one execution."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine

from evals.doubles.clock import START
from evals.doubles.contenders import LOST, Contest, approving, claiming, contend, deciding, leasing
from evals.doubles.mortal_owner import Site, gate_on
from grid_models.actions import Action
from grid_models.twin.profiles import Grid
from guardrails import audit, people
from guardrails.database import open_database
from guardrails.errors import ProposalNotPending
from guardrails.execution import carry_out
from guardrails.ledger import Ledger
from guardrails.people import Person, Role
from guardrails.proposals import Proposal
from guardrails.transitions import Status

SHUNT = Action(kind="set_shunt", element="T Shunt 1", step=0)
SHED = Action(kind="shed_load", element="T Load 1", p_mw=5.0)
MANY = 32


@pytest.fixture
def site(engine: Engine, database_url: str, tmp_path: Path, training: Grid) -> Site:
    """The training grid with proposal 1 of olga's pending; everybody else is a supervisor."""
    people.add(engine, "olga", Role.OPERATOR, by="ada", now=START)
    for name in names("approve", "reject"):
        people.add(engine, name, Role.SUPERVISOR, by="ada", now=START)
    return Site(database_url, tmp_path, training)


def names(*verbs: str) -> list[str]:
    """32 for each verb: what they are going to do."""
    return [f"{verb}-{i}" for verb in verbs for i in range(MANY)]


def told(answers: Counter[str]) -> str:
    """The counts in words."""
    return ", ".join(f"{times} {answer}" for answer, times in sorted(answers.items()))


def submit(engine: Engine, site: Site, action: Action = SHUNT) -> Proposal:
    """Proposal 1, checked by the gate."""
    verdict = gate_on(START.date()).check(site.grid.state_at(), [action], "maintenance")
    return Ledger(engine, lambda: START).submit(verdict, "maintenance", "olga")


def approve(engine: Engine, proposal: Proposal, name: str) -> Proposal:
    """By one of the supervisors."""
    person = Person(name=name, role=Role.SUPERVISOR)
    return Ledger(engine, lambda: START).decide(proposal.id, person, "approve", proposal.verdict_hash, "", proposal.elements[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contest", "winner"),
    [(claiming, "executed"), (approving, "executed"), (leasing, "owner")],
    ids=["claim", "approve and carry out", "lease"],
)
def test_one_winner_of_32_processes(engine: Engine, site: Site, contest: Contest, winner: str, report_count: Callable[[str], None]) -> None:
    """All on connections of their own at the same moment; the plant hears one command at most."""
    proposal = submit(engine, site)
    if contest is claiming:
        approve(engine, proposal, "approve-0")
    answers = contend(site, START, contest, names("approve"))
    assert answers == {winner: 1, LOST: MANY - 1}
    assert len(site.commands) == (winner == "executed")
    assert len(Ledger(engine, lambda: START).get(1).decisions) == (contest is not leasing)
    assert audit.verify(engine).ok
    report_count(f"{told(answers)}; {len(site.commands)} commands at the plant")


@pytest.mark.slow
def test_32_processes_that_want_different_ends(engine: Engine, site: Site, report_count: Callable[[str], None]) -> None:
    """Eight each approve, reject, withdraw and let expire: one of them all decides, and the record says the same.

    What was approved may still expire before anybody carries it out: the one case with a second answer.
    """
    submit(engine, site)
    answers = contend(site, START, deciding, [f"{verb}-{i}" for i in range(8) for verb in ("approve", "reject", "withdraw", "expire")])
    decided = {answer: count for answer, count in answers.items() if answer != LOST}
    assert answers.total() == MANY
    assert list(decided.values()) == [1] or decided == {Status.APPROVED: 1, Status.EXPIRED: 1}, answers
    last = Status.EXPIRED if Status.EXPIRED in decided else next(iter(decided))
    assert Ledger(engine, lambda: START).get(1).status == last
    assert audit.verify(engine).ok
    report_count(told(answers))


@pytest.mark.slow
def test_32_approvers_of_a_critical_change(engine: Engine, site: Site, report_count: Callable[[str], None]) -> None:
    """Exactly two of them count, the second of whom approves it."""
    assert submit(engine, site, SHED).critical
    answers = contend(site, START, deciding, names("approve"))
    assert answers == {"pending": 1, "approved": 1, LOST: MANY - 2}
    assert len(set(Ledger(engine, lambda: START).get(1).approvers)) == 2
    assert audit.verify(engine).ok
    report_count(told(answers))


def test_32_threads_approve_and_execute_once(room, database_url: str) -> None:
    """32 supervisors approve and carry out at the same moment, each on a connection of their own."""
    proposal = room.submit()
    for i in range(MANY):
        people.add(room.engine, f"sup{i}", Role.SUPERVISOR, by="ada", now=room.clock())
    start = Barrier(MANY)

    def decide_and_carry_out(i: int) -> str:
        engine = open_database(database_url)
        ledger = Ledger(engine, room.clock)
        start.wait()
        try:
            approved = ledger.decide(proposal.id, Person(name=f"sup{i}", role=Role.SUPERVISOR), "approve", proposal.verdict_hash, "")
            return carry_out(ledger, approved.id, room.check, room.plant).status
        except ProposalNotPending:
            return "lost"
        finally:
            engine.dispose()

    with ThreadPoolExecutor(MANY) as pool:
        results = list(pool.map(decide_and_carry_out, range(MANY)))
    assert sorted(results) == ["executed"] + ["lost"] * (MANY - 1)
    assert len(room.plant.executed) == 1
    assert len(room.ledger.get(1).decisions) == 1
    assert audit.verify(room.engine).ok


def test_parallel_owners_execute_an_approved_proposal_once(room) -> None:
    """32 owners that all believe to own the plant: one claim."""
    approved = room.approve(room.submit())

    def claim(_: int) -> str:
        try:
            return room.carry_out(approved).status
        except ProposalNotPending:
            return "lost"

    with ThreadPoolExecutor(MANY) as pool:
        results = list(pool.map(claim, range(MANY)))
    assert sorted(results) == ["executed"] + ["lost"] * (MANY - 1)
    assert len(room.plant.executed) == 1


def test_two_approvers_of_a_critical_change_at_once(room, finding) -> None:
    """Both approvals count, neither is lost, and there is one chain of events."""
    proposal = room.submit(finding(critical=True))
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda name: room.approve(proposal, by=name, typed_name="Line 6-12 (1)").status, ["sam", "sue"]))
    assert sorted(found) == ["approved", "pending"]
    assert set(room.ledger.get(1).approvers) == {"sam", "sue"}
    assert audit.verify(room.engine).ok


def test_many_writers_make_one_chain(room) -> None:
    """Eight threads submit and withdraw; the audit neither forks nor loses a row."""

    def work(i: int) -> None:
        for _ in range(5):
            room.ledger.withdraw(room.submit().id, room.person("olga"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    report = audit.verify(room.engine)
    assert (report.ok, report.rows) == (True, 5 + 80)
