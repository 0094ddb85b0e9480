"""A tool's arguments as a small model can follow them: no references, no alternatives, short descriptions, nothing deeply nested."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from agent.brains.ollama.tool import Tool

Schema = dict[str, Any]
_KEPT = ("type", "enum", "minimum", "maximum")
_LONGEST = 140  # characters of a description


@lru_cache(maxsize=64)
def function_schema(tool: Tool) -> Schema:
    """The tool in the form that chat models are given functions in."""
    parameters = flat(tool.args.model_json_schema())
    return {"type": "function", "function": {"name": tool.name, "description": tool.purpose, "parameters": parameters}}


def flat(schema: Mapping[str, Any]) -> Schema:
    """Arguments that are values, lists of values, or lists of rows of values; expert arguments that are objects are left out."""
    found = _object(schema, schema.get("$defs", {}), depth=0)
    return found if found is not None else {"type": "object", "properties": {}}


def _object(schema: Mapping[str, Any], known: Mapping[str, Any], depth: int) -> Schema | None:
    fields = {name: _field(field, known, depth + 1) for name, field in schema.get("properties", {}).items()}
    required = [name for name in schema.get("required", ()) if fields.get(name) is not None]
    if any(fields.get(name) is None for name in schema.get("required", ())):
        return None  # it could never be filled in
    properties = {name: field for name, field in fields.items() if field is not None}
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _field(field: Mapping[str, Any], known: Mapping[str, Any], depth: int) -> Schema | None:
    """None for what is too deep or of several types."""
    described = field.get("description")
    field = _resolved(field, known)
    if not field:
        return None
    kind = field.get("type")
    found: Schema | None = {key: field[key] for key in _KEPT if key in field}
    if kind == "array":
        items = _items(field.get("items", {}), known, depth)
        found = None if items is None else {"type": "array", "items": items}
    elif kind == "object" or (kind is None and "enum" not in field):
        found = None
    if found is not None and described:
        found["description"] = _short(described)
    return found


def _items(field: Mapping[str, Any], known: Mapping[str, Any], depth: int) -> Schema | None:
    """Rows of a table are the only objects there are, and they hold values only."""
    field = _resolved(field, known)
    if field.get("type") == "object":
        return _object(field, known, depth + 1) if depth == 1 and "properties" in field else None
    return _field(field, known, depth + 1) if depth <= 2 else None


def _resolved(field: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reference followed, and 'this or nothing' as this; empty where several types are allowed."""
    if "$ref" in field:
        return _resolved(known[str(field["$ref"]).rpartition("/")[2]], known)
    choices = [c for c in field.get("anyOf", ()) if c.get("type") != "null"]
    if "anyOf" in field:
        return _resolved(choices[0], known) if len(choices) == 1 else {}
    return field


def _short(text: str) -> str:
    """The first parts of a description that fit, cut between words."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:(") + " ..."
