"""All tools in one place, studies and actions, for brains, `aeip tools` and later MCP."""

import logging
import time
from collections.abc import Mapping

from pydantic import JsonValue

from agent.actions import ActionContext, ProposeArgs, QueueArgs, propose, queue
from agent.answer import Call
from grid_models.errors import AeipError
from tools.context import StudyContext
from tools.registry import STUDIES, InvalidArguments, Tool, tool

log = logging.getLogger(__name__)


ACTIONS: dict[str, Tool[ActionContext, dict[str, JsonValue]]] = {
    t.name: t
    for t in (
        tool(
            "propose_action",
            "Ask for a change of the grid: it is checked by the gate and, if nothing blocks it, waits for a different, authorised person.",
            ProposeArgs,
            propose,
        ),
        tool("list_proposals", "The approval queue as this user may see it.", QueueArgs, queue),
    )
}
WRITING = frozenset({"propose_action"})  # the tools that ask for a change of the grid


def tool_list() -> list[dict[str, JsonValue]]:
    """Name, purpose, JSON schema and whether it writes, for every tool."""
    studies = [(t.name, t.purpose, t.args, False) for t in STUDIES.values()]
    actions = [(t.name, t.purpose, t.args, t.name in WRITING) for t in ACTIONS.values()]
    return [{"name": n, "purpose": p, "writes": writes, "schema": args.model_json_schema()} for n, p, args, writes in studies + actions]


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
        result = STUDIES[name].run(args, study)
        return {**result.model_dump(mode="json"), "headline": result.headline()}
    if name in ACTIONS:
        return ACTIONS[name].run(args, action)
    raise InvalidArguments(f"There is no tool '{name}'; {', '.join([*STUDIES, *ACTIONS])} exist.")
