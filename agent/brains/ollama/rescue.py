"""Tool calls that a model wrote into its text instead of making them: found, read, and never more than that (validation comes after)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_LONGEST = 20_000  # characters of a text that are searched
_TAGGED = re.compile(r"<(?:tool_call|function_call)>\s*(.*?)\s*(?:</(?:tool_call|function_call)>|$)", re.DOTALL)
_FENCED = re.compile(r"```(?:json|tool_call)?\s*\n?(.*?)```", re.DOTALL)
_ARGUMENTS = ("arguments", "parameters", "args", "input")
_NAMES = ("name", "tool", "function", "tool_name")


@dataclass(frozen=True)
class Wish:
    """A call that a model wants; nothing in it is checked yet."""

    tool: str
    args: dict[str, Any] = field(default_factory=dict)


def rescued(text: str) -> tuple[Wish, ...]:
    """The calls in a text, in their order; none where the text is an answer. A tag or a fence wins over what stands around it."""
    text = text[:_LONGEST]
    for pieces in (_TAGGED.findall(text), _FENCED.findall(text), [text]):
        found = tuple(wish for piece in pieces for value in _values(piece) for wish in _wishes(value))
        if found:
            return found
    return ()


def _values(text: str) -> Iterator[Any]:
    """Every JSON object or list that begins in the text, outermost ones only."""
    decoder, at = json.JSONDecoder(), 0
    while (start := min((i for i in (text.find("{", at), text.find("[", at)) if i >= 0), default=-1)) >= 0:
        try:
            value, at = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            at = start + 1
        else:
            yield value


def _wishes(value: Any) -> Iterator[Wish]:
    """One call, a list of them, or `{"tool_calls": [...]}`; `{"function": {...}}` is unwrapped."""
    if isinstance(value, list):
        for item in value:
            yield from _wishes(item)
    elif isinstance(value, Mapping):
        inner = value.get("tool_calls", value.get("function"))
        if isinstance(inner, list | Mapping):
            yield from _wishes(inner)
            return
        name = next((value[k] for k in _NAMES if isinstance(value.get(k), str)), None)
        args = next((read for k in _ARGUMENTS if (read := _mapping(value.get(k))) is not None), None)
        if name and (args is not None or set(value) <= {*_NAMES, "id", "type"}):
            yield Wish(name, dict(args or {}))


def _mapping(value: Any) -> Mapping[str, Any] | None:
    """The arguments, also where they are JSON inside a text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return None
    return value if isinstance(value, Mapping) else None
