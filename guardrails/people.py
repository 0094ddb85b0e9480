"""Who may do something here: names and roles. No secrets; credentials are checked elsewhere, before a name reaches this folder."""

import unicodedata
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from guardrails import audit
from guardrails.audit_facts import PERSON_EVENT
from guardrails.database import reading, writing
from guardrails.errors import InvalidPerson, NotAuthorised
from guardrails.tables import PersonRow


class Role(StrEnum):
    """What `authority.py` derives rights from."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Person(BaseModel):
    """Someone AEIP knows by name."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: Role


LOCAL = Person(name="local", role=Role.OPERATOR)  # whoever sits at the command line without a credential


def person_key(name: str) -> str:
    """The name as it is compared: 'Olga', ' olga' and 'OLGA' are one person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def add(engine: Engine, name: str, role: Role, *, by: str, now: datetime) -> Person:
    """Record a person. Raises InvalidPerson for an empty, reserved or taken name."""
    person = Person(name=unicodedata.normalize("NFKC", name).strip(), role=role)
    if not person.name.isprintable() or person_key(name) in ("", LOCAL.name):
        raise InvalidPerson(f"'{name}' cannot be a person's name; a printable name other than '{LOCAL.name}' works.")
    with writing(engine) as session:
        taken = session.get(PersonRow, person_key(name))
        if taken is not None:
            raise InvalidPerson(f"There is a {taken.role} called '{taken.name}' already; names differ by more than their case.")
        session.add(PersonRow(key=person_key(name), name=person.name, role=role))
        audit.append(session, PERSON_EVENT, person=by, at=now, content={"name": person.name, "role": role})
    return person


def everyone(engine: Engine) -> tuple[Person, ...]:
    """All people by name, without `local`."""
    with reading(engine) as session:
        return tuple(_person(row) for row in session.exec(select(PersonRow).order_by(col(PersonRow.key))))


def get(engine: Engine, name: str) -> Person | None:
    """The person of that name (`local` included), None when unknown."""
    with reading(engine) as session:
        return find(session, name)


def find(session: Session, name: str) -> Person | None:
    """As `get`, inside a transaction."""
    if person_key(name) == LOCAL.name:
        return LOCAL
    row = session.get(PersonRow, person_key(name))
    return None if row is None else _person(row)


def require(session: Session, name: str) -> Person:
    """The person as recorded now: rights come from the ledger, not from what a caller claims. Raises NotAuthorised when unknown."""
    person = find(session, name)
    if person is None:
        raise NotAuthorised(f"'{name}' is not a person of this ledger; an administrator adds people with `aeip users add`.")
    return person


def _person(row: PersonRow) -> Person:
    return Person(name=row.name, role=Role(row.role))
