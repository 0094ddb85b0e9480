"""One process that serves: take the port, start the plant's owner, run uvicorn with one worker, and stop in order."""

import contextlib
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from agent.web.core import Core
from grid_models.errors import AeipError

_GRACE_S = 5  # for open requests at the end


class CannotListen(AeipError):
    """The address cannot be served; the message says why and what would work."""


def serve(core: Core, create_host: Callable[[Core], FastAPI]) -> None:
    """Blocks until Ctrl-C or SIGTERM. The port is taken first, so that a second start disturbs nothing."""
    listener = _listen(core.settings.host, core.settings.port)
    # uvicorn raises the signal again when it has stopped; SIGTERM's default would end the process before the plant is given back.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app = create_host(core)
        core.start()
        try:
            # One worker: live updates reach the sessions of this process only, and the plant has one owner.
            config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=_GRACE_S)
            with contextlib.suppress(KeyboardInterrupt):
                _Server(config, app).run(sockets=[listener])
        finally:
            core.stop()
    finally:
        listener.close()


class _Server(uvicorn.Server):
    """Says where it listens, and lets the open event streams go before it waits for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            url = _url(sockets[0])
            sys.stdout.write(f"AEIP serves {url}\n  chat       {url}/chat\n  approvals  {url}/approvals\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.live.close()
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that owns the port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"'{host}' is not an address of this machine ({error.strerror}); 127.0.0.1 or 0.0.0.0 works.") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Port {port} on {host} cannot be served ({error.strerror}); stop what uses it, or choose another with --port."
        ) from error
    listener.set_inheritable(False)
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
