"""The ledger: what reaches the queue, who decides, once, in time, on what they saw."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from guardrails import audit, kill_switch
from guardrails.errors import (
    ConfirmationMissing,
    InvalidRule,
    LedgerUnreadable,
    NotAuthorised,
    ProposalNotFound,
    ProposalNotPending,
    ProposalStale,
    WritesStopped,
)
from guardrails.transitions import Status


def test_a_checked_proposal_waits_for_a_decision(room) -> None:
    """It keeps all that a card shows, and expires after fifteen minutes."""
    proposal = room.submit()
    assert (proposal.status, proposal.requested_by, proposal.approvals_missing) == ("pending", "olga", 1)
    assert proposal.expires_at - proposal.created_at == timedelta(minutes=15)
    assert proposal.words() == "open Line 6-12 (1)"
    assert room.ledger.get(proposal.id) == proposal


@pytest.mark.parametrize("outcome", ["fail", "not checkable"])
def test_a_blocked_proposal_never_reaches_the_queue(room, finding, outcome: str) -> None:
    """It is stored and audited, and nobody can approve it."""
    proposal = room.submit(finding(outcome=outcome))
    assert proposal.status == "blocked"
    assert room.ledger.list(Status.PENDING) == ()
    with pytest.raises(ProposalNotPending, match="blocked"):
        room.approve(proposal)
    assert [e.event for e in audit.export(room.engine)][-1] == "blocked"


def test_who_may_not_propose_is_refused(room) -> None:
    """Viewers and unknown people; nothing is stored."""
    for name in ("vera", "nobody"):
        with pytest.raises(NotAuthorised, match=name):
            room.submit(by=name)
    assert room.ledger.list() == ()
    assert room.submit(by="local").requested_by == "local"


def test_what_no_plant_can_do_is_refused(room, judged) -> None:
    """An empty list, a what-if action, and a verdict in which nothing was checked."""
    scale = Action(kind="scale", group="loads", factor=2.0)
    for actions in ((), (scale,)):
        with pytest.raises(InvalidAction):
            room.submit(actions=actions)
    with pytest.raises(InvalidRule, match="nothing was checked"):
        room.ledger.submit(judged().model_copy(update={"clauses": ()}), "x", "olga")


def test_a_different_supervisor_approves(room) -> None:
    """The decision is recorded with name, reason and time."""
    approved = room.approve(room.submit())
    assert (approved.status, approved.approvers) == ("approved", ("sam",))
    assert approved.decisions[0].at == room.clock()


@pytest.mark.parametrize(("by", "who"), [("sam", "sam"), ("SAM", "sam"), ("olga", "olga"), ("local", "local")])
def test_nobody_decides_on_their_own_proposal(room, by: str, who: str) -> None:
    """Neither approve nor reject; the attempt is audited and the proposal stays pending."""
    proposal = room.submit(by=who)
    for decide in (room.approve, room.reject):
        with pytest.raises(NotAuthorised):
            decide(proposal, by=by)
    assert room.ledger.get(proposal.id).status == "pending"
    assert [e.event for e in audit.export(room.engine)][-2:] == ["decision refused"] * 2
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize("name", ["vera", "ada", "nobody", "local"])
def test_who_has_no_authority_cannot_decide(room, name: str) -> None:
    """Whatever role the caller claims: rights are read from the ledger."""
    claimed = room.person("sam").model_copy(update={"name": name})
    proposal = room.submit()
    with pytest.raises(NotAuthorised):
        room.ledger.decide(proposal.id, claimed, "approve", proposal.verdict_hash, "")
    assert room.ledger.get(1).status == "pending"


def test_a_decision_is_single_use(room) -> None:
    """The second one is told what became of the proposal."""
    proposal = room.submit()
    room.approve(proposal)
    with pytest.raises(ProposalNotPending, match="it is approved"):
        room.reject(proposal, by="sue")
    with pytest.raises(ProposalNotPending, match="it is approved"):
        room.approve(proposal, by="sue")


def test_a_rejection_needs_its_reason(room) -> None:
    """The person who asked must learn why."""
    proposal = room.submit()
    with pytest.raises(ConfirmationMissing, match="reason"):
        room.ledger.decide(proposal.id, room.person("sam"), "reject", proposal.verdict_hash, "  ")
    assert room.reject(proposal).status == "rejected"


def test_a_decision_on_another_verdict_is_refused(room) -> None:
    """Who saw something else than what is stored has decided on something else."""
    proposal = room.submit()
    with pytest.raises(ProposalStale, match="open its card again"):
        room.ledger.decide(proposal.id, room.person("sam"), "approve", "0" * 64, "")
    assert room.ledger.get(1).status == "pending"


def test_an_unknown_number_is_refused(room) -> None:
    """With the command that shows the known ones."""
    for number in (7, 0, -1, 2**70):
        with pytest.raises(ProposalNotFound, match="proposals list"):
            room.ledger.get(number)


def test_time_runs_out(room) -> None:
    """A pending proposal read after its time is expired, and cannot be decided."""
    proposal = room.submit()
    room.clock.advance(minutes=14, seconds=59)
    assert room.ledger.get(1).status == "pending"
    room.clock.advance(seconds=1)
    with pytest.raises(ProposalNotPending, match="it is expired"):
        room.approve(proposal)
    assert room.ledger.get(1).status == "expired"
    assert room.ledger.list(Status.PENDING) == ()
    assert audit.verify(room.engine).ok


def test_expiry_is_read_inside_the_decision(room) -> None:
    """A proposal that runs out between the look and the click is not approved."""
    proposal = room.submit()
    ticks = iter([room.clock(), room.clock() + timedelta(minutes=15)])
    late = type(room.ledger)(room.engine, lambda: next(ticks))
    with pytest.raises(ProposalNotPending, match="it is expired"):
        late.decide(proposal.id, room.person("sam"), "approve", proposal.verdict_hash, "")


def test_an_approval_that_no_owner_carries_out_expires(room) -> None:
    """It does not wait for a plant that comes back hours later."""
    room.approve(room.submit())
    room.clock.advance(minutes=16)
    assert room.ledger.get(1).status == "expired"


def test_an_approval_in_the_last_second_is_still_carried_out(room) -> None:
    """The owner gets two minutes from the approval on."""
    proposal = room.submit()
    room.clock.advance(minutes=14, seconds=59)
    approved = room.approve(proposal)
    room.clock.advance(seconds=90)
    assert room.carry_out(approved).status == "executed"
    assert audit.verify(room.engine).ok


def test_expire_due_names_what_expired(room) -> None:
    """And does nothing the second time."""
    room.submit()
    room.clock.advance(minutes=20)
    assert room.ledger.expire_due(room.clock()) == (1,)
    assert room.ledger.expire_due(room.clock()) == ()


def test_the_requester_withdraws(room) -> None:
    """Nobody else does, and only while it is pending."""
    proposal = room.submit()
    with pytest.raises(NotAuthorised):
        room.ledger.withdraw(proposal.id, room.person("sam"))
    assert room.ledger.withdraw(proposal.id, room.person("olga")).status == "withdrawn"
    with pytest.raises(ProposalNotPending, match="withdrawn"):
        room.ledger.withdraw(proposal.id, room.person("olga"))


def test_a_critical_change_needs_two_people_and_the_name(room, finding) -> None:
    """The first approval leaves it pending; the same person cannot give the second."""
    proposal = room.submit(finding(critical=True))
    with pytest.raises(ConfirmationMissing, match=r"type 'Line 6-12 \(1\)'"):
        room.approve(proposal, typed_name="Line 6-13 (1)")
    first = room.approve(proposal, typed_name=" line 6-12  (1)")
    assert (first.status, first.approvals_missing) == ("pending", 1)
    with pytest.raises(NotAuthorised, match="second, different supervisor"):
        room.approve(first, typed_name="Line 6-12 (1)")
    second = room.approve(first, by="sue", typed_name="Line 6-12 (1)")
    assert (second.status, second.approvers) == ("approved", ("sam", "sue"))
    assert audit.verify(room.engine).ok


def test_a_second_supervisor_may_reject_what_the_first_approved(room, finding) -> None:
    """One rejection ends it."""
    proposal = room.submit(finding(critical=True))
    room.approve(proposal, typed_name="Line 6-12 (1)")
    assert room.reject(proposal, by="sue").status == "rejected"


def test_stopped_writes_stop_proposals_and_approvals(room, finding) -> None:
    """Rejecting stays possible, and so does recording what the gate refused."""
    proposal = room.submit()
    kill_switch.stop(room.engine, room.person("olga"), "smoke in the relay room", now=room.clock())
    with pytest.raises(WritesStopped, match="olga: smoke in the relay room"):
        room.approve(proposal)
    with pytest.raises(WritesStopped):
        room.submit()
    assert room.submit(finding(outcome="fail")).status == "blocked"
    assert room.reject(proposal).status == "rejected"


def test_the_queue_is_newest_first_and_filtered(room, finding) -> None:
    """By status and grid, at most `limit`."""
    room.submit()
    room.submit(grid="case39")
    room.submit(finding(outcome="fail"))
    numbers = [[p.id for p in room.ledger.list(*arguments)] for arguments in [(), (Status.PENDING,), (None, "case14"), (None, None, 1)]]
    assert numbers == [[3, 2, 1], [2, 1], [3, 1], [3]]


def test_a_changed_verdict_is_not_read(room) -> None:
    """A stored text that does not fit its hash is refused, not shown."""
    room.submit()
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE aeip_proposal SET verdict = replace(verdict, '80', '30')"))
    with pytest.raises(LedgerUnreadable, match="audit verify"):
        room.ledger.get(1)


def test_text_that_no_database_holds_is_stored_without_it(room, judged) -> None:
    """NUL and half characters from a broken client lose themselves, not the proposal."""
    assert room.ledger.submit(judged(), "a\x00b\ud800", "olga").reason == "ab?"


@pytest.mark.slow
def test_five_hundred_proposals_are_listed_with_few_questions(room, finding) -> None:
    """With thirty clauses each, the database is asked a handful of times, not once for each proposal."""
    for _ in range(500):
        room.submit(*(finding(rule=f"r{i}") for i in range(30)))
    asked: list[str] = []
    listen(room.ledger.engine, "before_cursor_execute", lambda _1, _2, statement, *_3: asked.append(statement))
    assert len(room.ledger.list(limit=500)) == 500
    assert len(asked) < 10
