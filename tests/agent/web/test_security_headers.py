"""What every answer tells the browser not to do: approvals, chat, API, errors, refusals, redirects and files."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

SignIn = Callable[[str], TestClient]
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
KINDS = {
    "approvals": ("GET", "/approvals", 200),
    "list": ("GET", "/approvals/list", 200),
    "card": ("GET", "/approvals/card/1", 200),
    "chat": ("GET", "/chat/", 200),
    "sign-in": ("GET", "/chat/login", 200),
    "conversation": ("GET", "/chat/thread/1", 200),
    "api": ("GET", "/api/v1/proposals", 200),
    "api-description": ("GET", "/api/v1/openapi.json", 200),
    "missing-proposal": ("GET", "/api/v1/proposals/99", 404),
    "malformed": ("POST", "/api/v1/proposals/1/decision", 422),
    "forged": ("DELETE", "/chat/project/thread", 403),
    "not-allowed": ("PATCH", "/approvals", 405),
    "nowhere": ("GET", "/nowhere", 404),
    "missing-file": ("GET", "/chat-files/1", 404),
    "start": ("GET", "/", 307),
    "health": ("GET", "/healthz", 200),
    "static": ("GET", "/public/card.css", 200),
    "picture": ("GET", "/public/logo_dark.svg", 200),
    "chat-static": ("GET", "/chat/public/chat.js", 200),
    "inside": ("GET", "/approvals/card/2", 500),
}


def policy(headers: Any) -> dict[str, str]:
    """Directives by name."""
    parts = (part.strip().partition(" ") for part in headers["content-security-policy"].split(";"))
    found = {name: sources for name, _, sources in parts}
    assert len(found) == headers["content-security-policy"].count(";") + 1, "a directive given twice counts once"
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_every_header(core: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """With the status that shows it is that kind."""
    core.propose()
    client = sign_in("sven")
    quiet = TestClient(client.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False, cookies=client.cookies)
    quiet.headers.update(client.headers)
    if kind == "inside":
        monkeypatch.setattr(core, "proposal", lambda *_: 1 / 0)
    method, path, status = KINDS[kind]
    response = quiet.request(method, path, follow_redirects=False)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    found = policy(response.headers)
    assert (found["default-src"], found["object-src"], found["base-uri"], found["frame-ancestors"]) == (
        "'self'",
        "'none'",
        "'none'",
        "'none'",
    )
    assert found["connect-src"] == found["form-action"] == "'self'"
    assert "http" not in response.headers["content-security-policy"]
    assert "*" not in response.headers["content-security-policy"]
    if path.startswith("/chat/"):
        assert "'unsafe-inline'" not in found["script-src"]
    else:
        assert "unsafe" not in response.headers["content-security-policy"]
    cached = path.startswith(("/public/", "/chat/public/"))
    assert (response.headers.get("cache-control") == "no-store") is not cached


def test_the_chat_s_page_runs_its_own_inline_scripts_and_no_other(sign_in: SignIn) -> None:
    """Each of them by its hash: a script smuggled in beside them has none."""
    response = sign_in("olga").get("/chat/")
    scripts = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts}
    assert len(hashes) == 2
    assert set(policy(response.headers)["script-src"].split()) == {"'self'", "'unsafe-eval'", *hashes}
    assert not re.search(r"<[^>]+\s(on\w+|style)=", response.text), "nothing on the page needs scripts or styles in attributes"


def test_chat_like_paths_get_no_more_rights_than_ours(sign_in: SignIn) -> None:
    """Only what lies below /chat is Chainlit's; stored content is a page without any rights."""
    client = sign_in("olga")
    for path in ("/chat-files/1", "/chatter", "/chat.html"):
        assert "unsafe" not in client.get(path).headers["content-security-policy"]
    assert "sandbox" in policy(client.get("/chat-files/1").headers)


def test_a_stranger_s_refusals_carry_the_headers_too(anonymous: TestClient) -> None:
    """401 and the way to the sign-in."""
    for accept, status in (("application/json", 401), ("text/html", 303)):
        response = anonymous.get("/approvals", headers={"Accept": accept}, follow_redirects=False)
        assert response.status_code == status
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
        assert "unsafe" not in response.headers["content-security-policy"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(anonymous: TestClient, passwords: dict[str, str]) -> None:
    """HttpOnly and SameSite; Secure is the business of whoever speaks TLS in front."""
    response = anonymous.post("/chat/login", data={"username": "olga", "password": passwords["olga"]})
    (cookie,) = [c for c in response.headers.get_list("set-cookie") if c.startswith("aeip_token=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Domain" not in cookie
