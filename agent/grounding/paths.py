"""What does a JMESPath find in a result, and in which unit?"""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import JsonValue

from agent.grounding.formats import COUNT, Unit, unit_named, unit_of_field

# Fields of findings, measurements and trends whose unit stands beside them in `unit`.
BESIDE_UNIT = (
    *("value", "limit", "allowed", "margin", "before", "measured", "estimated", "peak"),
    *("first", "last", "minimum", "maximum", "mean", "change", "hourly", "hourly_sigma"),
)
_CHAINS = ("subexpression", "pipe", "index_expression", "projection", "filter_projection", "flatten", "value_projection", "or_expression")
_SAME_UNIT = ("sum", "max", "min", "avg", "abs", "ceil", "floor", "to_number", "max_by", "min_by", "sort", "sort_by", "reverse", "not_null")


def number_at(path: str, result: Mapping[str, JsonValue]) -> float | None:
    """The number the path leads to; None for a broken path and for anything that is not a number."""
    value = _found(path, result)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def unit_at(path: str, result: Mapping[str, JsonValue]) -> Unit:
    """From the field's name, or from the `unit` beside a `value`, `limit`, `margin` or `before`."""
    field = last_field(path)
    bare = path[4:-1] if path.startswith("abs(") and path.endswith(")") else path
    if field in BESIDE_UNIT and bare.endswith(field):
        beside = _found(bare.removesuffix(field) + "unit", result)
        return (unit_named(beside) if isinstance(beside, str) else None) or COUNT
    return unit_of_field(field) if field else COUNT


@lru_cache(maxsize=4096)
def last_field(path: str) -> str:
    """The field whose value the path returns: '' for a count such as `length(worst)` and for a broken path."""
    try:
        return _field(cast(Mapping[str, object], jmespath.compile(path).parsed))
    except JMESPathError:
        return ""


def _field(node: Mapping[str, object]) -> str:
    """Walks jmespath's syntax tree to the field that gives the value."""
    kind, children = str(node["type"]), cast(list[Mapping[str, object]], node.get("children", []))
    if kind == "field":
        return str(node["value"])
    if kind == "function_expression":
        return _field(children[0]) if node["value"] in _SAME_UNIT and children else ""
    if kind in _CHAINS:
        chain = children[:2] if kind == "filter_projection" else children  # the third is the condition
        return next((name for child in reversed(chain) if (name := _field(child))), "")
    return ""


def _found(path: str, result: Mapping[str, JsonValue]) -> JsonValue:
    try:
        return cast(JsonValue, jmespath.search(path, result))
    except JMESPathError:
        return None
