"""What to do with a proposal found `executing` when the owner starts: look at the plant, never command it again."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from grid_models.twin.plant import Plant
from grid_models.twin.state import GridState
from guardrails.claims import OWNER, move
from guardrails.database import writing
from guardrails.ledger import Ledger
from guardrails.proposal_rows import find
from guardrails.proposals import Proposal
from guardrails.read_back import Expected, from_text, missing
from guardrails.steps import SHOWN_AFTER_ALL, finish_step, shows
from guardrails.tables import StepRow
from guardrails.transitions import Event, Status

_NOTE = "resolved by read-back after an interruption"


def resolve_interrupted(ledger: Ledger, plant: Plant) -> tuple[Proposal, ...]:
    """Close the proposals an earlier owner left executing: executed if the plant shows every action, else failed.

    Call it after taking the lease and never beside an execution. Raises NotOnline when the plant cannot be observed.
    """
    interrupted = ledger.list(Status.EXECUTING, plant.model.name)
    if not interrupted:
        return ()
    state = plant.observe()
    return tuple(_resolve(ledger, proposal, state) for proposal in interrupted)


def _resolve(ledger: Ledger, proposal: Proposal, state: GridState) -> Proposal:
    with writing(ledger.engine) as session:
        at = ledger.now()
        rows = session.exec(select(StepRow).where(StepRow.proposal_id == proposal.id).order_by(col(StepRow.index))).all()
        expected = {row.key: from_text(row.expected) for row in rows if row.status != "failed"}
        absent = set(missing(expected.values(), state))
        for row in rows:
            if row.status == "started":
                _resolve_step(session, proposal, row.key, expected[row.key], absent, at)
        seen = sum(row.status == "done" and absent.isdisjoint(expected[row.key]) for row in rows)
        complete = seen == len(proposal.actions)
        late = [proposal.actions[row.index].words() for row in rows if row.key not in expected and shows(state, from_text(row.expected))]
        note = f"Interrupted; {_NOTE}: the plant shows {seen + len(late)} of {len(proposal.actions)} actions. Nothing was repeated."
        note += f" But {SHOWN_AFTER_ALL}: {'; '.join(late)}." if late else ""
        move(
            session,
            proposal.id,
            Status.EXECUTING,
            Event.EXECUTED if complete else Event.FAILED,
            person=OWNER,
            at=at,
            content={"note": note},
            columns={"outcome_note": note if complete else f"ALARM: {note}"},
        )
        return find(session, proposal.id)


def _resolve_step(
    session: Session, proposal: Proposal, key: str, expected: Sequence[Expected], absent: set[Expected], at: datetime
) -> None:
    done = absent.isdisjoint(expected)
    finish_step(session, proposal.id, key, done=done, note=_NOTE if done else "not visible after an interruption", at=at)
