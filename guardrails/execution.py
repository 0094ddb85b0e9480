"""The plant owner's side: carry out an approved proposal exactly once, on the state of now, and read it back."""

import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from pydantic import JsonValue
from sqlmodel import Session, col, select

from grid_models.actions import Action, action_hash
from grid_models.twin.plant import Plant
from grid_models.twin.state import GridState
from guardrails import kill_switch, people
from guardrails.audit_facts import proposal_contradiction
from guardrails.authority import rights_lost, unfounded
from guardrails.claims import CLOCK, OWNER, move
from guardrails.database import writing
from guardrails.drift import drifted
from guardrails.errors import LedgerUnreadable, OwnerElsewhere, ProposalNotPending
from guardrails.interruption import resolve_interrupted
from guardrails.ledger import Ledger
from guardrails.proposal_rows import find, find_row
from guardrails.proposals import Proposal, Step
from guardrails.read_back import Expected, expected_by_step, missing, shown
from guardrails.steps import SHOWN_AFTER_ALL, run_steps, shows
from guardrails.tables import ProposalRow
from guardrails.touched import touched_by
from guardrails.transitions import Event, Status
from guardrails.verdict import Verdict

Check = Callable[[GridState, Sequence[Action], str], Verdict]
READ_BACK_MISMATCH = "read-back mismatch"
_STOPPED = "Writes are stopped: nothing was executed. Propose it again once they are resumed."
_ROUND = threading.Lock()  # one round at a time in a process: what it finds executing at its beginning was really left behind
_NO_TOLERANCES: Mapping[str, float] = MappingProxyType({})


def carry_out(ledger: Ledger, proposal_id: int, check: Check, plant: Plant, tolerances: Mapping[str, float] = _NO_TOLERANCES) -> Proposal:
    """Claim, check again on the state of now, execute, read back. The result says what came of it.

    tolerances: by rule id, for drift (see `drift.drifted`). It comes back still `approved` while another execution runs on this grid.
    Raises ProposalNotFound, ProposalNotPending (not approved, or claimed by someone else), OwnerElsewhere, LedgerUnreadable.
    """
    proposal = _claim(ledger, proposal_id, plant)
    if proposal.status is not Status.EXECUTING:
        return proposal
    try:
        state = plant.observe()
        fresh = check(state, proposal.actions, proposal.reason)
        moved = _moved(proposal, fresh, tolerances)
        if moved is not None:
            return _finish(ledger, proposal, Event.WENT_STALE, f"Nothing was executed. {moved}", fresh)
        expected = expected_by_step(proposal.actions, state)
    except Exception as error:  # fail closed: what cannot be checked now is not executed
        return _finish(ledger, proposal, Event.FAILED, f"Nothing was executed: it could not be checked again ({error}).")
    return _execute(ledger, proposal, expected, plant, fresh)


def process_approved(ledger: Ledger, check: Check, plant: Plant, tolerances: Mapping[str, float] = _NO_TOLERANCES) -> tuple[Proposal, ...]:
    """Settle what was left executing, then carry out everything approved for the owner's grid, oldest first. For the owner alone.

    An execution that a failure of the ledger broke off is so found at the next round, not at the next start only; until then it blocks
    the others. Raises NotOnline when there is something to settle and the plant cannot be observed, LedgerUnreadable.
    """
    with _ROUND:
        resolve_interrupted(ledger, plant)
        waiting = reversed(ledger.list(Status.APPROVED, plant.model.name))
        return tuple(done for p in waiting if (done := _unless_gone(ledger, p.id, check, plant, tolerances)) is not None)


def _unless_gone(ledger: Ledger, proposal_id: int, check: Check, plant: Plant, tolerances: Mapping[str, float]) -> Proposal | None:
    """None for what somebody else claimed or decided meanwhile."""
    try:
        return carry_out(ledger, proposal_id, check, plant, tolerances)
    except ProposalNotPending:
        return None


def _claim(ledger: Ledger, proposal_id: int, plant: Plant) -> Proposal:
    """approved → executing, or to where an approval ends that must not run any more."""
    with writing(ledger.engine) as session:
        row = find_row(session, proposal_id)
        proposal = find(session, proposal_id)
        _require_claimable(session, row, proposal, plant)
        at = ledger.now()
        if at >= proposal.expires_at:
            move(session, proposal_id, Status.APPROVED, Event.EXPIRED, person=CLOCK, at=at)
        elif kill_switch.is_stopped(session):
            _end(session, ledger, proposal, Event.FAILED, _STOPPED)
        elif (lost := _rights_lost(session, proposal, plant)) is not None:
            _end(session, ledger, proposal, Event.FAILED, f"Nothing was executed: {lost}")
        elif not _is_busy(session, proposal.grid):
            move(session, proposal_id, Status.APPROVED, Event.CLAIMED, person=OWNER, at=at)
        return find(session, proposal_id)


