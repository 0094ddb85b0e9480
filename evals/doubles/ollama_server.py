"""An Ollama server on the wire that says what its script says and fails the ways real ones do. Started on a free port of this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import JsonValue

VERSION = "0.13.5"
_NO_ONE_WAITS_S = 30.0  # a handler that is silent on purpose ends by itself
Write = Callable[[dict[str, Any] | bytes], None]


@dataclass(frozen=True)
class Reply:
    """One answer of the model: its pieces are sent as chunks of a stream; then it ends, or breaks the way `then` says.

    `then`: done, error (a line that says so), cut (the connection ends), garbage (a line that is no JSON), silent (nothing more comes),
    unfinished (the stream ends without its last line), length (the context was full). `pause_s`: before each piece.
    """

    pieces: tuple[str, ...] = ()
    calls: tuple[tuple[str, dict[str, JsonValue]], ...] = ()
    thinking: str = ""
    then: str = "done"
    status: int = 200
    error: str = ""
    pause_s: float = 0.0


def saying(*pieces: str, thinking: str = "") -> Reply:
    """A text, in one chunk or several."""
    return Reply(pieces, thinking=thinking)


def wanting(tool: str, **args: JsonValue) -> Reply:
    """A call as the model's template makes it."""
    return Reply(calls=((tool, args),))


def writing(tool: str, **args: JsonValue) -> Reply:
    """A call that the model wrote into its text."""
    return Reply((json.dumps({"name": tool, "arguments": args}),))


# What stack notes and reports of real servers know: every way in which no answer comes, with the server up.
FAILURES: dict[str, Reply] = {
    "missing": Reply(status=404, error="model 'scripted' not found"),
    "out of memory": Reply(status=500, error="model requires more system memory (5.5 GiB) than is available (3.1 GiB)"),
    "no tools": Reply(status=400, error="scripted does not support tools"),
    "overloaded": Reply(status=503, error="server busy, please try again.  maximum pending requests exceeded"),
    "error in mid-stream": Reply(("The grid ",), then="error", error="llama runner process has terminated: exit status 2"),
    "cut in mid-stream": Reply(("The grid ", "is "), then="cut"),
    "unfinished": Reply(("The grid is fine and",), then="unfinished"),
    "silent from the start": Reply(then="silent"),
    "silent in mid-stream": Reply(("The ",), then="silent"),
    "slow": Reply(tuple("The grid is in a normal state." * 40), pause_s=0.05),
    "garbage on the wire": Reply(("The ",), then="garbage"),
    "context full": Reply(("The grid is",), then="length"),
}


@dataclass
class OllamaServer:
    """`replies` are given in order, the last one again and again. `asked`: the bodies of the chat requests, as they came."""

    replies: Sequence[Reply] = ()
    models: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"scripted:latest": ("completion", "tools")})
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_reply(self, body: dict[str, Any]) -> Reply:
        with self._lock:
            self.asked.append(body)
            if not self.replies:
                return Reply(status=500, error="the script is empty")
            return self.replies[min(len(self.asked), len(self.replies)) - 1]

    def play(self, *replies: Reply) -> None:
        """Another script, from its beginning."""
        with self._lock:
            self.replies, self.asked = replies, []

    def perform(self, reply: Reply, write: Write) -> None:
        """Send the pieces, and end as the reply says."""
        if reply.thinking:
            write(_chunk("", thinking=reply.thinking))
        for piece in reply.pieces:
            if self._over.wait(reply.pause_s):
                return
            write(_chunk(piece))
        if reply.calls:
            write(_chunk("", tool_calls=[{"function": {"name": name, "arguments": args}} for name, args in reply.calls]))
        self._end(reply, write)

    def _end(self, reply: Reply, write: Write) -> None:
        if reply.then == "silent":
            self._over.wait(_NO_ONE_WAITS_S)
        elif reply.then == "error":
            write({"error": reply.error})
        elif reply.then == "garbage":
            write(b'{"message": {"content": \n')
        elif reply.then in ("done", "length"):
            write({**_chunk(""), "done": True, "done_reason": "stop" if reply.then == "done" else "length", "total_duration": 1})


@contextmanager
def ollama_server(*replies: Reply, models: dict[str, tuple[str, ...]] | None = None) -> Iterator[OllamaServer]:
    """A running server with its address; it is gone at the end, handlers that were silent included."""
    found = OllamaServer(replies) if models is None else OllamaServer(replies, models)
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": found}))
    http.daemon_threads = True
    found.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found._over.set()
        http.shutdown()
        http.server_close()
        thread.join()


def unused_url() -> str:
    """An address of this machine where nothing listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as http:
        return f"http://127.0.0.1:{http.server_port}"


class _Handler(BaseHTTPRequestHandler):
    """The part of Ollama's protocol that clients use."""

    protocol_version = "HTTP/1.1"
    script: OllamaServer

    def do_GET(self) -> None:
        if self.path == "/api/version":
            self._json({"version": VERSION})
        elif self.path == "/api/tags":
            self._json({"models": [{"name": name, "model": name} for name in self.script.models]})
        else:
            self._json({"error": "not found"}, 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if self.path == "/api/show" and body.get("model") in self.script.models:
            self._json({"capabilities": list(self.script.models[body["model"]]), "details": {"family": "scripted"}})
        elif self.path == "/api/chat":
            self._chat(self.script.next_reply(body))
        else:
            self._json({"error": "not found"}, 404)

    def _chat(self, reply: Reply) -> None:
        if reply.status != 200:
            self._json({"error": reply.error}, reply.status)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.script.perform(reply, self._line)
            if reply.then not in ("cut", "silent"):
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            pass  # the client has gone

    def _line(self, value: dict[str, Any] | bytes) -> None:
        line = value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def _json(self, value: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


def _chunk(content: str, **more: Any) -> dict[str, Any]:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"model": "scripted", "created_at": stamp, "message": {"role": "assistant", "content": content, **more}, "done": False}
