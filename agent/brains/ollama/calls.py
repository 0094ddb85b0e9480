"""Are the calls that a model wants ones that can be made? If so, as calls of this turn; if not, one sentence for the model."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import BaseMessage
from pydantic import ValidationError

from agent.answer import Call
from agent.brains.ollama.named import name_problem, order_problem
from agent.brains.ollama.reading import Reading
from agent.brains.ollama.rescue import Wish
from agent.brains.ollama.schema import function_schema
from agent.brains.ollama.tidy import tidied
from agent.brains.ollama.tool import Tool
from grid_models.twin.registry import Registry

_MOST = 6  # calls in one round
_SHOWN = 100  # characters of a bad argument


@dataclass(frozen=True)
class Checked:
    """`wishes` to be run, none of which ran before in this turn; or a `problem`. `repeated`: all of them ran before."""

    wishes: tuple[Wish, ...] = ()
    problem: str = ""
    repeated: bool = False


def checked(
    wishes: Sequence[Wish],
    offered: Sequence[Tool],
    made: Sequence[Call],
    messages: Sequence[BaseMessage],
    reading: Reading,
    registry: Registry,
) -> Checked:
    """`made`: the calls of this turn so far; `messages`: the conversation, for the names that were said in it."""
    tools = {tool.name: tool for tool in offered}
    good: dict[str, Wish] = {}
    for wish in wishes[:_MOST]:
        tool = tools.get(wish.tool)
        if tool is None:
            return Checked(problem=f"There is no tool '{wish.tool[:_SHOWN]}' for this question.")
        args = tidied(wish.args, function_schema(tool)["function"]["parameters"])
        problem = (
            _invalid(tool, args)
            or name_problem(args, messages, reading, registry)
            or (order_problem(args, reading, registry) if tool.writes else None)
        )
        if problem:
            return Checked(problem=problem)
        good[_same(tool.name, args)] = Wish(tool.name, args)
    if sum(tools[w.tool].writes for w in good.values()) > 1:
        return Checked(problem="One call proposes all changes, in the order of its list.")
    done = {_same(call.tool, call.args) for call in made}
    fresh = tuple(wish for key, wish in good.items() if key not in done)
    return Checked(fresh, repeated=not fresh)


def _invalid(tool: Tool, args: Mapping[str, Any]) -> str | None:
    """What the tool's own validation says of the arguments."""
    try:
        tool.args.model_validate(dict(args))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(p) for p in first["loc"]) or "arguments"
        known = ", ".join(function_schema(tool)["function"]["parameters"]["properties"])
        return f"{tool.name} cannot take {where}={repr(first.get('input'))[:_SHOWN]}: {first['msg']}. It takes {known}."
    return None


def _same(tool: str, args: Mapping[str, Any]) -> str:
    return f"{tool} {json.dumps(dict(args), sort_keys=True, default=str)}"
