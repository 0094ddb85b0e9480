"""Which elements of one kind lie beyond the bounds that the person gave? Told from the whole table, never from its first rows."""

from collections.abc import Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.brains.embedded.frame import Frame, Threshold
from agent.brains.embedded.plans.kit import Plan, Said, Wanted, number
from agent.brains.embedded.replies import say

_ALL = 1000  # the tool's own bound
_SHOWN = 20


def there(frame: Frame) -> dict[str, JsonValue]:
    """The arguments that narrow a table to the elements of a place."""
    if not frame.elements:
        return {}
    return {"elements": list(frame.elements), **({} if frame.top else {"top": min(len(frame.elements), _ALL)})}


def bounded(frame: Frame) -> Plan:
    """Those beyond, largest first, counted in the result."""
    field = frame.bounds[0].field
    level: dict[str, JsonValue] = {} if frame.minimum_kv is None else {"minimum_kv": frame.minimum_kv}
    args: dict[str, JsonValue] = {"kind": frame.kind, "sort_by": field, **level, **there(frame), "top": _ALL}
    calls = yield [Wanted("grid_data", args)]
    return _told(frame, calls[0], field)


def _told(frame: Frame, call: Call, field: str) -> Said:
    rows = call.result.get("rows")
    listed = rows if isinstance(rows, list) else []
    inside = [(i, str(r["element"])) for i, r in enumerate(listed) if isinstance(r, dict) and _holds(r, frame.bounds)]
    many = f"{frame.kind}{'es' if frame.kind == 'bus' else 's'}"
    if not inside:
        return Said(say("none_bounded", many=many))
    shown = inside[: frame.top or _SHOWN]
    lines = "\n".join(f"- {name}: \u27e6{call.id}|rows[{i}].{field}\u27e7" for i, name in shown)
    first, last = inside[0][0], inside[-1][0]
    count = f"\u27e6{call.id}|length(rows[{first}:{last + 1}] | [?{field} != null])\u27e7"
    names = tuple(name for _, name in inside)
    return Said(say("bounded", count=count, many=many, lines=lines), about=names[:1], listed=names)


def _holds(row: JsonValue, bounds: Sequence[Threshold]) -> bool:
    """Beyond every bound; flows count by their size, whichever way they go."""
    values = [(b, number(row, b.field)) for b in bounds]
    return all(v is not None and (abs(v) > b.value if b.op == ">" else abs(v) < b.value) for b, v in values)
