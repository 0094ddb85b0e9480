"""Who is there: names, roles and scopes as recorded now. No secrets: credentials are checked before a name reaches this folder."""

import unicodedata
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from guardrails import audit
from guardrails.authority import may_administer
from guardrails.claims import CLOCK, OWNER
from guardrails.database import reading, writing
from guardrails.errors import InvalidPerson, LedgerUnreadable, NotAuthorised
from guardrails.person import LOCAL, Person, Role, person_key
from guardrails.person_facts import PERSON_EVENT
from guardrails.refusals import ACCOUNT_REFUSED, refusals_recorded
from guardrails.scope import EVERYWHERE, Scope
from guardrails.storable import storable
from guardrails.tables import PersonRow, RemovalRow, ScopeRow

__all__ = ["LOCAL", "Person", "Role", "add", "everyone", "find", "get", "person_key", "require", "require_administrator"]

_NOBODY = frozenset({"", LOCAL.name, CLOCK, OWNER})  # whom the audit names without there being such a person


def add(engine: Engine, name: str, role: Role, *, by: str, now: datetime) -> Person:
    """Record a person: an administrator does, or anybody as long as there is no administrator yet (a fresh ledger has nobody to ask).

    Raises InvalidPerson for an empty, reserved or taken name, NotAuthorised (which is audited).
    """
    person = Person(name=unicodedata.normalize("NFKC", name).strip(), role=role)
    if not person.name.isprintable() or person_key(name) in _NOBODY:
        raise InvalidPerson(f"'{name}' cannot be a person's name; a printable name that AEIP does not use itself works.")
    content = {"name": person.name, "role": role}
    with refusals_recorded(engine, ACCOUNT_REFUSED, by, lambda: now, content), writing(engine) as session:
        adder = require_administrator(session, by, person.name).name if _has_administrator(session) else by
        _require_free(session, name)
        session.add(PersonRow(key=person_key(name), name=person.name, role=role))
        audit.append(session, PERSON_EVENT, person=adder, at=now, content=content)
    return person


def everyone(engine: Engine) -> tuple[Person, ...]:
    """All people by name, without `local` and without those who were removed."""
    with reading(engine) as session:
        found = (_person(session, row) for row in session.exec(select(PersonRow).order_by(col(PersonRow.key))).all())
        return tuple(person for person in found if person is not None)


def get(engine: Engine, name: str) -> Person | None:
    """The person of that name (`local` included), None when unknown or removed."""
    with reading(engine) as session:
        return find(session, name)


def find(session: Session, name: str) -> Person | None:
    """As `get`, inside a transaction."""
    if person_key(name) == LOCAL.name:
        return LOCAL.model_copy(update={"scope": _scope(session, LOCAL.name)})
    row = session.get(PersonRow, person_key(name)) if storable(name) == name else None
    return None if row is None else _person(session, row)


def require(session: Session, name: str) -> Person:
    """The person as recorded now: rights come from the ledger, not from what a caller claims. Raises NotAuthorised when unknown."""
    person = find(session, name)
    if person is None:
        raise NotAuthorised(f"'{name}' is not a person of this ledger; an administrator adds people with `aeip users add`.")
    return person


def require_administrator(session: Session, by: str, whom: str) -> Person:
    """Who changes the account of `whom`. Raises NotAuthorised."""
    administrator = require(session, by)
    refusal = may_administer(administrator, whom)
    if refusal is not None:
        raise NotAuthorised(refusal)
    return administrator


def _has_administrator(session: Session) -> bool:
    rows = session.exec(select(PersonRow).where(PersonRow.role == Role.ADMINISTRATOR)).all()
    return any(_person(session, row) is not None for row in rows)


def _require_free(session: Session, name: str) -> None:
    taken = session.get(PersonRow, person_key(name))
    if taken is None:
        return
    if _person(session, taken) is None:
        raise InvalidPerson(f"'{taken.name}' was removed and the record keeps the name; another name works.")
    raise InvalidPerson(f"There is a {taken.role} called '{taken.name}' already; names differ by more than their case.")


def _person(session: Session, row: PersonRow) -> Person | None:
    if session.get(RemovalRow, row.key) is not None:
        return None
    return Person(name=row.name, role=Role(row.role), scope=_scope(session, row.key))


def _scope(session: Session, key: str) -> Scope:
    row = session.get(ScopeRow, key)
    try:
        return EVERYWHERE if row is None else Scope.model_validate_json(row.scope)
    except ValidationError as error:
        raise LedgerUnreadable(f"The scope stored for '{key}' cannot be read: restore the ledger.") from error
