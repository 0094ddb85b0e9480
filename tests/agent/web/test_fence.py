"""The fence: headers on every answer, changes only from this host's pages, and a Chainlit that cannot touch the record."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

SignIn = Callable[[str], TestClient]


@pytest.mark.parametrize("path", ["/chat/", "/approvals", "/healthz", "/api/v1/proposals", "/public/card.css", "/nowhere"])
def test_every_answer_carries_the_headers(sign_in: SignIn, path: str) -> None:
    headers = sign_in("sven").get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_our_own_pages_allow_no_inline_script(sign_in: SignIn) -> None:
    """Only Chainlit's page needs more."""
    client = sign_in("sven")
    assert "unsafe" not in client.get("/approvals").headers["content-security-policy"]
    assert "'unsafe-eval'" in client.get("/chat/").headers["content-security-policy"]


def test_pages_with_data_are_not_cached(sign_in: SignIn) -> None:
    client = sign_in("sven")
    assert client.get("/approvals").headers["cache-control"] == "no-store"
    assert client.get("/api/v1/proposals").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_changes_from_elsewhere_are_refused(core: Any, sign_in: SignIn, headers: dict[str, str]) -> None:
    """Even with cookie and token, and even for signing in."""
    core.propose()
    client = sign_in("sven")
    body = {"decision": "approve", "verdict_hash": core.stored[1].verdict_hash}
    assert client.post("/api/v1/proposals/1/decision", json=body, headers=headers).status_code == 403
    assert client.post("/chat/login", data={"username": "olga", "password": "any password"}, headers=headers).status_code == 403
    assert core.stored[1].status == "pending"


def test_changes_from_our_own_page_pass(core: Any, sign_in: SignIn) -> None:
    core.propose()
    body = {"decision": "approve", "verdict_hash": core.stored[1].verdict_hash}
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert sign_in("sven").post("/api/v1/proposals/1/decision", json=body, headers=headers).status_code == 200


def test_sockets_from_elsewhere_are_refused(sign_in: SignIn) -> None:
    """A foreign page must not talk as the person whose browser it runs in."""
    client = sign_in("olga")
    address = "/chat/ws/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(address, headers={"Origin": "http://evil.example"}):
        pass
    assert refused.value.code == 1008


def test_sockets_from_our_own_page_pass(sign_in: SignIn) -> None:
    """Engine.IO opens with a packet that begins with 0."""
    headers = {"Origin": "http://testserver", "Upgrade": "websocket"}  # the test client's own host
    with sign_in("olga").websocket_connect("/chat/ws/socket.io/?EIO=4&transport=websocket", headers=headers) as socket:
        assert socket.receive_text().startswith("0{")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/chat/project/thread"),
        ("PUT", "/chat/project/thread/share"),
        ("GET", "/chat/project/share/some-thread"),
        ("GET", "/chat/share/some-thread"),
        ("PUT", "/chat/project/element"),
        ("DELETE", "/chat/project/element"),
        ("PUT", "/chat/feedback"),
        ("POST", "/chat/project/file"),
        ("POST", "/chat/auth/jwt"),
        ("POST", "/chat/auth/header"),
        ("POST", "/chat/mcp"),
        ("DELETE", "/chat/project/action"),
        ("POST", "/chat/project/thread"),
    ],
)
def test_chainlit_cannot_share_delete_or_rewrite(sign_in: SignIn, method: str, path: str) -> None:
    """Histories belong to their author and stay; everything that is not needed is closed."""
    response = sign_in("olga").request(method, path, json={})
    assert response.status_code == 403
    assert "part of the record" in response.json()["error"]


@pytest.mark.parametrize("path", ["/chat/user", "/chat/project/settings", "/chat/project/translations"])
def test_what_the_chat_needs_stays_open(sign_in: SignIn, path: str) -> None:
    assert sign_in("olga").get(path).status_code == 200


def test_threads_are_listed_and_signing_out_works(sign_in: SignIn) -> None:
    client = sign_in("olga")
    assert client.post("/chat/project/threads", json={"pagination": {"first": 5}, "filter": {}}).status_code == 200
    assert client.post("/chat/logout").status_code == 200
    assert client.get("/api/v1/me").status_code == 401
