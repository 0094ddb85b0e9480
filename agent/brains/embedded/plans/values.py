"""Relative changes become absolute: the present value is read first. MW are absolute in every action, never a delta."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agent.answer import Call
from agent.brains.embedded.frame import Change, Frame
from agent.brains.embedded.plans.kit import Kit, Round, Said, Wanted, number
from agent.brains.embedded.replies import say

_FIELDS = {
    "set_p": "p_mw",
    "set_q": "q_mvar",
    "set_voltage": "vm_pu",
    "set_tap": "position",
    "set_shunt": "step",
    "shed_load": "p_mw",
    "scale": "factor",
}
_READ = {"set_p": "p_mw", "set_q": "q_mvar", "set_voltage": "vm_pu", "set_tap": "tap", "set_shunt": "step", "shed_load": "shed_mw"}
_RANKED_BY = {"generator": "p_mw", "infeed": "p_mw", "load": "p_mw", "bus": "vm_pu"}  # what has no loading
_GROUP_FIELDS = {"loads": "load_mw", "generation": "generation_mw", "wind": "wind_mw"}
Action = dict[str, JsonValue]


@dataclass(frozen=True)
class Absolute:
    """The changes of a plan with absolute values, and as the tools' actions."""

    actions: tuple[Action, ...]
    changes: tuple[Change, ...]


def absolute(frame: Frame, kit: Kit) -> Generator[list[Wanted], Round, Absolute | Said]:
    """Yields the reading calls that the changes need. Returns the actions, or what to say when a value makes no sense."""
    calls: list[Call] = []
    changes = list(frame.changes)
    described = next((c.described for c in changes if c.described), None)
    if described:
        found = yield [Wanted("power_flow")] if described == "line" else [_heaviest(described)]
        calls += found
        changes = [
            c.model_copy(update={"element": _first_of(found, described, kit), "described": None}) if c.described else c for c in changes
        ]
        if any(c.needs_target for c in changes):
            return Said(say("nothing_listed"), status="refused")
    names = [c.element for c in changes if c.element and _needs_reading(c)]
    if names:
        calls += yield [kit.reading(tuple(dict.fromkeys(names)))]
    if any(c.group and c.unit == "mw" for c in changes):
        calls += yield [Wanted("grid_data", {"kind": "summary"})]
    actions: list[Action] = []
    for change in changes:
        value = _value(change, calls)
        if isinstance(value, Said):
            return value
        actions.append(_action(change, value))
    return Absolute(tuple(actions), tuple(changes))


def _heaviest(kind: str) -> Wanted:
    return Wanted("grid_data", {"kind": kind, "sort_by": _RANKED_BY.get(kind, "loading_percent"), "top": 1})


def _first_of(calls: Sequence[Call], kind: str, kit: Kit) -> str | None:
    for key in ("top_loadings", "rows"):
        rows = calls[0].result.get(key)
        for row in rows if isinstance(rows, list) else []:
            name = str(row["element"]) if isinstance(row, dict) else ""
            if any(e.kind == kind for e in kit.registry.exact(name)):
                return name
    return None


def _needs_reading(change: Change) -> bool:
    return change.amount is not None and (change.by != 0 or change.unit in ("percent", "kv", "mw_left", "percent_left"))


def _value(change: Change, calls: Sequence[Call]) -> float | Said | None:
    """The absolute value of a change; None where the action has none."""
    if change.amount is None:
        return None
    if change.kind == "scale":
        return _factor(change, calls)
    if not _needs_reading(change):
        return change.amount
    row, marker = _row(change.element or "", _READ[change.kind], calls)
    present = number(row, _READ[change.kind])
    if row is None or present is None:
        return Said(say("nothing_listed"), status="refused")
    value = _from_present(change, present, row)
    if change.kind in ("set_p", "shed_load") and value < -1e-9 and change.by < 0:
        return Said(say("negative", element=change.element or "", marker=marker), status="needs_clarification")
    return value


def _from_present(change: Change, present: float, row: JsonValue) -> float:
    amount = change.amount or 0.0
    if change.kind == "shed_load":
        drawn = number(row, "p_mw") or 0.0  # what is drawn now, the shed part already gone
        return {
            "mw": present + amount,
            "percent": present + drawn * amount / 100.0 if change.by else (present + drawn) * amount / 100.0,
            "mw_left": present + drawn - amount,
            "percent_left": present + drawn * (1.0 - amount / 100.0),
        }[change.unit]
    if change.unit == "percent":
        share = amount / 100.0
        return present * (1.0 + change.by * share) if change.by else present * share
    if change.unit == "kv":
        nominal = number(row, "nominal_kv") or 1.0
        return present + change.by * amount / nominal if change.by else amount / nominal
    return present + change.by * amount


def _factor(change: Change, calls: Sequence[Call]) -> float | Said:
    amount = change.amount or 0.0
    if change.unit == "percent":
        return 1.0 + change.by * amount / 100.0 if change.by else amount / 100.0
    if change.unit != "mw":
        return amount
    field = _GROUP_FIELDS.get(change.group or "")
    present = next((v for c in reversed(calls) if field and (v := number(c.result, field)) is not None), None)
    if not present:
        return Said(say("value_scale", element=change.group or ""), status="needs_clarification")
    return (present + change.by * amount if change.by else amount) / present


def _row(name: str, field: str, calls: Sequence[Call]) -> tuple[JsonValue, str]:
    """The row of an element in the readings, and the marker of its present value."""
    for call in reversed(calls):
        rows = call.result.get("rows")
        for i, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict) and row.get("element") == name:
                return row, f"\u27e6{call.id}|rows[{i}].{field}\u27e7"
    return None, ""


def _action(change: Change, value: float | None) -> Action:
    target: Action = {"kind": change.kind, "group": change.group} if change.group else {"kind": change.kind, "element": change.element}
    if value is None:
        return target
    field = _FIELDS[change.kind]
    return {**target, field: round(value) if field in ("position", "step") else round(value, 6) + 0.0}
