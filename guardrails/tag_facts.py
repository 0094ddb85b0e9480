"""Do the standing tags follow from their audit events?"""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue
from sqlmodel import Session, col, select

from guardrails.audit_chain import AuditEvent
from guardrails.tables import AuditRow, TagRow

TAG_SET = "tag set"
TAG_LIFTED = "tag lifted"


def tag_contradiction(session: Session) -> str | None:
    """A sentence with the first tag that stands, or does not, against its events; None where all follow."""
    rows = session.exec(select(AuditRow).where(col(AuditRow.event).in_([TAG_SET, TAG_LIFTED])).order_by(col(AuditRow.seq)))
    recorded = _standing(map(AuditEvent.model_validate, rows))
    if isinstance(recorded, str):
        return recorded
    stored = {row.id: row.model_dump() for row in session.exec(select(TagRow))}
    for number in sorted(recorded.keys() | {n for n in stored if n is not None}):
        if recorded.get(number) != stored.get(number):
            return f"Tag {number} is not the one its events record{'' if number in stored else ': it stands no more'}."
    return None


def _standing(events: Iterable[AuditEvent]) -> dict[int, Mapping[str, JsonValue]] | str:
    """The tags that stand after the events, by number; or which of them cannot be followed."""
    found: dict[int, Mapping[str, JsonValue]] = {}
    for event in events:
        number = int(str(event.details["id"]))
        if event.event == TAG_SET:
            found[number] = {**event.details, "person": event.person}
        elif {k: v for k, v in event.details.items() if k != "reason"} != found.pop(number, None):
            return f"Tag {number} was lifted in row {event.seq}, but it is not one that stood."
    return found
