"""The grids and a conversation that runs the real studies; the ledger's two tools and the slower studies are stood in for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.answer import Call
from agent.brains import EmbeddedBrain
from grid_models.errors import AeipError
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from tools.cascade_args import CascadeArgs
from tools.context import StudyContext
from tools.frequency_args import FrequencyArgs
from tools.registry import run_study
from tools.thermal_args import ThermalArgs

NAMES = {"hv": "1-HV-mixed--0-sw", "case39": "case39", "case118": "case118", "case14": "case14", "training": "training"}


def written(calls: Sequence[Call], question: str, style: dict[str, object]) -> str:
    """A writer that shows what it was given, for tests."""
    return " ".join(f"{c.tool}({c.id})" for c in calls)


@dataclass
class Conversation:
    """Plays the graph: asks the brain, runs its calls, hands the results back."""

    brain: EmbeddedBrain
    context: StudyContext
    messages: list[BaseMessage] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def ask(self, question: str) -> AIMessage:
        """The final message of a turn; `calls` holds the turn's calls."""
        self.messages.append(HumanMessage(question))
        self.calls = []
        for _ in range(6):
            reply = self.brain.invoke(self.messages)
            assert isinstance(reply, AIMessage)
            self.messages.append(reply)
            if not reply.tool_calls:
                return reply
            for wanted in reply.tool_calls:
                self.messages.append(self._run(wanted["name"], wanted["args"], str(wanted["id"])))
        raise AssertionError(f"'{question}' goes in circles")

    def _run(self, tool: str, args: dict[str, Any], tool_call_id: str) -> ToolMessage:
        call_id = f"E{len(self.calls) + 1}"
        try:
            result = _STAND_INS[tool](args) if tool in _STAND_INS else run_study(tool, args, self.context).model_dump(mode="json")
            call = Call(id=call_id, tool=tool, args=args, result=result)
        except AeipError as error:
            call = Call(id=call_id, tool=tool, args=args, ok=False, error=str(error))
        self.calls.append(call)
        return ToolMessage(call.error or "{}", tool_call_id=tool_call_id, name=tool, artifact=call.model_dump(mode="json"))

    @property
    def told(self) -> dict[str, Any]:
        return dict(self.messages[-1].additional_kwargs["aeip"])

    @property
    def last(self) -> Call:
        return self.calls[-1]


def _thermal(args: dict[str, Any]) -> dict[str, Any]:
    """Accepts what the study accepts, and lists one transformer as the first."""
    asked = ThermalArgs.model_validate(args)
    return {"transformers": [{"element": asked.transformer or "HV1 Trafo 3"}], "total": 1}


_STAND_INS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "propose_action": lambda args: {"id": 1, "status": "pending", "verdict": "pass", "actions": [], "link": "/approvals#1"},
    "thermal_rul": _thermal,
    "cascade": lambda args: CascadeArgs.model_validate(args).model_dump(mode="json"),
    "frequency_response": lambda args: FrequencyArgs.model_validate(args).model_dump(mode="json"),
    "list_proposals": lambda args: {"proposals": [], "total": 0},
}


@pytest.fixture(scope="session")
def grids(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grid]:
    cache: Path = tmp_path_factory.mktemp("grids")
    return {short: load_grid(name, cache) for short, name in NAMES.items()}


@pytest.fixture(scope="session")
def converse(grids: dict[str, Grid]) -> Callable[..., Conversation]:
    """A fresh conversation on a grid: `converse("case39")`."""
    contexts = {short: StudyContext(grid.state_at(), OperatingLimits((), 100.0, "test")) for short, grid in grids.items()}

    def start(grid: str = "hv", **options: Any) -> Conversation:
        brain = EmbeddedBrain(registry=grids[grid].model.registry, write=written, **options)
        return Conversation(brain, contexts[grid])

    return start
