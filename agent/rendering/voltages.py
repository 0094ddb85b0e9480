"""Are the voltages in their band? One cause is told once: the buses of a level together, with the worst of them."""

import re

from agent.answer import Call
from agent.rendering.marks import Marks, table
from agent.rendering.reading import Row, number, rows, text, texts
from agent.rendering.wish import Threshold, Wish

_LOW, _HIGH = re.compile(r"\b(low|min|under)", re.IGNORECASE), re.compile(r"\b(high|max|over)", re.IGNORECASE)
_SUPERLATIVE = re.compile(r"\b(lowest|highest|minimum|maximum|min|max)\b", re.IGNORECASE)
_LIMITS = {"grid-data-voltage": "the grid data's own planning limit of ", "asked": ""}


def voltages(call: Call, wish: Wish) -> list[str]:
    """Groups out of band, the range, and a table where one was asked for; a DC flow has none of them."""
    if number(call.result, "vm_min_pu") is None:
        return texts(call.result, "notes") or ["**No bus has a voltage.**"]
    if wish.threshold and wish.threshold.field == "vm_pu":
        return _beyond(call, wish)
    told = [*group_sentences(call), *planning_sentences(call)]
    if not rows(call.result, "voltage_groups"):
        told = [f"**All voltages are within the operating limits**: {voltage_range(call)}.", *planning_sentences(call)]
    only = "lowest" if wish.lowest or _LOW.search(wish.question) else "highest" if _HIGH.search(wish.question) else ""
    return [
        *_extreme(call, wish, only),
        *told,
        *(t for key in ("highest", "lowest") if only in ("", key) for t in _table(call, f"{key}_voltages", wish)),
    ]


def _extreme(call: Call, wish: Wish, only: str) -> list[str]:
    """'Which bus has the lowest voltage': that one first."""
    if not only or not (wish.single or _SUPERLATIVE.search(wish.question)):
        return []
    end = "min" if only == "lowest" else "max"
    return [f"**The {only} voltage is {Marks(call)(f'vm_{end}_pu')} ({text(call.result, f'vm_{end}_element')}).**"]


def voltage_range(call: Call) -> str:
    """The lowest and the highest voltage, each with its bus."""
    mark, result = Marks(call), call.result
    return f"{mark('vm_min_pu')} ({text(result, 'vm_min_element')}) to {mark('vm_max_pu')} ({text(result, 'vm_max_element')})"


def group_sentences(call: Call) -> list[str]:
    """One sentence for each level and limit that is violated."""
    found = rows(call.result, "voltage_groups")
    return [
        _group(Marks(call), f"voltage_groups[{i}]", g, _LIMITS.get(text(g, "rule"), "the operating limit of ")) for i, g in enumerate(found)
    ]


def planning_sentences(call: Call) -> list[str]:
    """Buses outside the grid data's own band though inside the operating limits: worth knowing, no violation."""
    found = rows(call.result, "planning_groups")
    return [_group(Marks(call), f"planning_groups[{i}]", g, _LIMITS["grid-data-voltage"]) for i, g in enumerate(found)]


def _group(mark: Marks, path: str, group: Row, limit: str) -> str:
    low = text(group, "kind") == "undervoltage"
    side, extreme = ("below", "lowest") if low else ("above", "highest")
    verb = "is" if number(group, "buses") == 1 else "are"
    who = f"{mark(path + '.buses')} of {mark(path + '.of_buses')} buses at {mark(path + '.nominal_kv', 0)} {verb} {side} {limit}"
    return f"{who}{mark(path + '.limit_pu')}; the {extreme} is {text(group, 'worst_element')} with {mark(path + '.worst_pu')}."


def _table(call: Call, key: str, wish: Wish) -> list[str]:
    """Only where the person asked for a number of buses."""
    found = rows(call.result, key)[: wish.top or 0]
    mark = Marks(call)
    lines = [[text(v, "element"), mark(f"{key}[{i}].vm_pu"), mark(f"{key}[{i}].vm_kv")] for i, v in enumerate(found)]
    return (
        [f"{'Highest' if key.startswith('high') else 'Lowest'} voltages:\n\n{table(['Bus', 'Voltage', 'In kV'], lines)}"] if lines else []
    )


def _beyond(call: Call, wish: Wish) -> list[str]:
    """Answers "any bus above 1.1 pu?": from a group with that limit, else from the list of the highest or lowest."""
    bound, mark = wish.threshold, Marks(call)
    assert bound is not None
    key, extreme = ("highest_voltages", "highest") if bound.above else ("lowest_voltages", "lowest")
    found = rows(call.result, key)
    first = f"{text(found[0], 'element')} with {mark(f'{key}[0].vm_pu')}" if found else "unknown"
    inside = [v for v in found if bound.holds(number(v, "vm_pu"))]
    yes = "Yes: " if wish.yes_no else ""
    if not inside:
        return [f"**No bus is {wish.beyond}**: the {extreme} is {first}."]
    grouped = _groups_at(call, bound)
    if grouped:
        return [f"**{yes.strip()}** {grouped[0]}" if yes else grouped[0], *grouped[1:]]
    at_least = "" if len(inside) < len(found) else "at least "
    what = "bus is" if len(inside) == 1 else "buses are"
    return [f"**{yes}{at_least}{mark(f'length({key}[?{bound.condition}])')} {what} {wish.beyond}**; the {extreme} is {first}."]


def _groups_at(call: Call, bound: Threshold) -> list[str]:
    """The groups whose limit is the bound itself: they know all buses, a list only the first."""
    kind = "overvoltage" if bound.above else "undervoltage"
    groups = [*rows(call.result, "voltage_groups"), *rows(call.result, "planning_groups")]
    told = [*group_sentences(call), *planning_sentences(call)]
    return [s for g, s in zip(groups, told, strict=True) if number(g, "limit_pu") == bound.value and text(g, "kind") == kind]
