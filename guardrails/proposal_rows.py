"""How a proposal is written to its rows and read back; what does not fit its own hash is not read at all."""

from collections import defaultdict
from collections.abc import Sequence

from pydantic import ValidationError
from sqlmodel import Session, col, select

from guardrails.audit_chain import digest
from guardrails.errors import LedgerUnreadable, ProposalNotFound
from guardrails.proposals import Decision, Proposal, Step
from guardrails.tables import DecisionRow, ProposalRow, StepRow
from guardrails.verdict import Verdict


def find(session: Session, proposal_id: int) -> Proposal:
    """One proposal. Raises ProposalNotFound, LedgerUnreadable."""
    return load(session, [find_row(session, proposal_id)])[0]


def find_row(session: Session, proposal_id: int) -> ProposalRow:
    """The row, read again from the database. Raises ProposalNotFound."""
    row = session.get(ProposalRow, proposal_id, populate_existing=True) if 0 < proposal_id < 2**31 else None
    if row is None:
        raise ProposalNotFound(proposal_id)
    return row


def load(session: Session, rows: Sequence[ProposalRow]) -> tuple[Proposal, ...]:
    """The proposals of some rows, with decisions and steps fetched once for all. Raises LedgerUnreadable."""
    ids = [row.id for row in rows]
    decisions: dict[int | None, list[Decision]] = defaultdict(list)
    for decision in session.exec(select(DecisionRow).where(col(DecisionRow.proposal_id).in_(ids)).order_by(col(DecisionRow.id))):
        decisions[decision.proposal_id].append(Decision.model_validate(decision, from_attributes=True))
    steps: dict[int | None, list[Step]] = defaultdict(list)
    for step in session.exec(select(StepRow).where(col(StepRow.proposal_id).in_(ids)).order_by(col(StepRow.index))):
        steps[step.proposal_id].append(Step.model_validate(step, from_attributes=True))
    return tuple(_proposal(row, decisions[row.id], steps[row.id]) for row in rows)


def _proposal(row: ProposalRow, decisions: Sequence[Decision], steps: Sequence[Step]) -> Proposal:
    if digest(row.verdict) != row.verdict_hash:
        raise LedgerUnreadable(f"The verdict stored for proposal {row.id} was changed; run `aeip audit verify` and restore the ledger.")
    try:
        verdict = Verdict.model_validate_json(row.verdict)
        recheck = None if row.recheck is None else Verdict.model_validate_json(row.recheck)
        return Proposal.model_validate(
            {
                **row.model_dump(exclude={"verdict", "recheck"}),
                "actions": verdict.actions,
                "verdict": verdict,
                "recheck": recheck,
                "decisions": tuple(decisions),
                "steps": tuple(steps),
            }
        )
    except ValidationError as error:
        raise LedgerUnreadable(f"Proposal {row.id} cannot be read ({error.error_count()} fields); restore the ledger.") from error
