"""Many people and processes at once: one proposal, one decision, one execution."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from guardrails import audit, people
from guardrails.database import open_database
from guardrails.errors import ProposalNotPending
from guardrails.execution import carry_out
from guardrails.ledger import Ledger
from guardrails.people import Person, Role


def test_twenty_parallel_approvals_execute_once(room, database_url: str) -> None:
    """Twenty supervisors approve and carry out at the same moment, each on a connection of their own."""
    proposal = room.submit()
    for i in range(20):
        people.add(room.engine, f"sup{i}", Role.SUPERVISOR, by="ada", now=room.clock())
    start = Barrier(20)

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

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(decide_and_carry_out, range(20)))
    assert sorted(results) == ["executed"] + ["lost"] * 19
    assert len(room.plant.executed) == 1
    assert len(room.ledger.get(1).decisions) == 1
    assert audit.verify(room.engine).ok


def test_parallel_owners_execute_an_approved_proposal_once(room) -> None:
    """Ten owners that all believe to own the plant: one claim."""
    approved = room.approve(room.submit())

    def claim(_: int) -> str:
        try:
            return room.carry_out(approved).status
        except ProposalNotPending:
            return "lost"

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(claim, range(10)))
    assert sorted(results) == ["executed"] + ["lost"] * 9
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
