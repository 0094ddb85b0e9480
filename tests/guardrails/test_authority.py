"""Who may decide on what: four eyes."""

import pytest

from guardrails.authority import may_decide, may_propose, may_resume, may_stop, may_withdraw, unfounded
from guardrails.people import LOCAL, Person, Role


@pytest.mark.parametrize(("role", "allowed"), [("viewer", False), ("operator", True), ("supervisor", True), ("administrator", False)])
def test_who_operates_may_propose(role: str, allowed: bool) -> None:
    """Viewers look, administrators keep accounts; operators and supervisors propose."""
    assert (may_propose(Person(name="x", role=Role(role))) is None) is allowed


def test_local_proposes_and_never_decides(room) -> None:
    """Without a credential one may ask, not answer, whatever role the caller claims."""
    proposal = room.submit(by="olga")
    assert may_propose(LOCAL) is None
    assert "no credential" in str(may_decide(LOCAL, proposal, ()))
    assert "no credential" in str(may_decide(Person(name="LOCAL ", role=Role.SUPERVISOR), proposal, ()))


@pytest.mark.parametrize("role", ["viewer", "operator", "administrator"])
def test_only_supervisors_decide(room, role: str) -> None:
    """The reason names who could."""
    refusal = may_decide(Person(name="max", role=Role(role)), room.submit(), ())
    assert refusal == f"max is {role} and may not decide on proposal 1; supervisor may."


@pytest.mark.parametrize("name", ["sam", "SAM", " Sam", "ｓａｍ"])
def test_the_requester_does_not_decide_under_any_spelling(room, name: str) -> None:
    """Case, spaces and wide letters make no other person."""
    refusal = may_decide(Person(name=name, role=Role.SUPERVISOR), room.submit(by="sam"), ())
    assert refusal is not None
    assert "requested proposal" in refusal


def test_an_approver_counts_once(room) -> None:
    """The second approval needs a second person, under any spelling of the first."""
    proposal = room.submit()
    assert "already" in str(may_decide(Person(name="Sam", role=Role.SUPERVISOR), proposal, ("sam",)))
    assert may_decide(Person(name="sue", role=Role.SUPERVISOR), proposal, ("sam",)) is None


def test_only_the_requester_withdraws(room) -> None:
    """A supervisor rejects instead."""
    proposal = room.submit(by="olga")
    assert may_withdraw(Person(name="Olga", role=Role.OPERATOR), proposal) is None
    assert "reject" in str(may_withdraw(room.person("sam"), proposal))


def test_stopping_is_easier_than_resuming() -> None:
    """Everyone but a viewer stops the writes; a supervisor alone resumes them."""
    people = [LOCAL, *(Person(name="x", role=role) for role in Role)]
    assert [may_stop(p) is None for p in people] == [True, False, True, True, True]
    assert [may_resume(p) is None for p in people] == [False, False, False, True, False]


def test_an_execution_needs_founded_approvals(room) -> None:
    """The owner counts the approvers again, and the requester is none of them."""
    proposal = room.submit()
    approved = room.approve(proposal)
    assert "lacks 1" in str(unfounded(proposal))
    assert unfounded(approved) is None
    assert "must not" in str(unfounded(approved.model_copy(update={"requested_by": "Sam"})))
