"""Can every value of every argument of the tools that read be reached by words? A value that is new in a schema must be said here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.toolbox import ACTIONS
from evals.understanding.compare import args_fit
from tools.registry import STUDIES

pytestmark = pytest.mark.slow
REACHABLE: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(
    (Path(__file__).parent / "reachable.yaml").read_text(encoding="utf-8")
)
ARGUMENTS = [(tool, argument) for tool, arguments in REACHABLE.items() for argument in arguments]
_ELSEWHERE = {("power_flow", "changes"), ("topology", "element"), ("topology", "top"), ("history", "top")}  # said in other files


def _closed(schema: dict[str, Any]) -> list[str]:
    """The words of an enumeration, behind references and alternatives."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(part.get("enum", []) if part.get("type") == "string" else [])
            for inner in part.get("anyOf", []):
                walk(inner)
            if "$ref" in part:
                walk(schema["$defs"][part["$ref"].rpartition("/")[2]])

    walk(schema["_part"])
    return found


def _values(tool: str) -> Iterator[tuple[str, list[str]]]:
    model = STUDIES[tool].args if tool in STUDIES else ACTIONS[tool].args
    schema = model.model_json_schema()
    for name, part in schema["properties"].items():
        yield name, _closed({"$defs": schema.get("$defs", {}), "_part": part})


@pytest.mark.parametrize("tool", REACHABLE)
def test_every_argument_and_every_word_of_it_stands_in_the_table(tool: str) -> None:
    """At least three wordings for each."""
    for argument, words in _values(tool):
        if (tool, argument) in _ELSEWHERE:
            continue
        entries = REACHABLE[tool][argument]
        assert {e["value"] for e in entries} >= set(words) if words else entries
        assert all(len(set(map(str, e["ask"]))) >= 3 for e in entries)


@pytest.mark.parametrize(("tool", "argument"), ARGUMENTS)
def test_every_value_is_reached_by_words(converse: Callable[..., Any], tool: str, argument: str) -> None:
    """Each sentence leads to a call of this tool with this value, given or by the schema's default."""
    missed = []
    for entry in REACHABLE[tool][argument]:
        for asked in entry["ask"]:
            grid, sentence = next(iter(asked.items())) if isinstance(asked, dict) else ("hv", asked)
            made = _calls(converse, grid, sentence)
            if not any(name == tool and args_fit(tool, {argument: entry["value"]}, args) for name, args in made):
                missed.append((entry["value"], sentence, made))
    assert not missed


def _calls(converse: Callable[..., Any], grid: str, asked: str) -> list[tuple[str, dict[str, Any]]]:
    talk = converse(grid)
    talk.ask(asked)
    return [(call.tool, dict(call.args)) for call in talk.calls]
