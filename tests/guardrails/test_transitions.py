"""The life of a proposal: one table, no way around it."""

import pytest

from guardrails.errors import IllegalTransition
from guardrails.transitions import Event, Status, fold, next_status


def test_a_full_life_folds_to_executed() -> None:
    """Submitted, approved by two, claimed, one step, executed."""
    life = ["submitted", "approval recorded", "approved", "claimed", "step started", "step done", "executed"]
    assert fold(Event(e) for e in life) is Status.EXECUTED


def test_no_events_leave_a_draft() -> None:
    """What was never submitted is nothing but a draft."""
    assert fold([]) is Status.DRAFT


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.APPROVED])
def test_only_an_approved_proposal_can_be_claimed(status: Status) -> None:
    """No other status leads to execution."""
    with pytest.raises(IllegalTransition, match=f"{status} cannot"):
        next_status(status, Event.CLAIMED)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.EXECUTING])
def test_only_a_claimed_proposal_can_end_executed(status: Status) -> None:
    """Steps and their success happen while executing only."""
    for event in (Event.STEP_STARTED, Event.EXECUTED):
        with pytest.raises(IllegalTransition):
            next_status(status, event)


@pytest.mark.parametrize("status", ["blocked", "executed", "failed", "rejected", "withdrawn", "expired", "stale"])
def test_what_ended_stays_ended(status: str) -> None:
    """Final statuses have no way out; a refused attempt leaves them as they are."""
    assert Status(status).final
    assert next_status(Status(status), Event.DECISION_REFUSED) is Status(status)


@pytest.mark.parametrize("status", ["draft", "pending", "approved", "executing"])
def test_what_is_under_way_is_not_final(status: str) -> None:
    """The four statuses that something can still happen to."""
    assert not Status(status).final
