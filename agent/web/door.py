"""Who sends a request: the person behind the chat's cookie or an API token, and proof that a change was meant by them."""

import hashlib
import hmac
from dataclasses import dataclass, field

from starlette.requests import Request

from agent.identity import Identity, derive_key
from agent.web.sign_ins import COOKIE, SignIns
from grid_models.errors import AeipError
from guardrails.people import Person

CSRF_HEADER = "X-AEIP-CSRF"


class NotSignedIn(AeipError):
    """Neither cookie nor token says who this is."""

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in; sign in at /chat/login, or send 'Authorization: Bearer TOKEN' (POST /api/v1/token gives one)."
        )


class ForgedRequest(AeipError):
    """A change that the page itself did not ask for."""

    def __init__(self) -> None:
        super().__init__(f"This request lacks a valid {CSRF_HEADER} header, so nothing was changed; reload the page and try again.")


@dataclass(frozen=True)
class Visitor:
    """A person and, if the browser's cookie named them, the token that their changes must carry."""

    person: Person
    csrf: str = field(default="", repr=False)


@dataclass(frozen=True)
class Door:
    """Lets people in by name; rights are the ledger's business."""

    identity: Identity
    secret: str = field(repr=False)
    sign_ins: SignIns

    def visitor(self, request: Request) -> Visitor:
        """Who asks. A token in the header counts before the cookie. Raises NotSignedIn, InvalidToken."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer":
                raise NotSignedIn
            return Visitor(self.identity.person_of(token.strip()))
        cookie = request.cookies.get(COOKIE, "")
        person = self.sign_ins.person(cookie)
        if person is None:
            raise NotSignedIn
        return Visitor(person, self._csrf(cookie))

    def author(self, request: Request) -> Visitor:
        """Who changes something: a cookie alone, which a browser sends by itself, is not enough. Raises also ForgedRequest."""
        visitor = self.visitor(request)
        if visitor.csrf and not hmac.compare_digest(visitor.csrf.encode(), request.headers.get(CSRF_HEADER, "").encode()):
            raise ForgedRequest
        return visitor

    def _csrf(self, cookie: str) -> str:
        key = derive_key(self.secret, "csrf").encode()
        return hmac.new(key, cookie.encode(), hashlib.sha256).hexdigest()
