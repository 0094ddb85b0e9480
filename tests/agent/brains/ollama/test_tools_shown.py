"""Which tools a model is shown, in which form, with which examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from agent.app.brain import brain_of
from agent.app.watch import Watch
from agent.brains.embedded.frame import Intent
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.sentence import read
from agent.brains.ollama.brain import OllamaBrain
from agent.brains.ollama.data_file import yaml_file
from agent.brains.ollama.examples import SHOWN, examples, nearest
from agent.brains.ollama.reading import Reading, reading
from agent.brains.ollama.router import MOST, chosen
from agent.brains.ollama.schema import function_schema
from agent.settings import Settings
from grid_models.twin.profiles import Grid


@pytest.fixture(scope="module")
def brain(training: Grid) -> OllamaBrain:
    found = brain_of(Settings(brain="ollama:scripted"), training.state_at(), Watch())
    assert isinstance(found, OllamaBrain)
    return found.model_copy(update={"fallback": found.fallback.model_copy(update={"meaning": None})})


def understood(brain: OllamaBrain, question: str) -> Reading:
    return reading(question, [HumanMessage(question)], brain.fallback)


def inner(schema: Any, depth: int = 0) -> Iterator[tuple[int, str, Any]]:
    """Every key of a schema with its depth."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield depth, key, value
            yield from inner(value, depth + 1)


def test_schemas_are_flat_and_short(brain: OllamaBrain) -> None:
    """No reference, no alternatives, rows of values at most; the eight largest fit into half of the smallest useful context."""
    schemas = [function_schema(tool) for tool in brain.tools]
    keys = {key for schema in schemas for _, key, _ in inner(schema)}
    assert keys.isdisjoint({"$ref", "$defs", "anyOf", "oneOf", "allOf", "title", "default"})
    for schema in schemas:
        for field in schema["function"]["parameters"]["properties"].values():
            assert field.get("type") != "object"
            rows = field.get("items", {})
            assert all(f.get("type") not in ("object", "array") for f in rows.get("properties", {}).values())
    sizes = sorted((len(json.dumps(schema)) for schema in schemas), reverse=True)
    assert sum(sizes[:MOST]) < 20_000


def test_enums_and_required_arguments_are_kept(brain: OllamaBrain) -> None:
    """What a model may choose from, and what it must say."""
    by_name = {tool.name: function_schema(tool)["function"]["parameters"] for tool in brain.tools}
    assert by_name["power_flow"]["properties"]["method"]["enum"] == ["ac", "fast_decoupled", "dc"]
    assert by_name["propose_action"]["required"] == ["changes", "reason"]
    assert "open" in by_name["propose_action"]["properties"]["changes"]["items"]["properties"]["kind"]["enum"]
    assert by_name["cascade"]["required"] == ["outages"]


@pytest.mark.parametrize("number", range(len(examples())))
def test_every_example_is_a_call_that_its_tool_takes(brain: OllamaBrain, number: int) -> None:
    """By the tool's own validation and within what the model is shown of it; its names are nobody's."""
    example = examples()[number]
    tools = {tool.name: tool for tool in brain.tools}
    for name, args in example.calls:
        tools[name].args.model_validate(args)
        assert set(args) <= set(function_schema(tools[name])["function"]["parameters"]["properties"])
    mentioned = read(example.say, brain.fallback.registry).mentions
    assert all(not m.elements for m in mentioned) or name_problem(read(example.say, brain.fallback.registry)) is None


def test_every_tool_has_examples_and_a_place(brain: OllamaBrain) -> None:
    """A new tool is not forgotten; every intent that calls something is routed, and only to tools that exist."""
    names = {tool.name for tool in brain.tools}
    routed = yaml_file("tools.yaml")
    assert {tool for example in examples() for tool, _ in example.calls} == names
    assert set(routed["always"]) == names - {"propose_action"}
    assert {tool for tools in routed["intents"].values() for tool in tools} <= names
    talk = {Intent.HELP, Intent.GREETING, Intent.THANKS, Intent.UNBUILT, Intent.OFF_TOPIC}
    assert {Intent(name) for name in routed["intents"]} == set(Intent) - talk


def test_words_that_withhold_are_words() -> None:
    """YAML makes a truth value of an unquoted 'no'."""
    assert all(isinstance(word, str) for words in yaml_file("withheld.yaml").values() for word in words)


@pytest.mark.parametrize(
    ("question", "tool"),
    [
        ("How large are the losses?", "power_flow"),
        ("What happens next if T Line 1 trips and nobody acts?", "cascade"),
        ("Which single outage hurts most?", "contingency_analysis"),
        ("How hot does T Trafo 1 get?", "thermal_rul"),
        ("Can I trust the measurements?", "state_estimate"),
        ("What needs attention?", "alarms"),
        ("What is connected to A Busbar 1?", "topology"),
        ("Why is T Line 1 loaded?", "explain_loading"),
        ("What is waiting for approval?", "list_proposals"),
        ("How low does frequency fall if 300 MW trip?", "frequency_response"),
        ("How did the loading of T Line 1 develop?", "history"),
        ("Open T Line 1", "propose_action"),
    ],
)
def test_the_likeliest_tool_comes_first(brain: OllamaBrain, question: str, tool: str) -> None:
    """At most eight, and the one that the embedded brain would call leads; its examples are shown first."""
    read_ = understood(brain, question)
    offered = chosen(read_, brain.tools, None)
    assert len(offered) == MOST
    assert offered[0].name == tool
    shown = nearest(read_, offered)
    assert len(shown) == SHOWN
    assert shown[0].calls[0][0] == tool


@pytest.mark.slow
def test_examples_in_doubt_are_the_most_similar(brain: OllamaBrain) -> None:
    """Where the grammar has no call, MiniLM finds the questions that are alike."""
    read_ = understood(brain, "kindly furnish the warmth outlook of the machine over the coming day")
    assert read_.studies == ()
    assert nearest(read_, brain.tools)[0].calls[0][0] == "thermal_rul"


def test_other_words_leave_the_grammar_in_doubt(brain: OllamaBrain) -> None:
    """A sentence is known only when all its words are."""
    assert understood(brain, "How is T Line 1 loaded?").known
    assert not understood(brain, "Bitte T Line 1 ausschalten").known


def test_prompts_hold_no_gap(brain: OllamaBrain, default_grid: Grid, tmp_path: Path) -> None:
    """Every word in braces is filled in."""
    from agent.brains.ollama.conversation import conversation
    from agent.brains.ollama.turn import turn_of

    question = "What if T Line 1 trips?"
    read_ = understood(brain, question)
    messages = conversation(turn_of([HumanMessage(question)]), "x", read_, brain.tools, brain.fallback.registry, brain.plant_time)
    system = str(messages[0].content)
    assert not any("{" + word + "}" in system for word in ("grid", "plant_time", "names", "examples", "known"))
    assert len(system) < 6_000
