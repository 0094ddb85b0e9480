"""Live updates: a change is told once, soon, and to everybody who waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from fastapi import FastAPI

from agent.identity import derive_key
from agent.web.live import Live
from agent.web.sign_ins import COOKIE, COOKIE_KEY

SOON_S = 3.0


@asynccontextmanager
async def watching(live: Live) -> AsyncIterator[None]:
    """The host's watcher, for the time of a test."""
    task = asyncio.create_task(live.watch())
    try:
        yield
    finally:
        live.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_change_reaches_everybody_once() -> None:
    """Two listeners hear the present version and then the new one."""
    version = "1"
    live = Live(lambda: version)
    heard: list[list[str | None]] = [[], []]

    async def listen(into: list[str | None]) -> None:
        async for news in live.changes():
            into.append(news)

    async with watching(live):
        listeners = [asyncio.create_task(listen(into)) for into in heard]
        await asyncio.sleep(0.1)
        version = "2"
        await asyncio.sleep(0.8)
    await asyncio.gather(*listeners)
    for versions in heard:
        assert versions[-1] == "2" or versions[-2:] == ["2", None]
        assert versions.count("2") == 1


async def test_an_unreadable_ledger_is_logged_once_and_asked_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watcher survives; a fault that lasts does not fill the log."""
    monkeypatch.setattr("agent.web.live.POLL_S", 0.01)
    answers = iter([OSError("disk gone")] * 3)

    def read() -> str:
        if (fault := next(answers, None)) is not None:
            raise fault
        return "back"

    live = Live(read)
    async with watching(live):
        async with asyncio.timeout(SOON_S):
            while live.version != "back":
                await asyncio.sleep(0.01)
    assert caplog.text.count("disk gone") == 1


def cookie_of(core: Any, name: str) -> bytes:
    """What Chainlit's sign-in would set."""
    metadata = {"pwd": core.identity.password_mark(name)}
    claims = {"identifier": name, "metadata": metadata, "iat": datetime.now(UTC), "exp": 4102444800}
    return f"{COOKIE}={jwt.encode(claims, derive_key(core.secret, COOKIE_KEY), algorithm='HS256')}".encode()


async def test_the_browser_s_stream_tells_a_new_proposal(core: Any, host: FastAPI) -> None:
    """Over the real application: the first event is the present version, the next comes with the change."""
    chunks: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", cookie_of(core, "sven"))]
    scope = {"type": "http", "method": "GET", "path": "/api/v1/events", "query_string": b"", "headers": headers, "http_version": "1.1"}

    async def next_event() -> str:
        async with asyncio.timeout(SOON_S):
            while not (body := (await chunks.get()).get("body", b"")).startswith(b"event"):
                pass
        return str(body.decode())

    async with watching(host.state.live):
        await asyncio.sleep(0.1)
        request = asyncio.create_task(host(scope, receive, chunks.put))
        start = await chunks.get()
        assert start["status"] == 200
        assert (b"content-type", b"text/event-stream; charset=utf-8") in start["headers"]
        assert await next_event() == "event: proposals\ndata: 0\n\n"
        core.propose()
        assert await next_event() == "event: proposals\ndata: 1\n\n"
        gone.set()
        async with asyncio.timeout(SOON_S):
            await request
