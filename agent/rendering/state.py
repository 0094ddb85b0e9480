"""How is the grid now? First whether a limit is violated, then loading, voltages and balance."""

from agent.answer import Call
from agent.rendering.balance import balance_sentence, no_supply
from agent.rendering.marks import Marks, table
from agent.rendering.reading import Row, number, rows, text, texts
from agent.rendering.trouble import ratings_unusable
from agent.rendering.voltages import group_sentences, planning_sentences, voltage_range
from agent.rendering.wish import Wish


def state(call: Call, wish: Wish) -> list[str]:
    """Four short paragraphs; violations in order of severity."""
    mark, result = Marks(call), call.result
    total = number(result, "violations_total") or 0
    one = "limit is" if total == 1 else "limits are"
    point = f"**{mark('violations_total')} {one} violated.**" if total else "**No limit is violated.**"
    groups, planning = rows(result, "voltage_groups"), planning_sentences(call)
    unknown = number(result, "vm_min_pu") is None  # a DC flow
    range_told = texts(result, "notes") if unknown else [] if groups or planning else [f"Voltages lie between {voltage_range(call)}."]
    kept = [f"{s} The operating limit is kept." if not groups else s for s in planning[-1:]]
    calm = [*planning[:-1], *kept, *range_told]
    told = [f"{point} {_highest(call)}".strip(), *violations(call), *calm, *no_supply(call)]
    return [*told, balance_sentence(call), *_method(call), *_unusable(call)]


def _method(call: Call) -> list[str]:
    return ["Solved by the fast decoupled method."] if call.result.get("method") == "fast_decoupled" else []


def violations(call: Call) -> list[str]:
    """Overloads and groups of voltages, the gravest kind first."""
    overloads, groups = _overloads(call), group_sentences(call)
    first = next(iter(rows(call.result, "violations")), {})
    return [*overloads, *groups] if text(first, "kind") == "overload" else [*groups, *overloads]


def _highest(call: Call) -> str:
    mark, element = Marks(call), text(call.result, "max_loading_element")
    if number(call.result, "max_loading_percent") is None:
        return ""
    return f"The highest loading is {mark('max_loading_percent')} of the permanent rating ({element})."


def _overloads(call: Call) -> list[str]:
    """Sentences for one or two, a table for more."""
    found = [(i, v) for i, v in enumerate(rows(call.result, "violations")) if text(v, "kind") == "overload"]
    if len(found) < 3:
        return [_overload(Marks(call), i, v) for i, v in found]
    mark = Marks(call)
    lines = [[text(v, "element"), mark(f"violations[{i}].value"), mark(f"violations[{i}].limit", 0)] for i, v in found[:10]]
    more = f"\n\nThe first of {mark(_COUNT)} overloads are shown." if len(found) > 10 else ""
    return [table(["Overloaded", "Loading of the permanent rating", "Limit"], lines) + more]


_COUNT = "length(violations[?kind=='overload'])"


def _overload(mark: Marks, at: int, row: Row) -> str:
    value, limit = mark(f"violations[{at}].value"), mark(f"violations[{at}].limit", 0)
    return f"{text(row, 'element')} is loaded to {value} of its permanent rating (limit {limit})."


def _unusable(call: Call) -> list[str]:
    return ratings_unusable(call)[:1] if call.result.get("ratings_usable") is False else []
