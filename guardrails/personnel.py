"""Give somebody another role or scope, or remove them: an administrator's changes, each with its row in the audit."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Engine
from sqlmodel import Session

from guardrails import audit
from guardrails.audit_chain import canonical, stamp
from guardrails.database import writing
from guardrails.errors import InvalidPerson
from guardrails.people import find, require_administrator
from guardrails.person import LOCAL, Person, Role, person_key
from guardrails.person_facts import REMOVED_EVENT, ROLE_EVENT, SCOPE_EVENT
from guardrails.refusals import ACCOUNT_REFUSED, refusals_recorded
from guardrails.scope import Scope
from guardrails.storable import storable
from guardrails.tables import PersonRow, RemovalRow, ScopeRow


def change_role(engine: Engine, name: str, role: Role, *, by: str, now: datetime) -> Person:
    """The person with the new role. Raises InvalidPerson for an unknown one, NotAuthorised (which is audited)."""
    content: dict[str, JsonValue] = {"name": storable(name), "role": role}
    with refusals_recorded(engine, ACCOUNT_REFUSED, by, lambda: now, content), writing(engine) as session:
        administrator, person = require_administrator(session, by, name), _recorded(session, name)
        session.get_one(PersonRow, person_key(name)).role = role
        told: dict[str, JsonValue] = {"name": person.name, "role": role, "was": person.role}
        audit.append(session, ROLE_EVENT, person=administrator.name, at=now, content=told)
        return person.model_copy(update={"role": role})


def give_scope(engine: Engine, name: str, scope: Scope, *, by: str, now: datetime) -> Person:
    """The person, who acts inside the new scope alone from now on; `local` may have one too. Raises as `change_role`."""
    content: dict[str, JsonValue] = {"name": storable(name), "scope": scope.model_dump(mode="json")}
    with refusals_recorded(engine, ACCOUNT_REFUSED, by, lambda: now, content), writing(engine) as session:
        administrator = require_administrator(session, by, name)
        person = _recorded(session, name, or_local=True)
        session.merge(ScopeRow(key=person_key(name), scope=canonical(scope.model_dump(mode="json"))))
        told: dict[str, JsonValue] = {**content, "name": person.name, "was": person.scope.model_dump(mode="json")}
        audit.append(session, SCOPE_EVENT, person=administrator.name, at=now, content=told)
        return person.model_copy(update={"scope": scope})


def remove(engine: Engine, name: str, *, by: str, now: datetime) -> Person:
    """The person who is one no more: their rights end in this transaction, the name and all they did stay. Raises as `change_role`."""
    content: dict[str, JsonValue] = {"name": storable(name), "removal": True}
    with refusals_recorded(engine, ACCOUNT_REFUSED, by, lambda: now, content), writing(engine) as session:
        administrator, person = require_administrator(session, by, name), _recorded(session, name)
        session.add(RemovalRow(key=person_key(name), at=stamp(now)))
        audit.append(session, REMOVED_EVENT, person=administrator.name, at=now, content={"name": person.name, "role": person.role})
        return person


def _recorded(session: Session, name: str, *, or_local: bool = False) -> Person:
    person = find(session, name)
    if person is None or (person_key(name) == LOCAL.name and not or_local):
        raise InvalidPerson(f"There is no person '{name}' whose account could change; `aeip users list` shows who there is.")
    return person
