"""The approval ledger: what is proposed, by whom, who decided, and what came of it. Every method is one transaction."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from grid_models.actions import action_hash
from grid_models.errors import InvalidAction
from guardrails import audit, kill_switch, people
from guardrails.audit_chain import digest, stamp
from guardrails.audit_facts import submitted_content
from guardrails.authority import may_propose, may_withdraw
from guardrails.basis import HASH, Basis, keep
from guardrails.claims import CLOCK, move
from guardrails.database import reading, writing
from guardrails.decisions import Ballot, settle
from guardrails.errors import InvalidRule, NotAuthorised
from guardrails.people import Person
from guardrails.proposal_rows import find, load, touched_text
from guardrails.proposal_search import Listing, Wanted, complete, search, words_row
from guardrails.proposals import Choice, Proposal
from guardrails.refusals import PROPOSAL_REFUSED, refusals_recorded
from guardrails.scope import Touched
from guardrails.storable import storable
from guardrails.tables import ProposalRow, TouchedRow
from guardrails.transitions import Event, Status, next_status
from guardrails.verdict import Verdict

EXPIRES_IN = timedelta(minutes=15)  # a grid state is a decision's basis for about one profile step
_EVERYTHING = Wanted()


@dataclass(frozen=True)
class Ledger:
    """One database and a clock; `now` gives aware wall UTC."""

    engine: Engine
    now: Callable[[], datetime]

    def submit(
        self,
        verdict: Verdict,
        reason: str,
        requested_by: str,
        conversation: str = "",
        expires_in: timedelta = EXPIRES_IN,
        touched: Sequence[Touched] = (),
        basis: Basis | None = None,
    ) -> Proposal:
        """Store a checked list of actions: pending, or blocked (kept for the record, never in the queue).

        touched: what it operates and where (`touched.touched_by`); without it nobody with a limited scope can propose or decide it.
        Raises NotAuthorised (which is audited), WritesStopped, InvalidAction (nothing, or a what-if action), InvalidRule (unchecked).
        """
        _require_executable(verdict)
        tried: dict[str, JsonValue] = {"grid": verdict.grid, "actions": [action.words() for action in verdict.actions]}
        with refusals_recorded(self.engine, PROPOSAL_REFUSED, requested_by, self.now, tried), writing(self.engine) as session:
            person = people.require(session, requested_by)
            refusal = may_propose(person, touched)
            if refusal is not None:
                raise NotAuthorised(refusal)
            if not verdict.blocked:  # a refusal changes nothing and is recorded even while writes are stopped
                kill_switch.require_running(session)
            row = _row(verdict, storable(reason), person.name, conversation, self.now(), expires_in)
            session.add(row)
            session.flush()
            session.add(words_row(row, verdict))
            _record_submission(session, row, verdict, touched, basis)
            return load(session, [row])[0]

    def get(self, proposal_id: int) -> Proposal:
        """One proposal as it stands now. Raises ProposalNotFound."""
        self.expire_due(self.now())
        with reading(self.engine) as session:
            return find(session, proposal_id)

    def page(self, wanted: Wanted = _EVERYTHING, limit: int = 50, offset: int = 0) -> Listing:
        """One page of what fits and the total: what waits first, the nearest deadline on top; then newest first."""
        self.expire_due(self.now())
        if wanted.text:
            complete(self.engine)
        with reading(self.engine) as session:
            return search(session, wanted, limit, offset)

    def list(self, status: Status | None = None, grid: str | None = None, limit: int | None = 100) -> tuple[Proposal, ...]:
        """Newest first; `limit` None: all."""
        self.expire_due(self.now())
        query = select(ProposalRow).order_by(col(ProposalRow.id).desc()).limit(limit)
        if status is not None:
            query = query.where(ProposalRow.status == status)
        if grid is not None:
            query = query.where(ProposalRow.grid == grid)
        with reading(self.engine) as session:
            return load(session, session.exec(query).all())

    def decide(self, proposal_id: int, person: Person, decision: Choice, verdict_hash: str, reason: str, typed_name: str = "") -> Proposal:
        """Approve or reject, once. A critical proposal stays pending until a second person approves it.

        The person's rights are read from the ledger. Raises ProposalNotFound, ProposalNotPending, NotAuthorised (which is audited),
        ProposalStale, WritesStopped, ConfirmationMissing.
        """
        self.expire_due(self.now())
        ballot = Ballot(decision, verdict_hash, storable(reason), typed_name)
        with self._refusals(proposal_id, person, decision), writing(self.engine) as session:
            settle(session, find(session, proposal_id), person, ballot, self.now())
            return find(session, proposal_id)

    def withdraw(self, proposal_id: int, person: Person) -> Proposal:
        """Take back one's own pending proposal. Raises ProposalNotFound, ProposalNotPending, NotAuthorised (which is audited)."""
        with self._refusals(proposal_id, person, "withdraw"), writing(self.engine) as session:
            recorded = people.require(session, person.name)
            refusal = may_withdraw(recorded, find(session, proposal_id))
            if refusal is not None:
                raise NotAuthorised(refusal)
            move(session, proposal_id, Status.PENDING, Event.WITHDRAWN, person=recorded.name, at=self.now())
            return find(session, proposal_id)

    def expire_due(self, now: datetime) -> tuple[int, ...]:
        """Expire what nobody decided, or no owner carried out, in time. Writes only if there is something; returns the numbers."""
        due = select(ProposalRow).where(col(ProposalRow.status).in_([Status.PENDING, Status.APPROVED]), col(ProposalRow.expires_at) <= now)
        with reading(self.engine) as session:
            if session.exec(due.limit(1)).first() is None:
                return ()
        with writing(self.engine) as session:
            found = {row.id: Status(row.status) for row in session.exec(due) if row.id is not None}
            for proposal_id, status in found.items():
                move(session, proposal_id, status, Event.EXPIRED, person=CLOCK, at=now)
        return tuple(found)

    def _refusals(self, proposal_id: int, person: Person, tried: str) -> AbstractContextManager[None]:
        return refusals_recorded(self.engine, Event.DECISION_REFUSED, person.name, self.now, {"decision": tried}, proposal_id=proposal_id)


