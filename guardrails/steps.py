"""Carry out the actions of a claimed proposal one by one; each step is written down before the plant hears of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from grid_models.actions import Action
from grid_models.twin.plant import Plant
from grid_models.twin.state import GridState
from guardrails import kill_switch
from guardrails.claims import OWNER, move
from guardrails.database import writing
from guardrails.errors import WritesStopped
from guardrails.ledger import Ledger
from guardrails.proposals import Proposal
from guardrails.read_back import Expected, to_text
from guardrails.tables import StepRow
from guardrails.transitions import Event, Status

SHOWN_AFTER_ALL = "the plant reported a failure and shows it all the same"  # a command may arrive and only its answer be lost


def run_steps(ledger: Ledger, proposal: Proposal, expected: Sequence[Sequence[Expected]], plant: Plant) -> str | None:
    """Execute until the first failure; None when all steps are done, else a sentence with what was done and what was not."""
    for index, action in enumerate(proposal.actions):
        failure = _run(ledger, proposal, index, action, expected[index], plant)
        if failure is not None:
            return f"Step {index + 1} of {len(proposal.actions)} ({action.words()}): {failure} {_progress(proposal, index)}"
    return None


def step_key(proposal: Proposal, index: int) -> str:
    """The idempotency key of a step: the same command twice is one command."""
    return f"{proposal.id}-{index}-{proposal.action_hash[:12]}"


def shows(state: GridState, expected: Sequence[Expected]) -> bool:
    """Whether the plant shows what one command was to change; a command that changes nothing is never shown."""
    return bool(expected) and all(entry.seen_in(state) for entry in expected)


def finish_step(session: Session, proposal_id: int, key: str, *, done: bool, note: str, at: datetime) -> None:
    """Write down how a started step ended."""
    row = session.exec(select(StepRow).where(StepRow.key == key)).one()
    row.status, row.note, row.finished_at = "done" if done else "failed", note, at
    event = Event.STEP_DONE if done else Event.STEP_FAILED
    move(session, proposal_id, Status.EXECUTING, event, person=OWNER, at=at, content={"key": key, "note": note})


def _run(ledger: Ledger, proposal: Proposal, index: int, action: Action, expected: Sequence[Expected], plant: Plant) -> str | None:
    key = step_key(proposal, index)
    try:
        late = _start(ledger, proposal, index, key, expected)
    except WritesStopped as stopped:
        return str(stopped)
    if late is not None:
        return late
    note = ""
    try:
        plant.execute(action, key)
    except Exception as error:  # whatever a plant's driver raises: the step failed and the list ends here
        note = f"the plant refused it: {error}"
    with writing(ledger.engine) as session:
        finish_step(session, proposal.id, key, done=not note, note=note, at=ledger.now())
    return note or None


def _start(ledger: Ledger, proposal: Proposal, index: int, key: str, expected: Sequence[Expected]) -> str | None:
    """The kill switch is read, and the claim confirmed, in the transaction that starts the step. A reason where it is too late to begin."""
    with writing(ledger.engine) as session:
        kill_switch.require_running(session)
        at = ledger.now()
        if index == 0 and at >= proposal.expires_at:  # a list once begun is better ended than left half done
            return f"the approval ran out at {proposal.expires_at:%H:%M:%S} UTC while it was being checked."
        content = {"key": key, "action": proposal.actions[index].words()}
        move(session, proposal.id, Status.EXECUTING, Event.STEP_STARTED, person=OWNER, at=at, content=content)
        session.add(StepRow(proposal_id=proposal.id, index=index, key=key, status="started", expected=to_text(expected), started_at=at))
    return None


def _progress(proposal: Proposal, done: int) -> str:
    before = "; ".join(a.words() for a in proposal.actions[:done]) or "nothing"
    after = "; ".join(a.words() for a in proposal.actions[done + 1 :])
    return f"Done before it: {before}." + (f" Not begun: {after}." if after else "")
