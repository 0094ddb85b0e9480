"""The setting, the option, the doctor, and what is imported when."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import evals.command as evaluation
from agent.app.model_server import checked_brain, ollama_words
from agent.cli.main import cli
from agent.settings import InvalidSettings, Settings, read_settings
from evals.doubles.ollama_server import FAILURES, VERSION, ollama_server, saying, unused_url, wanting
from evals.scenario import Scenario
from grid_models.errors import AeipError

MODELS = {"good:8b": ("completion", "tools"), "plain:1b": ("completion",)}


@pytest.mark.parametrize("brain", ["embedded", "ollama:qwen3:8b", "ollama:llama3.2", "ollama:hf.co/someone/Model-GGUF:Q4_K_M"])
def test_brains_that_can_be_asked_for(brain: str) -> None:
    """The embedded one, and models by their names."""
    settings = read_settings(brain=brain)
    assert settings.ollama_model == (None if brain == "embedded" else brain.removeprefix("ollama:"))


@pytest.mark.parametrize("brain", ["gpt", "ollama", "ollama:", "ollama:a b", "ollama:../x", "EMBEDDED", "ollama:x; rm"])
def test_other_brains_are_one_sentence(brain: str) -> None:
    """Which setting, what was given, what works."""
    with pytest.raises(InvalidSettings, match=r"AEIP_BRAIN=.*'embedded' works, or 'ollama:'"):
        read_settings(brain=brain)


@pytest.mark.parametrize("url", ["127.0.0.1:11434", "ftp://x", "http://", "http://user:secret@host", "http://x y"])
def test_a_bad_address_is_one_sentence(url: str) -> None:
    """No credentials in it either: it is shown in answers."""
    with pytest.raises(InvalidSettings, match="AEIP_OLLAMA_URL"):
        read_settings(ollama_url=url)


@pytest.mark.slow
def test_the_embedded_path_imports_no_client(tmp_path: Path, grid_cache: Path) -> None:
    """A question without a model loads neither langchain_ollama nor our brain for it."""
    script = (
        "import sys; from evals.doubles.fresh_app import fresh_app; from pathlib import Path;"
        f"context = fresh_app(Path({str(tmp_path / 'data')!r}), Path({str(grid_cache)!r}), grid='training', owned=False);"
        "app = context.__enter__(); answer = app.ask('How large are the losses?'); assert answer.brain == 'embedded', answer;"
        "print([m for m in ('langchain_ollama', 'ollama', 'agent.brains.ollama.brain') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_doctor_names_server_models_and_who_has_tools() -> None:
    """A server that is not needed may be missing; one that is asked for may not."""
    with ollama_server(models=MODELS) as server:
        said = ollama_words(Settings(ollama_url=server.url))
        assert said == f"version {VERSION} at {server.url}: good:8b (tools), plain:1b (no tools)"
        assert "can call tools" in checked_brain(Settings(brain="ollama:good:8b", ollama_url=server.url))
        with pytest.raises(AeipError, match="cannot call tools"):
            checked_brain(Settings(brain="ollama:plain:1b", ollama_url=server.url))
        with pytest.raises(AeipError, match="`ollama pull other` brings it"):
            checked_brain(Settings(brain="ollama:other", ollama_url=server.url))
    url = unused_url()
    assert ollama_words(Settings(ollama_url=url)) == f"not reachable at {url}; the embedded brain needs none"
    with pytest.raises(AeipError, match="no Ollama server is reachable"):
        ollama_words(Settings(brain="ollama:good:8b", ollama_url=url))


def test_ask_and_doctor_take_the_brain_from_the_command_line(tmp_path: Path, grid_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--brain` wins over AEIP_BRAIN; the answer names who gave it."""
    (tmp_path / "grids").symlink_to(grid_cache, target_is_directory=True)
    grid_cache.mkdir(parents=True, exist_ok=True)
    where = ["--grid", "training", "--data-dir", str(tmp_path)]
    with ollama_server(wanting("power_flow"), saying("Losses are 0.1 MW.")) as server:
        monkeypatch.setenv("AEIP_OLLAMA_URL", server.url)
        asked = CliRunner().invoke(cli, ["ask", "How large are the losses?", "--brain", "ollama:scripted", "--json", *where])
        answer = json.loads(asked.stdout)
        assert (asked.exit_code, answer["brain"], answer["status"]) == (0, "ollama:scripted", "answered")
        rows = {row["check"]: row for row in json.loads(CliRunner().invoke(cli, ["doctor", "--json", *where]).stdout)}
        assert rows["ollama"]["ok"]
        assert "scripted:latest (tools)" in rows["ollama"]["found"]
        assert rows["brain"]["found"].startswith("embedded")


STORY = Scenario.model_validate(
    {
        "id": "story",
        "suite": "answers",
        "title": "a question",
        "grid": "training",
        "owned": False,
        "steps": [{"ask": "How large are the losses?", "expect": {"status": "answered"}}],
    }
)


def test_scenarios_are_played_with_the_model(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The same story, another brain; answers in which the embedded brain stepped in are counted."""
    monkeypatch.setattr(evaluation, "load_scenarios", lambda: (STORY,))
    with ollama_server(wanting("power_flow"), saying("Losses are 0.1 MW."), FAILURES["missing"]) as server:
        monkeypatch.setenv("AEIP_OLLAMA_URL", server.url)
        found = []
        for _ in range(2):
            assert evaluation.run(["--model", "ollama:scripted", "--json"]) == 0
            found.append(json.loads(capsys.readouterr().out))
    assert [(f["model"], f["passed"], f["stepped_in"]) for f in found] == [("ollama:scripted", 1, 0), ("ollama:scripted", 1, 1)]


def test_a_model_that_is_not_there_is_not_evaluated(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The embedded brain would pass in its name."""
    monkeypatch.setattr(evaluation, "load_scenarios", lambda: (STORY,))
    monkeypatch.setenv("AEIP_OLLAMA_URL", unused_url())
    assert evaluation.run(["--model", "ollama:scripted"]) == 1
    assert "'ollama:scripted' cannot be evaluated: no Ollama server is reachable" in capsys.readouterr().err
