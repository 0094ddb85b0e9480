"""Is a browser's sign-in still good? It lasts a shift, and ends earlier with the sign-out or with a new password.

Chainlit signs the cookie and believes it until it expires; what is asked here goes for its pages and its socket, too (see `fence.py`).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt
from sqlalchemy import MetaData, delete
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col

from agent.identity import Identity, derive_key
from guardrails.database import reading, writing
from guardrails.people import Person

COOKIE = "aeip_token"
COOKIE_KEY = "chainlit"  # what the cookie's key is derived for; tokens of the API have another
PASSWORD = "pwd"  # the cookie's claim about the password it was given for
_ENDED = MetaData()


class _Row(SQLModel, registry=registry(metadata=_ENDED)):
    pass


class EndedSignInRow(_Row, table=True):
    """A cookie that somebody signed out with, by its hash, until it would have expired."""

    __tablename__ = "aeip_ended_sign_in"

    cookie: str = Field(primary_key=True)
    until: datetime


@dataclass(frozen=True)
class SignIns:
    """The cookies of one host. `hours`: how long each is good, counted from its making, whatever expiry is written in it."""

    identity: Identity
    secret: str = field(repr=False)
    hours: float

    def __post_init__(self) -> None:
        with self.identity.engine.execution_options(aeip_writes=True).begin() as connection:
            _ENDED.create_all(connection)

    def person(self, cookie: str) -> Person | None:
        """Whose sign-in this is, None when it is nobody's or over. The cookie's role is not believed."""
        claims = self._claims(cookie)
        if claims is None or self._made(claims) + timedelta(hours=self.hours) <= self.identity.now() or self._ended(cookie):
            return None
        name, about = str(claims.get("identifier", "")), claims.get("metadata")
        mark = self.identity.password_mark(name)
        if mark is None or not isinstance(about, dict) or about.get(PASSWORD) != mark:
            return None
        return self.identity.person(name)

    def end(self, cookie: str) -> None:
        """Nobody comes in with this cookie any more."""
        if self._claims(cookie) is None:
            return
        now = self.identity.now()
        with writing(self.identity.engine) as session:
            session.exec(delete(EndedSignInRow).where(col(EndedSignInRow.until) < now))
            session.merge(EndedSignInRow(cookie=_hash(cookie), until=now + timedelta(hours=self.hours)))

    def _claims(self, cookie: str) -> dict[str, object] | None:
        try:
            return dict(jwt.decode(cookie, derive_key(self.secret, COOKIE_KEY), algorithms=["HS256"], options={"require": ["exp", "iat"]}))
        except jwt.InvalidTokenError:
            return None

    def _ended(self, cookie: str) -> bool:
        with reading(self.identity.engine) as session:
            return session.get(EndedSignInRow, _hash(cookie)) is not None

    @staticmethod
    def _made(claims: dict[str, object]) -> datetime:
        return datetime.fromtimestamp(float(str(claims["iat"])), UTC)


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
