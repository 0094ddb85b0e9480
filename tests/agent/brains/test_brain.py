"""The brain as a chat model: what the graph relies on."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent.brains import EmbeddedBrain
from agent.brains.embedded.frame import Dialogue
from agent.brains.embedded.vocabulary import data_file
from grid_models.twin.profiles import Grid

QUESTIONS = [
    "how is the grid",
    "what if line 14 trips?",
    "open line 14",
    "open bus 57",
    "blah",
    "do not open line 14",
    "set the tap of trafo 2",
    "line 140",
]


def test_it_is_a_chat_model(grids: dict[str, Grid]) -> None:
    """`bind_tools` returns a copy; the type names the brain."""
    brain = EmbeddedBrain(registry=grids["hv"].model.registry)
    bound = brain.bind_tools([{"name": "power_flow"}])
    assert isinstance(bound, EmbeddedBrain)
    assert bound is not brain
    assert not brain.tools
    assert brain._llm_type == "embedded"


@pytest.mark.parametrize("question", QUESTIONS)
def test_same_answer_every_time(converse: Callable[..., Any], question: str) -> None:
    """Identical calls, text and dialogue on every repeat."""
    told = {json.dumps([m.model_dump(mode="json") for m in _messages(converse, question)], sort_keys=True) for _ in range(5)}
    assert len(told) == 1


def _messages(converse: Callable[..., Any], question: str) -> list[AIMessage]:
    talk = converse(meaning=None)
    talk.ask(question)
    found = [m for m in talk.messages if isinstance(m, AIMessage)]
    return [AIMessage(m.content, tool_calls=m.tool_calls, additional_kwargs=m.additional_kwargs) for m in found]


def test_calls_have_ids_that_never_repeat(converse: Callable[..., Any]) -> None:
    """Ids are unique over the whole conversation."""
    talk = converse("case39")
    for question in ("reduce generator 30 by 50 MW", "how is the grid", "reduce generator 30 by 50 MW"):
        talk.ask(question)
    ids = [c["id"] for m in talk.messages if isinstance(m, AIMessage) for c in m.tool_calls]
    assert len(ids) == len(set(ids)) == 5


def test_dialogue_is_json_and_comes_back(converse: Callable[..., Any]) -> None:
    """What an answer leaves behind survives the checkpointer."""
    talk = converse("case39")
    talk.ask("what if the line at bus 16 trips?")
    stored = json.loads(json.dumps(talk.told))
    assert Dialogue.model_validate(stored).as_kwargs() == stored


def test_failed_call_ends_the_turn(grids: dict[str, Grid]) -> None:
    """A tool's own sentence is handed on, not retried."""
    brain = EmbeddedBrain(registry=grids["hv"].model.registry)
    asked = brain.invoke([HumanMessage("how is the grid")])
    call = asked.tool_calls[0]
    result = {"id": "E1", "tool": call["name"], "args": {}, "ok": False, "error": "It diverged."}
    reply = brain.invoke(
        [HumanMessage("how is the grid"), asked, ToolMessage("It diverged.", tool_call_id=str(call["id"]), artifact=result)]
    )
    assert reply.content == "It diverged."
    assert reply.additional_kwargs["aeip"]["status"] == "failed"


def test_result_without_artifact_is_read_from_the_text(grids: dict[str, Grid]) -> None:
    """A restored message may have lost its artifact; its JSON text is enough."""
    brain = EmbeddedBrain(registry=grids["hv"].model.registry)
    asked = brain.invoke([HumanMessage("how is the grid")])
    content = json.dumps({"result": {"headline": "All is well."}})
    reply = brain.invoke([HumanMessage("how is the grid"), asked, ToolMessage(content, tool_call_id=str(asked.tool_calls[0]["id"]))])
    assert reply.content == "All is well."


def test_no_figure_in_its_own_sentences() -> None:
    """Numbers come from results and questions only: none is written in the data files."""
    replies = json.dumps(data_file("replies.yaml"))
    assert not re.search(r"\d", replies)


def test_a_clear_question_loads_no_torch() -> None:
    """`aeip ask` starts fast: importing the brain and deciding by words imports neither torch nor sentence-transformers."""
    script = (
        "import sys; from agent.brains import EmbeddedBrain; from agent.brains.embedded.understand import Understanding;"
        "from agent.brains.embedded.memory import Memory; from grid_models.twin.source import load_grid;"
        "brain = EmbeddedBrain(registry=load_grid('case39').model.registry);"
        "from langchain_core.messages import HumanMessage;"
        "[brain.invoke([HumanMessage(q)]) for q in ('most loaded lines', 'what if line 5-6 trips', 'open line 5-6', 'write a poem')];"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_understanding_is_fast(converse: Callable[..., Any]) -> None:
    """The first round of calls is decided in well under 50 ms of processor time once the words are read."""
    import time

    talk = converse(meaning=None)
    talk.brain.invoke([HumanMessage("most loaded lines")])
    began = time.process_time()
    for _ in range(20):
        talk.brain.invoke(
            [HumanMessage("What would the five most loaded lines look like if HV1 Line 14 and HV1 Trafo 2 were out of service?")]
        )
    assert (time.process_time() - began) / 20 < 0.1


def test_every_sentence_that_is_said_exists() -> None:
    """Each key given to `say` is in the data file, and each sentence of it is used."""
    import agent.brains.embedded as package

    source = "".join(p.read_text(encoding="utf-8") for p in sorted(Path(package.__path__[0]).rglob("*.py")))
    said = set(re.findall(r'say\(\s*"(\w+)"', source)) | set(re.findall(r'"(conditional|mood|later)"', source))
    known = set(data_file("replies.yaml")) - {"unbuilt_what"}
    assert said <= known
    assert {key for key in known - said if not key.startswith("value_")} == set()
