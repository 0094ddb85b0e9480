"""When did a proposal change? One task asks the ledger; everybody else waits for it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

log = logging.getLogger(__name__)

POLL_S = 0.5
_HEARTBEAT_S = 15.0  # below the idle limits of common proxies


class Live:
    """The ledger's version as everybody's bell. Lives in one event loop."""

    def __init__(self, read_version: Callable[[], str]) -> None:
        self._read_version = read_version
        self._bell = asyncio.Event()
        self.version = ""
        self.closed = False

    async def watch(self) -> None:
        """Runs as long as the host. A ledger that cannot be read for a while is asked again."""
        fault = ""
        while not self.closed:
            try:
                self._set(await asyncio.to_thread(self._read_version))
                fault = ""
            except Exception as error:  # the watcher must survive whatever the database says
                if str(error) != fault:
                    log.error("the proposals' version cannot be read: %s", error)
                fault = str(error)
            await asyncio.sleep(POLL_S)

    async def changes(self) -> AsyncIterator[str | None]:
        """The present version, then each new one; None as a sign of life in between."""
        told: str | None = None
        while not self.closed:
            bell = self._bell  # taken before the version, so that no change falls between the two
            news = self.version if self.version != told else None
            told = self.version
            yield news
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), _HEARTBEAT_S)

    async def server_sent_events(self) -> AsyncIterator[bytes]:
        """The same for a browser's EventSource."""
        async for version in self.changes():
            yield f"event: proposals\ndata: {version}\n\n".encode() if version is not None else b": alive\n\n"

    def close(self) -> None:
        """Lets all who wait go, so that the host can stop."""
        self.closed = True
        self._bell.set()

    def _set(self, version: str) -> None:
        if version != self.version:
            self.version = version
            bell, self._bell = self._bell, asyncio.Event()
            bell.set()
