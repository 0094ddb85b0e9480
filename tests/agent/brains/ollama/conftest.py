"""A question to an app whose language model is scripted: the real client, over the wire, through the real graph."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from agent.answer import Answer
from agent.app import App
from evals.doubles.fresh_app import fresh_app
from evals.doubles.ollama_server import OllamaServer, Reply, ollama_server


@dataclass
class Told:
    """What came of a question; `again` asks another one in the same conversation."""

    answer: Answer
    app: App
    server: OllamaServer

    @property
    def tools(self) -> list[str]:
        return [call.tool for call in self.answer.tool_calls]

    def again(self, question: str) -> Answer:
        return self.app.ask(question, session=self.answer.session)


Opened = Callable[..., tuple[App, OllamaServer]]
Ask = Callable[..., Told]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, grid_cache: Path) -> Iterator[Opened]:
    """Apps with a server each, one for every set of settings."""
    known: dict[str, tuple[App, OllamaServer]] = {}
    with ExitStack() as stack:

        def open_app(url: str, total_s: float, name: str = "") -> tuple[App, OllamaServer]:
            key = f"{url} {total_s} {name}"
            if key not in known:
                server = stack.enter_context(ollama_server())
                settings = {"brain": "ollama:scripted", "ollama_url": url or server.url, "ollama_total_s": total_s, "ollama_chunk_s": 0.4}
                folder = tmp_path_factory.mktemp("app") / "data"
                app = stack.enter_context(fresh_app(folder, grid_cache, grid="training", owned=False, settings=settings))
                known[key] = app, server
            return known[key]

        yield open_app


@pytest.fixture
def ask(opened: Opened) -> Ask:
    """`ask("question", reply, reply, ...)`: a conversation of its own begins with it."""

    def asked(question: str, *replies: Reply, url: str = "", total_s: float = 5.0, **more: object) -> Told:
        app, server = opened(url, total_s)
        server.play(*replies)
        return Told(app.ask(question, session=uuid4().hex, **more), app, server)  # type: ignore[arg-type]  # what ask takes

    return asked


@pytest.fixture
def order(opened: Opened) -> Ask:
    """As `ask`, on a ledger where nothing was proposed yet."""

    def ordered(question: str, *replies: Reply) -> Told:
        app, server = opened("", 5.0, uuid4().hex)
        server.play(*replies)
        return Told(app.ask(question, session=uuid4().hex), app, server)

    return ordered