def _require_executable(verdict: Verdict) -> None:
    if not verdict.actions or any(a.is_hypothetical for a in verdict.actions):
        raise InvalidAction("A proposal needs at least one action, and none that exists in studies only (scale).")
    if not verdict.clauses:
        raise InvalidRule("The verdict holds no clause: nothing was checked, so nothing can be proposed. See the rule pack in force.")


def _row(verdict: Verdict, reason: str, requested_by: str, conversation: str, at: datetime, expires_in: timedelta) -> ProposalRow:
    return ProposalRow(
        grid=verdict.grid,
        status=next_status(Status.DRAFT, _first_event(verdict)),
        action_hash=action_hash(verdict.actions),
        verdict=verdict.model_dump_json(),
        verdict_hash=verdict.hash,
        reason=reason,
        requested_by=requested_by,
        conversation=conversation,
        created_at=at,
        expires_at=at + expires_in,
    )


def _record_submission(session: Session, row: ProposalRow, verdict: Verdict, touched: Sequence[Touched], basis: Basis | None) -> None:
    content = {**submitted_content(row), "expires_at": stamp(row.expires_at), "state_id": verdict.state_id, "outcome": verdict.outcome}
    if touched and row.id is not None:
        text = touched_text(touched)
        session.add(TouchedRow(proposal_id=row.id, touched=text))
        content["touched_hash"] = digest(text)
    if basis is not None and row.id is not None:
        content[HASH] = keep(session, row.id, basis)
    audit.append(session, _first_event(verdict), person=row.requested_by, at=row.created_at, proposal_id=row.id, content=content)


def _first_event(verdict: Verdict) -> Event:
    return Event.BLOCKED if verdict.blocked else Event.SUBMITTED
