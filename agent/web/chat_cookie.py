"""Chainlit believes every cookie that it signed; one that is over is taken out of the request before it sees it."""

import asyncio
import re

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.web.sign_ins import COOKIE, SignIns
from grid_models.errors import AeipError

_ASKED = re.compile(r"/chat/(?!assets/|public/|logout$)")  # files are for everybody, and signing out clears what is over


class ChatCookie:
    """Goes around the host. Other authorisations than the cookie are not for the chat at all."""

    def __init__(self, app: ASGIApp, sign_ins: SignIns) -> None:
        self.app, self.sign_ins = app, sign_ins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and _ASKED.match(scope["path"]):
            known = await asyncio.to_thread(self._known, _cookie(scope))
            kept = [(name, value) for name, value in scope["headers"] if name != b"authorization" and (known or name != b"cookie")]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)

    def _known(self, cookie: str) -> bool:
        try:
            return bool(cookie) and self.sign_ins.person(cookie) is not None
        except AeipError:  # a ledger that cannot be read knows nobody
            return False


def _cookie(scope: Scope) -> str:
    given = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    return cookie_parser(given).get(COOKIE, "")
