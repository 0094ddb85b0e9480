"""Arguments as small models write them, made into what was certainly meant: nothing is guessed, only its form is mended."""

import json
from collections.abc import Mapping
from typing import Any

_NOTHING = (None, "", "null", "None", "none")


def tidied(args: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema`: the flat schema of the arguments. Nothing said is left out, JSON inside text is read, one value becomes a list of one."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    return {name: _value(value, properties.get(name, {})) for name, value in args.items() if not _unsaid(value, properties.get(name, {}))}


def _unsaid(value: Any, field: Mapping[str, Any]) -> bool:
    """'null' as text is nothing said, unless it is one of the choices."""
    return (value is None or isinstance(value, str)) and value in _NOTHING and value not in field.get("enum", ())


def _value(value: Any, field: Mapping[str, Any]) -> Any:
    if field.get("type") != "array":
        return value
    items = _read(value)
    items = items if isinstance(items, list) else [items]
    inner: Mapping[str, Any] = field.get("items", {})
    if inner.get("type") == "object":
        return [tidied(item, inner) if isinstance(item, Mapping) else item for item in items]
    return [_value(item, inner) for item in items]


def _read(value: Any) -> Any:
    """A list or an object that was written as text."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
