"""Do the tables say what their audit events say? Each function returns a sentence with the first contradiction, or None."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlmodel import Session, col, select

from guardrails.audit_chain import AuditEvent, digest, stamp
from guardrails.basis import HASH, BasisRow
from guardrails.errors import IllegalTransition
from guardrails.person_facts import people_contradiction
from guardrails.tables import AcknowledgementRow, AuditRow, DecisionRow, ProposalRow, SwitchRow, TouchedRow
from guardrails.tag_facts import tag_contradiction
from guardrails.transitions import Event, fold

_PAGE = 200
_DECIDING = {Event.APPROVAL_RECORDED: "approve", Event.APPROVED: "approve", Event.REJECTED: "reject"}
ACKNOWLEDGED_EVENT = "alarm acknowledged"
_BESIDE = {"touched_hash": "operates, and where,", HASH: "was made from"}
SWITCH_EVENTS = {"writes stopped": True, "writes resumed": False}


def contradiction(session: Session) -> str | None:
    """Between any table and the audit: proposals with their decisions, people and their scopes, the kill switch, acknowledgements, tags."""
    others = people_contradiction(session) or _switch(session) or _acknowledgements(session) or tag_contradiction(session)
    return _any_proposal(session) or others


def proposal_contradiction(session: Session, row: ProposalRow) -> str | None:
    """Between one proposal and its events. The owner asks this before it executes."""
    events = session.exec(select(AuditRow).where(AuditRow.proposal_id == row.id).order_by(col(AuditRow.seq))).all()
    decisions = session.exec(select(DecisionRow).where(DecisionRow.proposal_id == row.id)).all()
    touched, basis = session.get(TouchedRow, row.id), session.get(BasisRow, row.id)
    beside = {"touched_hash": touched.touched if touched else None, HASH: basis.content if basis else None}
    return _compare(row, [AuditEvent.model_validate(e) for e in events], decisions, beside)


def submitted_content(row: ProposalRow) -> dict[str, JsonValue]:
    """What the first event of a proposal records of it: nothing of this may change later."""
    return {
        "grid": row.grid,
        "action_hash": row.action_hash,
        "verdict_hash": row.verdict_hash,
        "reason": row.reason,
        "requested_by": row.requested_by,
        "conversation": row.conversation,
        "created_at": stamp(row.created_at),
    }


def _any_proposal(session: Session) -> str | None:
    last = 0
    while page := session.exec(select(ProposalRow).where(col(ProposalRow.id) > last).order_by(col(ProposalRow.id)).limit(_PAGE)).all():
        ids = [row.id for row in page if row.id is not None]
        events: dict[int | None, list[AuditEvent]] = defaultdict(list)
        for event in session.exec(select(AuditRow).where(col(AuditRow.proposal_id).in_(ids)).order_by(col(AuditRow.seq))):
            events[event.proposal_id].append(AuditEvent.model_validate(event))
        decisions: dict[int | None, list[DecisionRow]] = defaultdict(list)
        for decision in session.exec(select(DecisionRow).where(col(DecisionRow.proposal_id).in_(ids))):
            decisions[decision.proposal_id].append(decision)
        places = {row.proposal_id: row.touched for row in session.exec(select(TouchedRow).where(col(TouchedRow.proposal_id).in_(ids)))}
        bases = {row.proposal_id: row.content for row in session.exec(select(BasisRow).where(col(BasisRow.proposal_id).in_(ids)))}
        for row in page:
            beside = {"touched_hash": places.get(row.id or 0), HASH: bases.get(row.id or 0)}
            if why := _compare(row, events[row.id], decisions[row.id], beside):
                return why
        last = ids[-1]
        session.expunge_all()
    return None


def _compare(
    row: ProposalRow, events: Sequence[AuditEvent], decisions: Sequence[DecisionRow], beside: Mapping[str, str | None]
) -> str | None:
    """beside: texts stored with the proposal, by the name under which its first event holds their hash; None where there is none."""
    try:
        status = fold(Event(e.event) for e in events)
        contents = [e.details for e in events]
    except (IllegalTransition, ValueError) as error:
        return f"The events of proposal {row.id} cannot be followed: {error}"
    if row.status != status:
        return f"Proposal {row.id} is stored as {row.status}, but its events make it {status}."
    if _changed(submitted_content(row), contents) or digest(row.verdict) != row.verdict_hash:
        return f"Proposal {row.id} is not the one that was submitted: its content was changed afterwards."
    for name, text in beside.items():
        if contents[0].get(name) != (None if text is None else digest(text)):
            return f"What proposal {row.id} {_BESIDE[name]} is not what its first event records."
    deadlines = [content["expires_at"] for content in contents if "expires_at" in content]
    if deadlines[-1:] != [stamp(row.expires_at)]:
        return f"The expiry of proposal {row.id} is not the one its events record."
    recorded = sorted((e.person, _DECIDING[Event(e.event)]) for e in events if e.event in _DECIDING)
    if recorded != sorted((d.person, d.decision) for d in decisions):
        return f"The decisions stored for proposal {row.id} are not those its events record."
    return None


def _changed(stored: Mapping[str, JsonValue], recorded: Sequence[Mapping[str, JsonValue]]) -> bool:
    return not recorded or any(recorded[0].get(key) != value for key, value in stored.items())


def _switch(session: Session) -> str | None:
    """Position, person and reason are those of the last event."""
    query = select(AuditRow).where(col(AuditRow.event).in_(SWITCH_EVENTS)).order_by(col(AuditRow.seq).desc()).limit(1)
    last = session.exec(query).first()
    switch = session.get(SwitchRow, 1)
    event = None if last is None else AuditEvent.model_validate(last)
    recorded = (SWITCH_EVENTS[event.event], event.person, event.details["reason"]) if event else (False, "", "")
    if switch is None or (switch.stopped, switch.person, switch.reason) != recorded:
        return "The kill switch is not in the position its last event records, or its person or reason is another."
    return None


def _acknowledgements(session: Session) -> str | None:
    events = session.exec(select(AuditRow).where(AuditRow.event == ACKNOWLEDGED_EVENT).order_by(col(AuditRow.seq)))
    recorded = {
        (str(e.details["grid"]), str(e.details["key"])): {**e.details, "person": e.person} for e in map(AuditEvent.model_validate, events)
    }
    stored = {(row.grid, row.key): row.model_dump() for row in session.exec(select(AcknowledgementRow))}
    for grid, key in sorted(recorded.keys() | stored.keys()):
        if recorded.get((grid, key)) != stored.get((grid, key)):
            return f"The acknowledgement of alarm '{key}' is not the one its last event records."
    return None
