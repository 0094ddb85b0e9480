"""How long a sign-in lasts: a shift, no longer, and shorter after signing out or a new password; through every door of the host."""

import asyncio
import contextvars
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from agent.identity import derive_key
from agent.web.host import create_host
from agent.web.sign_ins import COOKIE, COOKIE_KEY

SignIn = Callable[[str], TestClient]
DOORS = ("/api/v1/me", "/approvals", "/chat/user", "/chat-files/1")
HANDSHAKE = "/chat/ws/socket.io/?EIO=4&transport=polling"


def made(core: Any, name: str, *, ago: timedelta, left: timedelta, **more: object) -> str:
    """A cookie with the right signature, as Chainlit makes them."""
    now = datetime.now(UTC)
    metadata = {"role": "supervisor", "pwd": core.identity.password_mark(name)}
    claims = {"identifier": name, "metadata": metadata, "iat": now - ago, "exp": now + left, **more}
    return jwt.encode(claims, derive_key(core.secret, COOKIE_KEY), algorithm="HS256")


def opened(host: FastAPI, cookie: str) -> list[str]:
    """The doors that let somebody in with this cookie, Chainlit's authorisation header among them."""
    client = TestClient(host, base_url="http://127.0.0.1:8000", cookies={COOKIE: cookie})
    found = [path for path in DOORS if client.get(path, headers={"Accept": "application/json"}).status_code != 401]
    bare = TestClient(host, base_url="http://127.0.0.1:8000", headers={"Authorization": f"Bearer {cookie}"})
    if bare.get("/chat/user").status_code != 401:
        found.append("authorisation")
    return found


def connects(host: FastAPI, cookie: str) -> bool:
    """Does the chat's socket open for this cookie? Engine.IO opens for everybody, Socket.IO's connect is what is refused."""
    client = TestClient(host, base_url="http://127.0.0.1:8000", cookies={COOKIE: cookie})
    here = {"Origin": "http://127.0.0.1:8000"}
    sid = client.get(HANDSHAKE, headers=here).text.split('"sid":"')[1].split('"')[0]
    ours = f'40{{"clientType":"webapp","sessionId":"{uuid.uuid4()}"}}'
    client.post(f"{HANDSHAKE}&sid={sid}", content=ours, headers={**here, "Content-Type": "text/plain"})
    return client.get(f"{HANDSHAKE}&sid={sid}", headers=here).text.startswith("40")


