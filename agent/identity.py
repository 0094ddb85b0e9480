"""Who is at the other end: passwords and tokens.

What a person may do stands in the ledger and is read again at every use; here are only their credentials.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import JsonValue
from sqlalchemy import Engine, MetaData, Text, delete
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col

from grid_models.errors import AeipError
from guardrails import audit, people, personnel
from guardrails.database import reading, writing
from guardrails.errors import InvalidPerson
from guardrails.people import LOCAL, Person, Role, person_key
from guardrails.refusals import ACCOUNT_REFUSED, refusals_recorded
from guardrails.storable import storable

# NIST SP 800-63B 5.2.2 asks for throttling; the numbers are engineering judgement: a supervisor must not be locked out for long.
FREE_FAILURES = 5
WAIT = timedelta(seconds=30)
FORGET = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
_LONGEST = 256  # of a name or a password, so that nobody makes us hash a novel
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without look-alikes: generated passwords are typed from a screen
_AUDIENCE = "aeip-api"
_HASHER = PasswordHasher()  # argon2-cffi's defaults are RFC 9106's low-memory profile
PASSWORD_EVENT = "password changed"
_CREDENTIALS = MetaData()


class WrongCredentials(AeipError):
    """The name or the password is wrong; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("This name and password do not belong together; check both, or ask an administrator for a new password.")


class TooManyAttempts(AeipError):
    """The name is closed for some seconds after several wrong passwords, whether it exists or not."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"There were {FREE_FAILURES} or more wrong passwords for this name; wait {seconds} s, then try again.")
        self.seconds = seconds


class WeakPassword(AeipError):
    """The chosen password is too short or too long."""


class InvalidToken(AeipError):
    """The token is expired, was made for something else, or its owner has changed the password."""


class _Row(SQLModel, registry=registry(metadata=_CREDENTIALS)):
    pass


class CredentialRow(_Row, table=True):
    """The Argon2 hash of one person's password."""

    __tablename__ = "aeip_credential"

    key: str = Field(primary_key=True)
    hash: str = Field(sa_type=Text)


class AttemptRow(_Row, table=True):
    """Failures since the last success, for names that exist and for those that do not."""

    __tablename__ = "aeip_login_attempt"

    key: str = Field(primary_key=True)
    failures: int
    last_at: datetime


def derive_key(secret: str, purpose: str) -> str:
    """A key of its own for each purpose, so that what one part signs no other part accepts."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def generate_password() -> str:
    """Sixteen letters and digits in four groups: 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


