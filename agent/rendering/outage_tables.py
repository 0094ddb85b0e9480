"""Outages seen from the branches that overload, and against the same outages without the changes."""

from agent.answer import Call
from agent.rendering.marks import Marks, bullets, joined, table
from agent.rendering.reading import Row, inner, number, rows, text, texts
from agent.rendering.wish import Wish

_SHOWN = 5
_CHANGES = {
    "new": ("new overload", "new overloads"),
    "worsened": ("overload gets heavier", "overloads get heavier"),
    "resolved": ("overload is gone", "overloads are gone"),
    "improved": ("overload gets lighter", "overloads get lighter"),
}
_OTHERS = (
    ("lost_load", "loses more or less load", "lose more or less load"),
    ("voltages", "leaves other voltages out of band", "leave other voltages out of band"),
    ("newly_failed", "has no solution any more", "have no solution any more"),
    ("newly_solved", "has a solution now", "have a solution now"),
)


def by_element(call: Call, wish: Wish, what: str) -> list[str]:
    """Which branches overload under most outages?"""
    mark, found = Marks(call), rows(call.result, "by_element")
    if not found:
        return [f"**No branch is overloaded by any of {what}.**"]
    first = found[0]
    point = (
        f"**{text(first, 'element')} is overloaded by {mark('by_element[0].cases')} of {what}**, up to "
        f"{mark('by_element[0].worst_percent')} (losing {joined(texts(first, 'worst_outage'))})."
    )
    lines = [
        [text(r, "element"), mark(f"by_element[{i}].cases"), mark(f"by_element[{i}].worst_percent"), joined(texts(r, "worst_outage"))]
        for i, r in enumerate(found[: wish.top or _SHOWN])
    ]
    total = f"{mark('overloaded_elements')} branches overload under some outage, those under most outages first:"
    return [point, f"{total}\n\n{table(['Branch', 'Outages', 'Worst loading', 'After losing'], lines)}"] if len(found) > 1 else [point]


def compared(call: Call) -> list[str]:
    """What the changes make better or worse after the same outages."""
    mark, found = Marks(call), inner(call.result, "comparison")
    if not found:
        return []
    counts = {key: number(found, f"{key}_total") for key in _CHANGES}
    told = [_line(mark, found, key, _CHANGES[key][count != 1]) for key, count in counts.items() if count]
    for key, one, many in _OTHERS:
        count = number(found, f"{key}_total")
        if count:
            told.append(f"{mark(f'comparison.{key}_total')} {f'outage {one}' if count == 1 else f'outages {many}'}")
    if not told:
        return [f"Against the same {mark('comparison.cases')} outages without the change, nothing differs noticeably."]
    return [f"Against the same {mark('comparison.cases')} outages without the change:\n\n{bullets(told)}"]


def _line(mark: Marks, found: Row, key: str, words: str) -> str:
    """'2 new overloads, the largest: HV1 Line 3 from 96.0 % to 104.2 % after losing HV1 Line 4'."""
    count = mark(f"comparison.{key}_total")
    first = next(iter(rows(found, key)), None)
    if first is None:
        return f"{count} {words}"
    before, after = number(first, "before_percent"), number(first, "after_percent")
    from_to = [
        f"{word} {mark(f'comparison.{key}[0].{field}')}"
        for word, field, value in (("from", "before_percent", before), ("to", "after_percent", after))
        if value is not None
    ]
    return f"{count} {words}, above all {text(first, 'element')} {' '.join(from_to)} after losing {joined(texts(first, 'outage'))}"
