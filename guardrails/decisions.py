"""One decision on one proposal: everything that must hold, checked inside the transaction that claims it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue
from sqlmodel import Session

from guardrails import kill_switch, people
from guardrails.audit_chain import stamp
from guardrails.authority import may_decide
from guardrails.claims import move
from guardrails.errors import ConfirmationMissing, NotAuthorised, ProposalNotPending, ProposalStale
from guardrails.people import Person
from guardrails.proposals import Choice, Proposal
from guardrails.tables import DecisionRow
from guardrails.transitions import Event, Status

CARRY_OUT_WITHIN = timedelta(minutes=2)  # an approval in the last second must still reach the plant; engineering judgement


@dataclass(frozen=True)
class Ballot:
    """What a person hands in: the choice, the hash of the verdict they saw, a reason, and the element's name for critical changes."""

    choice: Choice
    verdict_hash: str
    reason: str
    typed_name: str = ""


def settle(session: Session, proposal: Proposal, caller: Person, ballot: Ballot, at: datetime) -> None:
    """Record the ballot and move the proposal.

    Raises ProposalNotPending, NotAuthorised, ProposalStale, WritesStopped, ConfirmationMissing.
    """
    _require_open(proposal, at)
    person = people.require(session, caller.name)
    refusal = may_decide(person, proposal, proposal.approvers if ballot.choice == "approve" else ())
    if refusal is not None:
        raise NotAuthorised(refusal)
    if ballot.verdict_hash != proposal.verdict_hash:
        raise ProposalStale(proposal.id)
    if ballot.choice == "approve":
        kill_switch.require_running(session)
    _require_confirmation(proposal, ballot)
    _record(session, proposal, person, ballot, at)


def _require_open(proposal: Proposal, at: datetime) -> None:
    if proposal.status is not Status.PENDING:
        raise ProposalNotPending(proposal.id, proposal.status)
    if at >= proposal.expires_at:
        raise ProposalNotPending(proposal.id, Status.EXPIRED)


def _require_confirmation(proposal: Proposal, ballot: Ballot) -> None:
    """A rejection needs its reason; a critical approval the name of an element it changes."""
    if ballot.choice == "reject":
        if not ballot.reason.strip():
            raise ConfirmationMissing(f"Rejecting proposal {proposal.id} needs a reason for the person who asked.")
        return
    if proposal.critical and _plain(ballot.typed_name) not in map(_plain, proposal.elements):
        names = " or ".join(f"'{e}'" for e in proposal.elements)
        raise ConfirmationMissing(f"Proposal {proposal.id} is critical: type {names} to confirm it; found '{ballot.typed_name}'.")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _record(session: Session, proposal: Proposal, person: Person, ballot: Ballot, at: datetime) -> None:
    session.add(
        DecisionRow(
            proposal_id=proposal.id,
            person_key=people.person_key(person.name),
            person=person.name,
            decision=ballot.choice,
            reason=ballot.reason,
            verdict_hash=ballot.verdict_hash,
            at=at,
        )
    )
    content: dict[str, JsonValue] = {
        "reason": ballot.reason,
        "verdict_hash": ballot.verdict_hash,
        "action_hash": proposal.action_hash,
        "state_id": proposal.verdict.state_id,
    }
    columns: dict[str, str | datetime] = {}
    event = _event(proposal, ballot.choice)
    if event is Event.APPROVED:
        deadline = max(proposal.expires_at, at + CARRY_OUT_WITHIN)
        columns["expires_at"], content["expires_at"] = deadline, stamp(deadline)
    move(session, proposal.id, Status.PENDING, event, person=person.name, at=at, content=content, columns=columns)


def _event(proposal: Proposal, choice: Choice) -> Event:
    if choice == "reject":
        return Event.REJECTED
    return Event.APPROVED if proposal.approvals_missing == 1 else Event.APPROVAL_RECORDED
