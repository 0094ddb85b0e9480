"""The fence around the whole host, as pure ASGI: security headers, same origin for changes and sockets, and what Chainlit may not do."""

import json
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.web.content_policy import ContentPolicy
from agent.web.door import CSRF_HEADER
from agent.web.failures import failed
from agent.web.sign_ins import COOKIE

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SOCKET = "/chat/ws/"

# The only requests with which a browser may change something inside Chainlit. Sharing and deleting threads, foreign JWTs,
# uploads, MCP servers, feedback and direct writes of elements are not among them: histories belong to their author and stay.
_CHAT_CHANGES = re.compile(r"/chat/(login|logout|set-session-cookie|project/(threads|thread|action)|ws/socket\.io/?)")
_CHAT_METHODS = {"/chat/project/thread": frozenset({"PUT"})}
_CHAT_HIDDEN = re.compile(r"/chat/(project/share|share|auth/oauth|copilot|docs|redoc|openapi\.json)(/|$)")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Fence:
    """Wraps the host application. `chat_page` is the chat's HTML, whose inline scripts are the only ones that may run there."""

    def __init__(self, app: ASGIApp, chat_page: str = "") -> None:
        self.app = app
        self._policy = ContentPolicy(chat_page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await _refuse(scope, self._with_headers(scope, send), *refusal)
            return
        await self._pass(scope, receive, self._with_headers(scope, send))

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Starlette answers what nobody caught outside of every middleware, so without headers: it is answered here."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await (await failed(Request(scope), error))(scope, receive, send)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path = scope["path"]

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = self._policy.of(path)
                if not path.startswith(("/chat/assets/", "/public/", "/chat/public/")):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return sender


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and sentence, or None to let it pass."""
    method, path = scope.get("method", "GET"), scope["path"]
    changes = scope["type"] == "websocket" or method not in _SAFE
    if (changes or path.startswith(_SOCKET)) and not _same_origin(Headers(scope=scope), changes=changes):
        return 403, "This request comes from another site, so nothing was changed; use the page of this host."
    if _CHAT_HIDDEN.match(path) or (method not in _SAFE and path.startswith("/chat") and not _allowed_in_chat(method, path)):
        return 403, "Conversations are part of the record: they are neither shared nor deleted nor changed from here."
    return None


def _same_origin(headers: Headers, *, changes: bool) -> bool:
    """Browsers say where a change comes from. What says nothing is a program: it brings no cookie, or the token beside it."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None:
        return _host_of(origin) == headers.get("host", "").lower()
    if site is not None:
        return site in ("same-origin", "none")
    return not changes or COOKIE not in headers.get("cookie", "") or CSRF_HEADER in headers


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # no address at all
        return None


def _allowed_in_chat(method: str, path: str) -> bool:
    return _CHAT_CHANGES.fullmatch(path) is not None and method in _CHAT_METHODS.get(path, {"POST"})


async def _refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = json.dumps({"error": sentence}).encode()
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
