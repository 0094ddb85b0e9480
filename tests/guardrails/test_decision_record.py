"""The record of one proposal: who, from what, on what, what came of it; and that nobody can change it unseen."""

from typing import Any

import pytest
from sqlalchemy import text

from grid_models.actions import Action
from guardrails import audit
from guardrails.basis import Basis, BasisCall
from guardrails.decision_record import decision_record
from guardrails.errors import LedgerUnreadable, ProposalNotFound
from guardrails.transitions import Event

OPEN = Action(kind="open", element="Line 6-12 (1)")
ASKED = Basis(
    question="open line 6-12, please",
    brain="embedded",
    version="0.1.0",
    calls=(BasisCall(id="E1", tool="power_flow", headline="No branch is overloaded.", result_hash="ab" * 32),),
)


def submitted(room: Any, basis: Basis | None = ASKED) -> Any:
    found = room.check(room.plant.state, (OPEN,), "maintenance").model_copy(update={"rule_pack": "demo 1"})
    return room.ledger.submit(found, "maintenance", "olga", "talk-7", basis=basis)


def test_a_record_tells_all_of_an_executed_proposal(room: Any) -> None:
    """Question, brain, studies, verdict seen, people, steps, read-back and the links of the chain."""
    proposal = submitted(room)
    room.carry_out(room.approve(proposal))
    record = decision_record(room.engine, proposal.id)
    assert record.proposal.basis == ASKED
    assert (record.proposal.requested_by, record.proposal.conversation, record.proposal.verdict.rule_pack) == ("olga", "talk-7", "demo 1")
    assert [(s.person, s.decision, s.verdict_hash) for s in record.seen] == [("sam", "approve", proposal.verdict_hash)]
    assert [s.status for s in record.proposal.steps] == ["done"]
    assert [(r["element"], r["array"], r["expected"], r["shown"]) for r in record.read_back] == [(OPEN.element, "branch_on", 0.0, 0.0)]
    assert record.recheck_hash == record.proposal.recheck.hash
    assert [e.event for e in record.events][:2] == [Event.SUBMITTED, Event.APPROVED]
    assert record.events[-1].event == Event.EXECUTED
    assert type(record).model_validate_json(record.model_dump_json()) == record


def test_what_the_plant_really_showed_is_kept(room: Any) -> None:
    """A deaf plant: commanded open, shown closed."""
    room.plant.deaf = True
    proposal = submitted(room)
    assert room.carry_out(room.approve(proposal)).status == "failed"
    (entry,) = decision_record(room.engine, proposal.id).read_back
    assert (entry["expected"], entry["shown"]) == (0.0, 1.0)


def test_a_proposal_without_words_has_no_basis(room: Any) -> None:
    """A program proposes; a rejected one was never read back."""
    proposal = submitted(room, None)
    room.reject(proposal)
    record = decision_record(room.engine, proposal.id)
    assert (record.proposal.basis, record.read_back, record.recheck_hash) == (None, (), None)
    assert [s.decision for s in record.seen] == ["reject"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE aeip_basis SET content = replace(content, 'please', 'now')",
        "DELETE FROM aeip_basis",
        "UPDATE aeip_proposal SET reason = 'another'",
    ],
)
def test_a_changed_record_is_none(room: Any, change: str) -> None:
    """What it came from cannot be rewritten or removed unseen."""
    proposal = submitted(room)
    assert audit.verify(room.engine).ok
    with room.engine.begin() as connection:
        connection.execute(text(change))
    with pytest.raises(LedgerUnreadable):
        decision_record(room.engine, proposal.id)
    found = audit.verify(room.engine)
    assert not found.ok
    assert ("was made from" in found.explanation) == ("basis" in change)


def test_an_unknown_number_is_refused(room: Any) -> None:
    with pytest.raises(ProposalNotFound):
        decision_record(room.engine, 99)
