"""All tools in one place, studies and actions, for brains, `aeip tools` and later MCP."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from agent.actions import ActionContext, ProposeArgs, QueueArgs, propose, queue
from agent.answer import Call
from grid_models.errors import AeipError
from tools.context import StudyContext
from tools.registry import STUDIES, InvalidArguments, Study, parse_args
from tools.result import Args

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ActionTool:
    """A tool with effects on the ledger."""

    name: str
    purpose: str
    args: type[Args]
    run: Callable[[Any, ActionContext], dict[str, JsonValue]]


ACTIONS: dict[str, ActionTool] = {
    t.name: t
    for t in (
        ActionTool(
            "propose_action",
            "Ask for a change of the grid: it is checked by the gate and, if nothing blocks it, waits for a different, authorised person.",
            ProposeArgs,
            propose,
        ),
        ActionTool("list_proposals", "The approval queue as this user may see it.", QueueArgs, queue),
    )
}


def tool_list() -> list[dict[str, JsonValue]]:
    """Name, purpose, JSON schema and whether it writes, for every tool."""
    tools: list[Study | ActionTool] = [*STUDIES.values(), *ACTIONS.values()]
    return [
        {"name": t.name, "purpose": t.purpose, "writes": t.name == "propose_action", "schema": t.args.model_json_schema()} for t in tools
    ]


def run_tool(
    call_id: str, name: str, args: Mapping[str, JsonValue], study: StudyContext, action: ActionContext
) -> tuple[Call, AeipError | None]:
    """Run one tool. An error never escapes: it is told in the call, and returned for the status of the answer."""
    began = time.perf_counter()

    def finished(result: dict[str, JsonValue], error: AeipError | None) -> tuple[Call, AeipError | None]:
        elapsed = (time.perf_counter() - began) * 1000
        told = str(error) if error else None
        return Call(
            id=call_id, tool=name, args=dict(args), ok=error is None, result=result, error=told, elapsed_ms=round(elapsed, 2)
        ), error

    try:
        return finished(_result(name, args, study, action), None)
    except AeipError as error:
        return finished({}, error)
    except Exception as error:
        log.exception("tool %s failed", name)
        return finished(
            {},
            AeipError(
                f"'{name}' failed inside ({type(error).__name__}); nothing was changed. Asking again or a narrower question may work."
            ),
        )


def _result(name: str, args: Mapping[str, JsonValue], study: StudyContext, action: ActionContext) -> dict[str, JsonValue]:
    if name in STUDIES:
        wanted = STUDIES[name]
        result = wanted.run(parse_args(name, wanted.args, args), study)
        return {**result.model_dump(mode="json"), "headline": result.headline()}
    if name in ACTIONS:
        tool = ACTIONS[name]
        return tool.run(parse_args(name, tool.args, args), action)
    raise InvalidArguments(f"There is no tool '{name}'; {', '.join([*STUDIES, *ACTIONS])} exist.")
