"""The kill switch: while it is on, nothing is proposed, approved or executed. What cannot be read counts as on.

Refused attempts to turn it are in the audit too.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue
from sqlalchemy import Engine
from sqlmodel import Session

from guardrails import audit, people
from guardrails.audit_facts import SWITCH_EVENTS
from guardrails.authority import may_resume, may_stop
from guardrails.database import reading, writing
from guardrails.errors import ConfirmationMissing, NotAuthorised, WritesStopped
from guardrails.people import Person
from guardrails.refusals import SWITCH_REFUSED, refusals_recorded
from guardrails.storable import storable
from guardrails.tables import SwitchRow

_UNREADABLE = SwitchRow(id=1, stopped=True, person="AEIP", reason="the kill switch cannot be read")
_NO_REASON = "no reason given"


class SwitchPosition(BaseModel):
    """Whether writes are stopped, by whom and why; `person` is empty when nobody ever touched it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    stopped: bool
    person: str
    reason: str


def stop(engine: Engine, person: Person, reason: str, *, now: datetime) -> None:
    """Stop all writes at once, between two steps of a running execution too. It may go without a reason. Raises NotAuthorised."""
    _set(engine, person, reason, now, stopped=True)


def resume(engine: Engine, supervisor: Person, reason: str, *, now: datetime) -> None:
    """Allow writes again. Raises NotAuthorised for anyone but a supervisor, ConfirmationMissing without a reason."""
    _set(engine, supervisor, reason, now, stopped=False)


def position(engine: Engine) -> SwitchPosition:
    """For the faces; decisions use `require_running` inside their own transaction."""
    with reading(engine) as session:
        return _position(session)


def is_stopped(session: Session) -> bool:
    """Read inside the caller's transaction."""
    return _position(session).stopped


def require_running(session: Session) -> None:
    """Raises WritesStopped with who stopped the writes and why."""
    found = _position(session)
    if found.stopped:
        raise WritesStopped(f"Writes are stopped by {found.person}: {found.reason}. A supervisor can resume them.")


def _position(session: Session) -> SwitchPosition:
    return SwitchPosition.model_validate(session.get(SwitchRow, 1) or _UNREADABLE)


def _set(engine: Engine, person: Person, reason: str, now: datetime, *, stopped: bool) -> None:
    told = " ".join(storable(reason).split())
    tried: dict[str, JsonValue] = {"stop": stopped, "reason": told}
    refusals = (NotAuthorised, ConfirmationMissing)
    with refusals_recorded(engine, SWITCH_REFUSED, person.name, lambda: now, tried, kinds=refusals), writing(engine) as session:
        recorded = people.require(session, person.name)
        refusal = may_stop(recorded) if stopped else may_resume(recorded)
        if refusal is not None:
            raise NotAuthorised(refusal)
        if not stopped and not told:
            raise ConfirmationMissing("Resuming the writes needs a reason: why is it safe to go on? It stays in the record.")
        row = SwitchRow(id=1, stopped=stopped, person=recorded.name, reason=told or _NO_REASON)
        session.merge(row)
        name = next(event for event, position in SWITCH_EVENTS.items() if position is stopped)
        audit.append(session, name, person=recorded.name, at=now, content={"reason": row.reason})