def _require_claimable(session: Session, row: ProposalRow, proposal: Proposal, plant: Plant) -> None:
    if proposal.status is not Status.APPROVED:
        raise ProposalNotPending(proposal.id, proposal.status, wanted=Status.APPROVED)
    if proposal.grid != plant.model.name:
        raise OwnerElsewhere(
            f"Proposal {proposal.id} is for {proposal.grid} and this plant is {plant.model.name}; that grid's owner can run it."
        )
    doubt = proposal_contradiction(session, row) or unfounded(proposal)
    if doubt is not None:
        raise LedgerUnreadable(f"{doubt} Nothing was executed; run `aeip audit verify`.")


def _rights_lost(session: Session, proposal: Proposal, plant: Plant) -> str | None:
    """Roles and scopes as recorded now, on what the order operates by the plant's own data."""
    judged = proposal.model_copy(update={"touched": touched_by(plant.model, proposal.actions, proposal.verdict.breakers)})
    names = (proposal.requested_by, *proposal.approvers)
    return rights_lost(judged, {name: people.find(session, name) for name in names})


def _is_busy(session: Session, grid: str) -> bool:
    """Two lists at once would each be checked on a state that the other is changing."""
    running = select(ProposalRow.id).where(col(ProposalRow.status) == Status.EXECUTING, col(ProposalRow.grid) == grid)
    return session.exec(running.limit(1)).first() is not None


def _moved(proposal: Proposal, fresh: Verdict, tolerances: Mapping[str, float]) -> str | None:
    if action_hash(fresh.actions) != proposal.action_hash or fresh.blocked:
        return " ".join(fresh.reasons) or "What was checked now is not what was approved."
    return drifted(proposal.verdict, fresh, tolerances)


def _execute(ledger: Ledger, proposal: Proposal, expected: Sequence[Sequence[Expected]], plant: Plant, fresh: Verdict) -> Proposal:
    failure = run_steps(ledger, proposal, expected, plant)
    steps = ledger.get(proposal.id).steps
    try:
        state = plant.observe() if steps else None
        alarm = _alarm(proposal.actions, expected, steps, state) if state else None
    except Exception as error:  # no telemetry after a command is an alarm, whatever the source raises
        state, alarm = None, f"ALARM: {READ_BACK_MISMATCH}: the plant cannot be observed ({error})."
    notes = [note for note in (failure, alarm) if note]
    seen = shown([expected[step.index] for step in steps], state) if state else []
    return _finish(ledger, proposal, Event.FAILED if notes else Event.EXECUTED, " ".join(notes), fresh, seen)


def _alarm(actions: Sequence[Action], expected: Sequence[Sequence[Expected]], steps: Sequence[Step], state: GridState) -> str | None:
    """A text if the plant does not show what was done, or shows what it reported as failed."""
    done = [step.index for step in steps if step.status == "done"]
    absent = set(missing([expected[i] for i in done], state))
    unseen = [actions[i].words() for i in done if not absent.isdisjoint(expected[i])]
    late = [actions[s.index].words() for s in steps if s.status == "failed" and shows(state, expected[s.index])]
    found = [f"the plant does not show: {'; '.join(unseen)}."] if unseen else []
    found += [f"{SHOWN_AFTER_ALL}: {'; '.join(late)}."] if late else []
    return f"ALARM: {READ_BACK_MISMATCH}: {' '.join(found)}" if found else None


def _finish(
    ledger: Ledger, proposal: Proposal, event: Event, note: str, recheck: Verdict | None = None, seen: Sequence[JsonValue] = ()
) -> Proposal:
    with writing(ledger.engine) as session:
        _end(session, ledger, proposal, event, note, recheck, seen)
        return find(session, proposal.id)


def _end(
    session: Session,
    ledger: Ledger,
    proposal: Proposal,
    event: Event,
    note: str,
    recheck: Verdict | None = None,
    seen: Sequence[JsonValue] = (),
) -> None:
    """seen: what the plant showed when it was read back, for the record."""
    columns = {"outcome_note": note} | ({"recheck": recheck.model_dump_json()} if recheck else {})
    content: dict[str, JsonValue] = {"note": note}
    if recheck:
        content |= {"recheck_hash": recheck.hash, "state_id": recheck.state_id}
    if seen:
        content["read_back"] = list(seen)
    move(session, proposal.id, proposal.status, event, person=OWNER, at=ledger.now(), content=content, columns=columns)