@pytest.mark.parametrize("hours", [2.5, 8.0])
def test_a_sign_in_lasts_the_hours_of_a_shift(core: Any, passwords: dict[str, str], hours: float) -> None:
    """As the browser is told, and as it is signed."""
    core.settings = replace(core.settings, session_hours=hours)
    client = TestClient(create_host(core), base_url="http://127.0.0.1:8000")
    response = client.post("/chat/login", data={"username": "olga", "password": passwords["olga"]})
    assert f"max-age={hours * 3600:.0f}" in response.headers["set-cookie"].lower()
    claims = jwt.decode(client.cookies[COOKIE], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == hours * 3600
    assert abs(claims["iat"] - datetime.now(UTC).timestamp()) < 60


def test_a_cookie_of_this_shift_opens_every_door(core: Any, host: FastAPI) -> None:
    """What the refusals below are measured against; the chat takes no other authorisation than the cookie."""
    cookie = made(core, "sven", ago=timedelta(hours=7.9), left=timedelta(hours=0.1))
    assert opened(host, cookie) == list(DOORS)
    assert connects(host, cookie)


@pytest.mark.parametrize(
    ("ago", "left"),
    [
        (timedelta(hours=8.1), timedelta(hours=-0.1)),
        (timedelta(hours=8.1), timedelta(days=14)),
        (timedelta(days=400), timedelta(days=4000)),
    ],
)
def test_a_cookie_of_an_earlier_shift_opens_none(core: Any, host: FastAPI, ago: timedelta, left: timedelta) -> None:
    """Though its signature is right, and whatever expiry stands in it."""
    cookie = made(core, "sven", ago=ago, left=left)
    assert opened(host, cookie) == []
    assert not connects(host, cookie)


@pytest.mark.parametrize("missing", ["iat", "exp", "metadata", "identifier"])
def test_a_cookie_that_leaves_something_out_opens_none(core: Any, host: FastAPI, missing: str) -> None:
    claims = jwt.decode(made(core, "sven", ago=timedelta(0), left=timedelta(hours=8)), options={"verify_signature": False})
    del claims[missing]
    assert opened(host, jwt.encode(claims, derive_key(core.secret, COOKIE_KEY), algorithm="HS256")) == []


def test_signing_out_ends_the_sign_in_for_copies_too(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """Whoever copied the cookie; another sign-in of the same person goes on."""
    other = made(core, "sven", ago=timedelta(minutes=1), left=timedelta(hours=8))
    client = sign_in("sven")
    copied = client.cookies[COOKIE]
    assert opened(host, copied) == list(DOORS)
    assert client.post("/chat/logout").json() == {"success": True}
    assert COOKIE not in client.cookies
    assert opened(host, copied) == []
    assert not connects(host, copied)
    assert opened(host, other) == list(DOORS)


def test_an_ended_sign_in_decides_nothing(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """Even with the token that its page had."""
    core.propose()
    client = sign_in("sven")
    copied = client.cookies[COOKIE]
    client.post("/chat/logout")
    body = {"decision": "approve", "verdict_hash": core.stored[1].verdict_hash}
    client.cookies.set(COOKIE, copied)
    assert client.post("/api/v1/proposals/1/decision", json=body).status_code == 401
    assert core.stored[1].status.value == "pending"


def test_a_new_password_ends_every_sign_in(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """Of that person, and of nobody else."""
    sven, olga = sign_in("sven").cookies[COOKIE], sign_in("olga").cookies[COOKIE]
    core.identity.set_password("sven")
    assert opened(host, sven) == []
    assert not connects(host, sven)
    assert opened(host, olga) == list(DOORS)


@pytest.mark.parametrize("how", ["shift", "sign-out", "password"])
async def test_an_open_page_does_not_outlive_its_sign_in(core: Any, host: FastAPI, how: str) -> None:
    """Its socket stays open; what is typed there after the end is neither answered nor proposed."""
    import chainlit as cl
    from chainlit.context import init_ws_context
    from chainlit.session import WebsocketSession, ws_sessions_id

    from agent.web.chat import Chat, audible

    chat: Any = Chat(core, host.state.notices, history=None)  # type: ignore[arg-type]  # the registered layer stays the host's
    cookie = made(core, "olga", ago=timedelta(hours=8.1 if how == "shift" else 0), left=timedelta(hours=1))
    said: list[Any] = []

    async def emit(_event: str, data: Any) -> None:
        said.append(data)

    session = WebsocketSession(
        id=str(uuid.uuid4()),
        socket_id=str(uuid.uuid4()),
        emit=emit,  # type: ignore[arg-type]  # Chainlit awaits it
        emit_call=emit,  # type: ignore[arg-type]
        user_env={},
        client_type="webapp",
        user=cl.User(identifier="olga"),
        token=cookie,
    )

    async def typed() -> None:
        init_ws_context(session)
        await audible(chat.on_message)(cl.Message(content="open HV1 Line 14", type="user_message"))

    if how != "shift":
        await asyncio.create_task(typed(), context=contextvars.copy_context())
        assert len(core.stored) == 1
    if how == "sign-out":
        chat.sign_ins.end(cookie)
    if how == "password":
        core.identity.set_password("olga")
    before = len(core.stored)
    await asyncio.create_task(typed(), context=contextvars.copy_context())
    ws_sessions_id.clear()
    assert len(core.stored) == before
    assert "sign in again" in str(said)
