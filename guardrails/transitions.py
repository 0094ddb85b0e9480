"""The life of a proposal as one table: which event leads from which status to which.

Nothing else in AEIP decides a status; the audit proves that every stored status is the fold of its events through this table.
"""

from collections.abc import Iterable
from enum import StrEnum

from guardrails.errors import IllegalTransition


class Status(StrEnum):
    """Where a proposal stands. `draft` is the moment before it is stored."""

    DRAFT = "draft"
    BLOCKED = "blocked"
    PENDING = "pending"
    APPROVED = "approved"
    EXECUTING = "executing"
    EXECUTED = "executed"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    STALE = "stale"

    @property
    def final(self) -> bool:
        """No event leads out of it."""
        return all(target is self for (source, _), target in _NEXT.items() if source is self)


class Event(StrEnum):
    """What can happen to a proposal; each is one row of the audit."""

    SUBMITTED = "submitted"
    BLOCKED = "blocked"
    APPROVAL_RECORDED = "approval recorded"  # the first of two for a critical change
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DECISION_REFUSED = "decision refused"  # someone without the authority tried
    CLAIMED = "claimed"
    STEP_STARTED = "step started"
    STEP_DONE = "step done"
    STEP_FAILED = "step failed"
    WENT_STALE = "went stale"
    EXECUTED = "executed"
    FAILED = "failed"


_NEXT: dict[tuple[Status, Event], Status] = {
    (Status.DRAFT, Event.SUBMITTED): Status.PENDING,
    (Status.DRAFT, Event.BLOCKED): Status.BLOCKED,
    (Status.PENDING, Event.APPROVAL_RECORDED): Status.PENDING,
    (Status.PENDING, Event.APPROVED): Status.APPROVED,
    (Status.PENDING, Event.REJECTED): Status.REJECTED,
    (Status.PENDING, Event.WITHDRAWN): Status.WITHDRAWN,
    (Status.PENDING, Event.EXPIRED): Status.EXPIRED,
    (Status.APPROVED, Event.CLAIMED): Status.EXECUTING,
    (Status.APPROVED, Event.EXPIRED): Status.EXPIRED,  # no owner picked it up in time
    (Status.APPROVED, Event.FAILED): Status.FAILED,  # writes were stopped: it must not run by itself when they resume
    (Status.EXECUTING, Event.STEP_STARTED): Status.EXECUTING,
    (Status.EXECUTING, Event.STEP_DONE): Status.EXECUTING,
    (Status.EXECUTING, Event.STEP_FAILED): Status.EXECUTING,
    (Status.EXECUTING, Event.WENT_STALE): Status.STALE,
    (Status.EXECUTING, Event.EXECUTED): Status.EXECUTED,
    (Status.EXECUTING, Event.FAILED): Status.FAILED,
    **{(status, Event.DECISION_REFUSED): status for status in Status if status is not Status.DRAFT},
}


def next_status(status: Status, event: Event) -> Status:
    """The status after an event. Raises IllegalTransition."""
    if (status, event) not in _NEXT:
        raise IllegalTransition(status, event, [e for s, e in _NEXT if s is status])
    return _NEXT[status, event]


def fold(events: Iterable[Event]) -> Status:
    """The status a proposal has after its events, in order. Raises IllegalTransition where they contradict the table."""
    status = Status.DRAFT
    for event in events:
        status = next_status(status, event)
    return status
