"""Are these the wanted arguments? Only what is wanted is compared; what a call leaves out is the schema's default."""

import math
from collections.abc import Mapping

from pydantic import BaseModel, JsonValue

from agent.toolbox import ACTIONS
from tools.registry import STUDIES

_TOLERANCE = 1e-3  # relative: a sentence's own figures, converted


def args_fit(tool: str, wanted: Mapping[str, JsonValue], found: Mapping[str, JsonValue]) -> bool:
    """Every wanted argument is in `found`, or is what the tool takes when nothing is given."""
    model = STUDIES[tool].args if tool in STUDIES else ACTIONS[tool].args
    return all(fits(value, found[name] if name in found else _default(model, name)) for name, value in wanted.items())


def _default(model: type[BaseModel], name: str) -> JsonValue:
    field = model.model_fields.get(name)
    if field is None or field.is_required():
        return None
    default = field.get_default(call_default_factory=True)
    return list(default) if isinstance(default, tuple) else default


def fits(wanted: JsonValue, found: JsonValue) -> bool:
    """`wanted` is part of `found`: names without regard to case, numbers to 0.1 %, lists in any order, objects by the wanted keys."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(key in found and fits(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and _paired(wanted, found)
    if isinstance(wanted, bool) or wanted is None:
        return wanted == found
    if isinstance(wanted, str):
        return isinstance(found, str) and wanted.casefold() == found.casefold()
    return isinstance(found, int | float) and math.isclose(wanted, found, rel_tol=_TOLERANCE, abs_tol=1e-9)


def _paired(wanted: list[JsonValue], found: list[JsonValue]) -> bool:
    """Each wanted item has one of its own."""
    left = list(found)
    for item in wanted:
        match = next((i for i, other in enumerate(left) if fits(item, other)), None)
        if match is None:
            return False
        left.pop(match)
    return True
