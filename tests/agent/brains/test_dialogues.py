"""Conversations of several turns through the wiring of the chat: what was said before completes, corrects or restyles what is said now."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.answer import Answer
from agent.app import App
from evals.doubles.fresh_app import fresh_app

pytestmark = pytest.mark.slow
DIALOGUES: list[dict[str, Any]] = list(yaml.safe_load(Path(__file__).with_name("dialogues.yaml").read_text(encoding="utf-8")))


def fits(wanted: Any, found: Any) -> bool:
    """`wanted` is part of `found`: objects by the wanted keys, lists as long."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(k in found and fits(v, found[k]) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(fits, wanted, found))
    return bool(wanted == (pytest.approx(found) if isinstance(found, float) else found))


def problems(turn: Mapping[str, Any], answer: Answer) -> list[str]:
    """What of the turn does not hold. `tools`: the studies that ran anew; a result that is told again has run before."""
    ran = [c.tool for c in answer.tool_calls if c.elapsed_ms > 0]
    wanted = turn.get("tools", ran)
    alternatives = wanted if wanted and isinstance(wanted[0], list) else [wanted]
    args = dict(answer.tool_calls[-1].args) if answer.tool_calls else {}
    text = answer.answer.casefold()
    checks = {
        f"ran {ran}": ran in alternatives,
        f"args {args}": fits(turn.get("args", {}), args),
        f"args are {args}": "not_args" not in turn or not fits(turn["not_args"], args),
        f"status {answer.status.value}": answer.status.value == turn.get("status", answer.status.value),
        f"grid {answer.grid}": answer.grid == turn.get("grid_is", answer.grid),
        f"says {answer.answer[:700]}": all(s.casefold() in text for s in turn.get("says", ())),
        f"says too much: {answer.answer[:700]}": not any(s.casefold() in text for s in turn.get("lacks", ())),
        f"unsupported {answer.unsupported_numbers}": not answer.unsupported_numbers,
    }
    return [words for words, holds in checks.items() if not holds]


def judged(dialogue: Mapping[str, Any], app: App) -> Iterator[tuple[str, list[str]]]:
    """Each turn's question with its problems; the grid is said once, at the start."""
    grid = dialogue.get("grid")
    for i, turn in enumerate(dialogue["turns"]):
        answer = app.ask(turn["q"], session=dialogue["id"], grid=grid if i == 0 else None)
        yield turn["q"], problems(turn, answer)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    work = tmp_path_factory.mktemp("dialogues")
    with fresh_app(work / "data", work / "grids", owned=False) as app:
        yield app


def test_dialogues(app: App) -> None:
    """First counted at 53 % of the turns, before the grammar of dialogue was seen; what was mended stays mended."""
    turns = [(d["id"], question, found) for d in DIALOGUES for question, found in judged(d, app)]
    wrong = [turn for turn in turns if turn[2]]
    assert len(wrong) <= 0.07 * len(turns), wrong


def test_a_restart_keeps_the_conversation(tmp_path: Path, app: App) -> None:
    """What was said before lies with the conversation in the data folder, not in the process."""
    settings = app.settings.model_copy(update={"data_dir": tmp_path})
    (tmp_path / "grids").symlink_to(app.settings.data_dir / "grids", target_is_directory=True)
    App(settings).ask("What happens if line 16-19 trips?", session="s", grid="case39")
    again = App(settings).ask("as a table", session="s")
    assert (again.grid, again.status.value, "|" in again.answer) == ("case39", "answered", True)
    other = App(settings).ask("no, I meant 16-21", session="s")
    assert "Line 16-21 (1)" in str(other.tool_calls[-1].args)
