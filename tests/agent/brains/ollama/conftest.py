"""A question to an app whose language model is scripted: the real client, over the wire, through the real graph."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.app import App
from evals.doubles.fresh_app import fresh_app
from evals.doubles.ollama_server import OllamaServer, Reply, ollama_server


@dataclass
class Told:
    """What came of a question."""

    answer: Answer
    app: App
    server: OllamaServer

    @property
    def tools(self) -> list[str]:
        return [call.tool for call in self.answer.tool_calls]


Talk = Callable[..., Told]


@pytest.fixture
def ask(tmp_path: Path, grid_cache: Path) -> Iterator[Talk]:
    """`ask("question", reply, reply, ...)`: one question to a fresh app; more questions go to `told.app`."""
    with ExitStack() as stack:

        def asked(question: str, *replies: Reply, url: str = "", total_s: float = 5.0, chunk_s: float = 0.4, **more: object) -> Told:
            server = stack.enter_context(ollama_server(*replies))
            settings = {
                "brain": "ollama:scripted",
                "ollama_url": url or server.url,
                "ollama_total_s": total_s,
                "ollama_chunk_s": chunk_s,
            }
            folder = tmp_path / f"data{len(list(tmp_path.iterdir()))}"
            app = stack.enter_context(fresh_app(folder, grid_cache, grid="training", owned=False, settings=settings))
            return Told(app.ask(question, session="s", **more), app, server)  # type: ignore[arg-type]  # what ask takes

        yield asked
