"""Every way to change something, found by walking the host itself: each refuses a foreign page and a browser without the page's token."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from agent.web.door import COOKIE, CSRF_HEADER
from guardrails.transitions import Status

SignIn = Callable[[str], TestClient]
Change = tuple[str, str]  # method (or WEBSOCKET) and a path that leads to the route

SAFE = {"GET", "HEAD", "OPTIONS"}
HERE = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "https://127.0.0.1:8000.evil.example"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)
# What proves itself otherwise than by a cookie, so that no foreign page can ride on one: a password in the body.
BY_PASSWORD = {("POST", "/api/v1/token")}


def changes(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[Change]:
    """All that is no mere reading, mounted applications and included routers, too."""
    for route in routes:
        path = prefix + re.sub(r"\{[^}]*\}", "1", getattr(route, "path", None) or "")
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from changes(included.routes, prefix)
        elif isinstance(route, WebSocketRoute) or path.endswith("/ws/socket.io"):  # Engine.IO is mounted as a whole
            yield "WEBSOCKET", f"{path}/"
            yield "POST", f"{path}/"
        elif getattr(route, "routes", None):
            yield from changes(route.routes, path)  # type: ignore[attr-defined]  # a mount
        else:
            yield from ((method, path) for method in sorted(set(getattr(route, "methods", None) or ()) - SAFE))


def without_token(client: TestClient) -> TestClient:
    """The browser of somebody signed in, as a foreign page can use it: it brings the cookie and nothing else."""
    client.headers.pop(CSRF_HEADER, None)
    return client


def status(client: TestClient, change: Change, headers: dict[str, str]) -> int:
    """What becomes of it; a refused handshake is 403, an accepted one 101."""
    method, path = change
    if method != "WEBSOCKET":
        return client.request(method, path, json={}, headers=headers).status_code
    cookie = f"{COOKIE}={client.cookies[COOKIE]}"  # the test client's sockets have another host, to which it sends no cookie by itself
    try:
        with client.websocket_connect(f"{path}?EIO=4&transport=websocket", headers={"Cookie": cookie, **headers}):
            return 101
    except WebSocketDisconnect as refused:
        return 403 if refused.code == 1008 else refused.code


def unprotected(host: FastAPI, client: TestClient) -> list[Change]:
    """Our own routes that a page of this host could call with the cookie alone. Chainlit's page sends no token: the origin guards it."""
    ours = [c for c in changes(host.routes) if not c[1].startswith("/chat") and c not in BY_PASSWORD]
    return [c for c in ours if status(client, c, HERE) != 403]


def test_the_walk_finds_every_kind_of_change(host: FastAPI) -> None:
    """Ours, Chainlit's, and the socket; fewer would mean that the walk no longer sees them."""
    found = set(changes(host.routes))
    assert {
        ("POST", "/api/v1/token"),
        ("POST", "/api/v1/proposals/1/decision"),
        ("POST", "/api/v1/proposals/1/withdrawal"),
        ("POST", "/api/v1/alarms/1/acknowledge"),
        ("POST", "/chat/login"),
        ("POST", "/chat/project/action"),
        ("PUT", "/chat/project/thread"),
        ("DELETE", "/chat/project/thread"),
        ("POST", "/chat/mcp"),
        ("WEBSOCKET", "/chat/ws/socket.io/"),
    } <= found
    assert len(found) >= 22


def test_every_change_from_a_foreign_page_is_refused(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """With a supervisor's cookie, and even with their token."""
    core.propose()
    sven = sign_in("sven")
    tried = [(change, headers) for change in changes(host.routes) for headers in FOREIGN]
    passed = [(change, headers) for change, headers in tried if status(sven, change, headers) != 403]
    assert passed == []
    assert core.stored[1].status is Status.PENDING
    print(f"{len(tried)} foreign requests to {len(tried) // len(FOREIGN)} changes, 0 passed")


def test_every_change_of_unknown_origin_with_a_cookie_alone_is_refused(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """A browser that says nothing of where it is brings no token either."""
    core.propose()
    sven = without_token(sign_in("sven"))
    assert [change for change in changes(host.routes) if status(sven, change, {}) != 403] == []
    assert core.stored[1].status is Status.PENDING


def test_every_change_of_ours_needs_the_page_s_token(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """The right origin alone changes nothing: no token, a wrong one, and that of another session."""
    core.propose()
    sven, other = without_token(sign_in("sven")), sign_in("sara").headers[CSRF_HEADER]
    for token in ("", "0" * 64, other):
        sven.headers[CSRF_HEADER] = token
        assert unprotected(host, sven) == []
    assert core.stored[1].status is Status.PENDING


def test_a_new_route_without_protection_is_found(host: FastAPI, sign_in: SignIn) -> None:
    """The walk above fails for it: on the host, in an included router and in a mounted application."""
    from fastapi import APIRouter

    async def careless() -> dict[str, str]:
        return {}

    router, mounted = APIRouter(prefix="/api/v1"), FastAPI()
    router.add_api_route("/careless", careless, methods=["PATCH"])
    mounted.add_api_route("/careless", careless, methods=["DELETE"])
    host.add_api_route("/careless", careless, methods=["POST"])
    host.include_router(router)
    host.mount("/more", mounted)
    found = {("POST", "/careless"), ("PATCH", "/api/v1/careless"), ("DELETE", "/more/careless")}
    assert set(unprotected(host, without_token(sign_in("sven")))) == found


def test_the_socket_s_other_transport_is_guarded_as_well(sign_in: SignIn) -> None:
    """Engine.IO can also open a session by plain requests; reading across origins would talk as the person."""
    client = without_token(sign_in("olga"))
    for headers in FOREIGN:
        assert client.get("/chat/ws/socket.io/?EIO=4&transport=polling", headers=headers).status_code == 403
    assert client.get("/chat/ws/socket.io/?EIO=4&transport=polling", headers=HERE).status_code == 200


@pytest.mark.parametrize("path", ["/chat/docs", "/chat/redoc", "/chat/openapi.json", "/chat/share/1", "/chat/copilot/index.js"])
def test_what_nobody_needs_of_chainlit_is_closed(sign_in: SignIn, path: str) -> None:
    """Its own documentation, sharing and the copilot."""
    assert sign_in("sven").get(path).status_code == 403
