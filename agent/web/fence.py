"""The fence around the whole host, as pure ASGI: security headers, same origin for changes and sockets, and what Chainlit may not do."""

import json
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CHAT = "/chat"

# The only requests with which a browser may change something inside Chainlit. Sharing and deleting threads, foreign JWTs,
# uploads, MCP servers, feedback and direct writes of elements are not among them: histories belong to their author and stay.
_CHAT_CHANGES = re.compile(r"/chat/(login|logout|set-session-cookie|project/(threads|thread|action)|ws/socket\.io/?)")
_CHAT_METHODS = {"/chat/project/thread": frozenset({"PUT"})}
_CHAT_HIDDEN = re.compile(r"/chat/(project/share|share|auth/oauth|copilot)(/|$)")

# Chainlit compiles custom elements in the browser and styles inline; our own pages need neither.
_CSP = (
    "default-src 'self'; {}; img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_CSP_CHAT = _CSP.format("script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'")
_CSP_OURS = _CSP.format("script-src 'self'; style-src 'self'")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Fence:
    """Wraps the host application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await _refuse(scope, _with_headers(scope, send), *refusal)
            return
        await self.app(scope, receive, _with_headers(scope, send))


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and sentence, or None to let it pass."""
    method, path = scope.get("method", "GET"), scope["path"]
    changes = scope["type"] == "websocket" or method not in _SAFE
    if changes and not _same_origin(Headers(scope=scope)):
        return 403, "This request comes from another site, so nothing was changed; use the page of this host."
    if _CHAT_HIDDEN.match(path) or (method not in _SAFE and path.startswith(_CHAT) and not _allowed_in_chat(method, path)):
        return 403, "Conversations are part of the record: they are neither shared nor deleted nor changed from here."
    return None


def _same_origin(headers: Headers) -> bool:
    """Browsers say where a request comes from; programs that say nothing carry no cookies by themselves."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _allowed_in_chat(method: str, path: str) -> bool:
    return _CHAT_CHANGES.fullmatch(path) is not None and method in _CHAT_METHODS.get(path, {"POST"})


def _with_headers(scope: Scope, send: Send) -> Send:
    path = scope["path"]

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = _CSP_CHAT if path.startswith(_CHAT) else _CSP_OURS
            if not path.startswith(("/chat/assets/", "/public/", "/chat/public/")):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sender


async def _refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = json.dumps({"error": sentence}).encode()
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
