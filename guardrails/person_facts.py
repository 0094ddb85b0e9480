"""Are the people in the tables those that the audit's events record: name, role, scope, and whether they are still there?"""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict, JsonValue
from sqlmodel import Session, col, select

from guardrails.audit_chain import AuditEvent, canonical
from guardrails.person import person_key
from guardrails.tables import AuditRow, PersonRow, RemovalRow, ScopeRow

PERSON_EVENT = "person added"
ROLE_EVENT = "role changed"
SCOPE_EVENT = "scope changed"
REMOVED_EVENT = "person removed"
_EVENTS = (PERSON_EVENT, ROLE_EVENT, SCOPE_EVENT, REMOVED_EVENT)


class _Facts(BaseModel):
    """What is known of one key, as text; None where nothing is. `local` has a scope at most."""

    model_config = ConfigDict(frozen=True)

    name: str | None = None
    role: str | None = None
    scope: str | None = None
    removed: str | None = None


def people_contradiction(session: Session) -> str | None:
    """A sentence with the first person who is not as recorded, or None."""
    rows = session.exec(select(AuditRow).where(col(AuditRow.event).in_(_EVENTS)).order_by(col(AuditRow.seq))).all()
    recorded, stored = _folded(map(AuditEvent.model_validate, rows)), _stored(session)
    for key in sorted(recorded.keys() | stored.keys()):
        events, table = recorded.get(key, _Facts()), stored.get(key, _Facts())
        for field in ("role", "name", "scope", "removed"):
            was, now = getattr(events, field), getattr(table, field)
            if was != now:
                return f"The {'removal' if field == 'removed' else field} of {key} is stored as {now}, but was recorded as {was}."
    return None


def _folded(events: Iterable[AuditEvent]) -> dict[str, _Facts]:
    found: dict[str, _Facts] = {}
    for event in events:
        key = person_key(str(event.details["name"]))
        found[key] = found.get(key, _Facts()).model_copy(update=_told(event))
    return found


def _told(event: AuditEvent) -> Mapping[str, str]:
    """What one event changes of a person."""
    details = event.details
    if event.event == PERSON_EVENT:
        return {"name": str(details["name"]), "role": str(details["role"])}
    if event.event == ROLE_EVENT:
        return {"role": str(details["role"])}
    return {"scope": _text(details["scope"])} if event.event == SCOPE_EVENT else {"removed": event.at}


def _text(scope: JsonValue) -> str:
    return canonical(scope) if isinstance(scope, dict) else str(scope)


def _stored(session: Session) -> dict[str, _Facts]:
    people = {row.key: row for row in session.exec(select(PersonRow))}
    scopes = {row.key: row.scope for row in session.exec(select(ScopeRow))}
    removed = {row.key: row.at for row in session.exec(select(RemovalRow))}
    found = {key: _Facts(scope=scopes.get(key), removed=removed.get(key)) for key in people.keys() | scopes.keys() | removed.keys()}
    return found | {key: found[key].model_copy(update={"name": row.name, "role": row.role}) for key, row in people.items()}
