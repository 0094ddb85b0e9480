"""Does what came of a proposal agree with the audit? Each decision in full, the steps, the verdict at execution, and how it ended.

Each function returns a sentence with the first contradiction, or None. `StepRow.expected` is in no event, so it cannot be compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue
from sqlmodel import Session, col, select

from guardrails.audit_chain import AuditEvent, digest, stamp
from guardrails.basis import BasisRow
from guardrails.tables import AuditRow, DecisionRow, ProposalRow, StepRow, TouchedRow
from guardrails.transitions import Event

_PAGE = 200
_ENDED = {Event.STEP_DONE: "done", Event.STEP_FAILED: "failed"}
_DECIDED = {Event.APPROVAL_RECORDED: "approve", Event.APPROVED: "approve", Event.REJECTED: "reject"}
_OUTCOMES = (Event.EXECUTED, Event.FAILED, Event.WENT_STALE)
_ALARM = "ALARM: "  # an interruption that failed is stored with it and recorded without
_Of = TypeVar("_Of", AuditRow, DecisionRow, StepRow)


def execution_contradiction(session: Session) -> str | None:
    """Over all proposals, and over what belongs to a proposal that is not stored any more."""
    if why := _lost(session):
        return why
    last = 0
    while page := session.exec(select(ProposalRow).where(col(ProposalRow.id) > last).order_by(col(ProposalRow.id)).limit(_PAGE)).all():
        ids = [row.id for row in page if row.id is not None]
        events = _by_proposal(session.exec(select(AuditRow).where(col(AuditRow.proposal_id).in_(ids)).order_by(col(AuditRow.seq))))
        decisions = _by_proposal(
            session.exec(select(DecisionRow).where(col(DecisionRow.proposal_id).in_(ids)).order_by(col(DecisionRow.id)))
        )
        steps = _by_proposal(session.exec(select(StepRow).where(col(StepRow.proposal_id).in_(ids)).order_by(col(StepRow.index))))
        for row in page:
            told = [AuditEvent.model_validate(event) for event in events[row.id]]
            if why := _decided(row, told, decisions[row.id]) or _executed(row, told, steps[row.id]):
                return why
        last = ids[-1]
        session.expunge_all()
    return None


def _lost(session: Session) -> str | None:
    """Rows whose proposal is gone: somebody deleted it with the foreign keys switched off."""
    stored = select(ProposalRow.id)
    for table in (AuditRow, DecisionRow, StepRow, TouchedRow, BasisRow):
        query = select(table.proposal_id).where(col(table.proposal_id).is_not(None), col(table.proposal_id).not_in(stored))
        number = session.exec(query.limit(1)).first()
        if number is not None:
            return f"Proposal {number} has a history, but is not stored any more."
    return None


def _decided(row: ProposalRow, events: Sequence[AuditEvent], decisions: Sequence[DecisionRow]) -> str | None:
    recorded = [
        (e.person, _DECIDED[Event(e.event)], e.details["reason"], e.details["verdict_hash"], e.at) for e in events if e.event in _DECIDED
    ]
    stored = [(d.person, d.decision, d.reason, d.verdict_hash, stamp(d.at)) for d in decisions]
    if recorded != stored:
        return f"A decision stored for proposal {row.id} is not as its event records it: person, reason, time or what had been seen."
    return None


def _executed(row: ProposalRow, events: Sequence[AuditEvent], steps: Sequence[StepRow]) -> str | None:
    if _recorded_steps(events) != [_stored_step(step) for step in steps]:
        return f"The executed steps stored for proposal {row.id} are not those its events record."
    ends = [e for e in events if e.event in _OUTCOMES]
    recorded = ends[-1].details if ends else {}
    if recorded.get("recheck_hash") != (None if row.recheck is None else digest(row.recheck)):
        return f"The verdict at execution stored for proposal {row.id} is not the one its last event records."
    note = recorded.get("note", "")
    alarm = f"{_ALARM}{note}" if ends and ends[-1].event == Event.FAILED else note
    if row.outcome_note not in (note, alarm):
        return f"The outcome stored for proposal {row.id} is not the one its last event records."
    return None


def _recorded_steps(events: Sequence[AuditEvent]) -> list[dict[str, JsonValue]]:
    """The step rows that the events would make, in the order they were started."""
    made: dict[str, dict[str, JsonValue]] = {}
    for event in events:
        key = str(event.details.get("key"))
        if event.event == Event.STEP_STARTED:
            opened = {"status": "started", "note": "", "started_at": event.at, "finished_at": None}
            made[key] = {"index": len(made), "key": key, **opened}
        elif event.event in _ENDED and key in made:
            made[key] |= {"status": _ENDED[Event(event.event)], "note": event.details.get("note"), "finished_at": event.at}
    return list(made.values())


def _stored_step(step: StepRow) -> dict[str, JsonValue]:
    times = {"started_at": _written(step.started_at), "finished_at": _written(step.finished_at)}
    return {"index": step.index, "key": step.key, "status": step.status, "note": step.note, **times}


def _written(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def _by_proposal(rows: Iterable[_Of]) -> defaultdict[int | None, list[_Of]]:
    found: defaultdict[int | None, list[_Of]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found
