"""Who acknowledged which alarm: the last acknowledgement of each, every one of them in the audit.

An acknowledgement is of an alarm as it was told at a plant time: who applies it compares `told_at`, so that an alarm that came back or
worsened since asks again.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine
from sqlmodel import select

from guardrails import audit, people
from guardrails.audit_chain import stamp
from guardrails.audit_facts import ACKNOWLEDGED_EVENT
from guardrails.authority import may_acknowledge
from guardrails.database import reading, writing
from guardrails.errors import InvalidAcknowledgement, NotAuthorised
from guardrails.tables import AcknowledgementRow


class Acknowledgement(BaseModel):
    """One alarm of one grid that somebody knows of."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    grid: str
    key: str = Field(description="the alarm's key")
    person: str
    note: str
    at: datetime = Field(description="wall time, UTC")
    told_at: datetime = Field(description="plant time at which the alarm was new or worsened last")


def acknowledge(engine: Engine, grid: str, key: str, person: str, note: str, at: datetime, *, told_at: datetime) -> Acknowledgement:
    """Record it, in the place of an earlier one, and append it to the audit in the same transaction. The kill switch does not forbid it.

    person: a name; rights are those of the ledger.  at: wall time.  told_at: the alarm's. Raises NotAuthorised, InvalidAcknowledgement,
    LedgerUnreadable.
    """
    if not grid or not key or at.tzinfo is None or told_at.tzinfo is None:
        raise InvalidAcknowledgement(
            f"'{key}' cannot be acknowledged; the grid and key of a standing alarm and times with their zone work."
        )
    with writing(engine) as session:
        recorded = people.require(session, person)
        refusal = may_acknowledge(recorded)
        if refusal is not None:
            raise NotAuthorised(refusal)
        content = {"grid": grid, "key": key, "note": note, "at": stamp(at), "told_at": stamp(told_at)}
        row = session.merge(AcknowledgementRow(person=recorded.name, **content))
        audit.append(session, ACKNOWLEDGED_EVENT, person=recorded.name, at=at, content=content)
        return Acknowledgement.model_validate(row)


def acknowledgements(engine: Engine, grid: str) -> Mapping[str, Acknowledgement]:
    """The last acknowledgement of each alarm of a grid, by the alarm's key. Raises LedgerUnreadable."""
    with reading(engine) as session:
        rows = session.exec(select(AcknowledgementRow).where(AcknowledgementRow.grid == grid))
        return {row.key: Acknowledgement.model_validate(row) for row in rows}