@dataclass(frozen=True)
class Identity:
    """The credentials of one ledger. `secret` signs tokens; `now` gives wall UTC."""

    engine: Engine
    secret: str = field(repr=False)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    hasher: PasswordHasher = _HASHER

    def __post_init__(self) -> None:
        with self.engine.execution_options(aeip_writes=True).begin() as connection:
            _CREDENTIALS.create_all(connection)

    def create_account(self, name: str, role: Role, password: str | None = None, *, by: str = LOCAL.name) -> str:
        """Record a person with a password; returns it, generated if none is given, to be shown once.

        by: who does it, proven before; see `people.add`. Raises InvalidPerson, WeakPassword, NotAuthorised.
        """
        chosen = _acceptable(password)
        hashed = self.hasher.hash(_normal(chosen))
        person = people.add(self.engine, name, role, by=by, now=self.now())
        with writing(self.engine) as session:
            self._store_password(session, person, hashed, by)
        return chosen

    def set_password(self, name: str, password: str | None = None, *, by: str | None = None) -> str:
        """Replace a person's password; tokens issued under the old one end. Returns it, generated if none is given.

        by: an administrator, proven before; the person themselves when left out. Raises InvalidPerson, WeakPassword, NotAuthorised.
        """
        chosen, person = _acceptable(password), self.person(name)
        if person is None:
            raise InvalidPerson(f"There is no person '{name}' to give a password to; `aeip users list` shows who there is.")
        hashed, author = self.hasher.hash(_normal(chosen)), person.name if by is None else by
        tried: dict[str, JsonValue] = {"name": person.name, "password": True}
        with refusals_recorded(self.engine, ACCOUNT_REFUSED, author, self.now, tried), writing(self.engine) as session:
            if person_key(author) != person_key(person.name):
                author = people.require_administrator(session, author, person.name).name
            self._store_password(session, person, hashed, author)
        return chosen

    def remove(self, name: str, *, by: str) -> Person:
        """An administrator ends somebody's account: sessions and tokens stop working at once. Raises InvalidPerson, NotAuthorised."""
        person = personnel.remove(self.engine, name, by=by, now=self.now())
        with writing(self.engine) as session:
            session.exec(delete(CredentialRow).where(col(CredentialRow.key) == person_key(person.name)))
        return person

    def _store_password(self, session: Session, person: Person, hashed: str, by: str) -> None:
        session.merge(CredentialRow(key=person_key(person.name), hash=hashed))
        audit.append(session, PASSWORD_EVENT, person=by, at=self.now(), content={"name": person.name})

    def person(self, name: str) -> Person | None:
        """The person as recorded now, None when unknown or without credentials by nature (`local`)."""
        found = people.get(self.engine, name)
        return None if found is None or person_key(found.name) == LOCAL.name else found

    def password_mark(self, name: str) -> str | None:
        """Changes with every new password and tells nothing about it; None for people without one."""
        stored = self._hash_of(person_key(name))
        return None if stored is None else _fingerprint(stored)

    def verify(self, name: str, password: str) -> Person:
        """The person whose password this is. Takes as long for unknown names. Raises WrongCredentials, TooManyAttempts."""
        key, decoy = person_key(storable(name))[:_LONGEST], self._decoy
        self._count(key)
        stored = self._hash_of(key)
        matches = self._matches(stored or decoy, password)
        person = self.person(name) if matches and stored is not None else None
        if person is None:
            raise WrongCredentials
        with writing(self.engine) as session:
            session.exec(delete(AttemptRow).where(col(AttemptRow.key) == key))
        return person

    def issue_token(self, person: Person, hours: float) -> str:
        """A signed token for the API and the command line. Raises InvalidToken for people without a password."""
        stored = self._hash_of(person_key(person.name))
        if stored is None:
            raise InvalidToken(f"'{person.name}' has no password here, so no token either; `aeip users add` makes an account.")
        now = self.now()
        claims = {"sub": person.name, "aud": _AUDIENCE, "iat": now, "exp": now + timedelta(hours=hours), "pwd": _fingerprint(stored)}
        return jwt.encode(claims, derive_key(self.secret, _AUDIENCE), algorithm="HS256")

    def person_of(self, token: str) -> Person:
        """Whose token this is, with the role recorded now. Raises InvalidToken."""
        claims = self._claims(token)
        if self.now() >= datetime.fromtimestamp(float(str(claims["exp"])), UTC):
            raise InvalidToken("This token has expired; sign in again for a new one.")
        person = self.person(str(claims["sub"]))
        stored = self._hash_of(person_key(str(claims["sub"])))
        if person is None or stored is None or claims.get("pwd") != _fingerprint(stored):
            raise InvalidToken("This token was made before the last change of the account; sign in again for a new one.")
        return person

    def _claims(self, token: str) -> dict[str, object]:
        """Signature, audience and shape; the clock is ours, so that the test's is too."""
        options: jwt.types.Options = {"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]}
        try:
            return dict(jwt.decode(token, derive_key(self.secret, _AUDIENCE), algorithms=["HS256"], audience=_AUDIENCE, options=options))
        except jwt.InvalidTokenError as error:
            raise InvalidToken("This token was not issued by this AEIP for its API; sign in for one.") from error

    def _count(self, key: str) -> None:
        """Counts the attempt before the slow hash is compared, so that parallel guesses count too."""
        with writing(self.engine) as session:
            now = self.now()
            session.exec(delete(AttemptRow).where(col(AttemptRow.last_at) < now - FORGET))
            row = session.get(AttemptRow, key) or AttemptRow(key=key, failures=0, last_at=now)
            left = row.last_at + WAIT - now
            if row.failures >= FREE_FAILURES and left > timedelta(0):
                raise TooManyAttempts(int(left.total_seconds()) + 1)
            _store(session, row, now)

    def _hash_of(self, key: str) -> str | None:
        with reading(self.engine) as session:
            row = session.get(CredentialRow, key)
            return None if row is None else row.hash

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return len(password) <= _LONGEST and self.hasher.verify(stored, _normal(password))
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _decoy(self) -> str:
        return self.hasher.hash(secrets.token_hex())


def _store(session: Session, row: AttemptRow, now: datetime) -> None:
    row.failures, row.last_at = row.failures + 1, now
    session.add(row)


def _acceptable(password: str | None) -> str:
    if password is None:
        return generate_password()
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST:
        raise WeakPassword(f"A password needs {SHORTEST_PASSWORD} to {_LONGEST} characters, this one has {len(password)}.")
    return password


def _normal(password: str) -> str:
    """The same characters from any keyboard (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _fingerprint(stored: str) -> str:
    return hashlib.sha256(stored.encode()).hexdigest()[:16]
