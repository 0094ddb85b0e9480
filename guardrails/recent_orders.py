"""How many actions were ordered in one grid lately? Commands that were sent, and actions that are pending or approved."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import col, func, select

from guardrails.database import reading
from guardrails.tables import ProposalRow, StepRow
from guardrails.transitions import Status

WITHIN = timedelta(hours=1)


def actions_last_hour(engine: Engine, grid: str, now: datetime) -> int:
    """Commands of the hour before `now` (wall UTC), failed ones too, and actions that wait. Raises LedgerUnreadable.

    What is being carried out at this moment is not counted: its own check before execution would count it twice. Whoever asks
    meanwhile is checked again before execution, too.
    """
    sent = (
        select(func.count())
        .select_from(StepRow)
        .join(ProposalRow, col(StepRow.proposal_id) == col(ProposalRow.id))
        .where(col(StepRow.started_at) > now - WITHIN, ProposalRow.grid == grid, ProposalRow.status != Status.EXECUTING)
    )
    waiting = select(ProposalRow.verdict).where(
        col(ProposalRow.status).in_([Status.PENDING, Status.APPROVED]), ProposalRow.grid == grid, col(ProposalRow.expires_at) > now
    )
    with reading(engine) as session:
        return session.exec(sent).one() + sum(len(json.loads(verdict)["actions"]) for verdict in session.exec(waiting))
