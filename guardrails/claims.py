"""The only place where the status of a stored proposal changes: one atomic claim and its audit row, in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pydantic import JsonValue
from sqlalchemy import update
from sqlmodel import Session, col

from guardrails import audit
from guardrails.errors import ProposalNotPending
from guardrails.proposal_rows import find_row
from guardrails.tables import ProposalRow
from guardrails.transitions import Event, Status, next_status

_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})
CLOCK = "clock"  # who lets proposals expire
OWNER = "plant owner"  # who carries them out


def move(
    session: Session,
    proposal_id: int,
    source: Status,
    event: Event,
    *,
    person: str,
    at: datetime,
    content: Mapping[str, JsonValue] = _NOTHING,
    columns: Mapping[str, str | datetime] = MappingProxyType({}),
) -> Status:
    """Move a proposal from `source` by `event`; goes on only if the row really was in `source`.

    content: what the audit row records; columns: further columns of the proposal to write. Raises ProposalNotPending, IllegalTransition.
    """
    target = next_status(source, event)
    claim = update(ProposalRow).where(col(ProposalRow.id) == proposal_id, col(ProposalRow.status) == source)
    if session.exec(claim.values(status=target, **columns)).rowcount != 1:
        raise ProposalNotPending(proposal_id, find_row(session, proposal_id).status, wanted=source)
    audit.append(session, event, person=person, at=at, proposal_id=proposal_id, content=content)
    return target
