"""How many actions were ordered in one grid lately? Commands that were sent, and actions that are pending or approved."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import col, func, select

from guardrails.database import reading
from guardrails.tables import ProposalRow, StepRow
from guardrails.transitions import Status

WITHIN = timedelta(hours=1)
_LATEST = 5000  # commands looked at, of all grids: eighty grids that each order as much as they may


def actions_last_hour(engine: Engine, grid: str, now: datetime) -> int:
    """Commands of the hour before `now` (wall UTC), failed ones too, and actions that wait. Raises LedgerUnreadable.

    What is being carried out at this moment is not counted: its own check before execution would count it twice. Whoever asks
    meanwhile is checked again before execution, too.
    """
    latest = select(StepRow.proposal_id, StepRow.started_at).order_by(col(StepRow.id).desc()).limit(_LATEST).subquery()
    sent = (
        select(func.count())
        .select_from(latest)
        .join(ProposalRow, latest.c.proposal_id == col(ProposalRow.id))
        .where(latest.c.started_at > now - WITHIN, ProposalRow.grid == grid, ProposalRow.status != Status.EXECUTING)
    )
    waiting = select(ProposalRow.verdict).where(
        col(ProposalRow.status).in_([Status.PENDING, Status.APPROVED]), ProposalRow.grid == grid, col(ProposalRow.expires_at) > now
    )
    with reading(engine) as session:
        return session.exec(sent).one() + sum(len(json.loads(verdict)["actions"]) for verdict in session.exec(waiting))
