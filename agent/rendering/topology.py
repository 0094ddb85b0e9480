"""How is the grid connected: neighbours, a path, and what an element hangs on."""

from agent.answer import Call
from agent.rendering.isolation import isolation
from agent.rendering.marks import Marks, bullets, capital, joined, table
from agent.rendering.parts import bridges, islands, ties
from agent.rendering.reading import Row, inner, number, rows, text, texts
from agent.rendering.what_if import doing
from agent.rendering.wish import Wish

_SHOWN = 12


def topology(call: Call, wish: Wish) -> list[str]:
    """One of six questions; notes of the study come last."""
    query = _QUERIES.get(text(call.result, "query"))
    told = query(call) if query else [text(call.result, "headline")]
    changes = texts(call.result, "changes")
    after = [f"This is after {doing(changes)}; nothing was switched."] if changes else []
    return [*told, *after, *texts(call.result, "notes")]


def _neighbours(call: Call) -> list[str]:
    mark, found = Marks(call), inner(call.result, "neighbours")
    around = texts(found, "neighbour_buses")
    name = text(call.result, "element")
    if not number(found, "total"):
        return [f"**No branch is connected to {name}.**", *_hanging(mark, found)]
    reach = f"**{name} is connected to {joined(around)}**" if around else f"**No branch at {name} is in service**"
    branches = f"{mark('neighbours.total')} {'branch' if number(found, 'total') == 1 else 'branches'} there"
    return [f"{reach}; {branches}.", *_branches(mark, found), *_hanging(mark, found)]


def _branches(mark: Marks, found: Row) -> list[str]:
    listed = rows(found, "rows")[:_SHOWN]
    lines = [
        [
            text(r, "branch"),
            text(r, "bus"),
            mark(f"neighbours.rows[{i}].nominal_kv"),
            mark(f"neighbours.rows[{i}].length_km") if number(r, "length_km") is not None else "",
            "" if r.get("in_service") is True else "out of service",
        ]
        for i, r in enumerate(listed)
    ]
    cut = (number(found, "total") or 0) > len(listed)
    first = [f"These are the first of {mark('neighbours.total')} branches."] if cut else []
    return [table(["Branch", "To", "Nominal voltage", "Length", "State"], lines), *first] if lines else []


def _hanging(mark: Marks, found: Row) -> list[str]:
    """Loads, parks and infeeds at the place."""
    listed = rows(found, "connected")[:_SHOWN]
    if not listed:
        return []
    told = [
        f"{text(r, 'element')}"
        + (f", {mark(f'neighbours.connected[{i}].p_mw')}" if number(r, "p_mw") is not None else "")
        + ("" if r.get("in_service") is True else " (out of service)")
        for i, r in enumerate(listed)
    ]
    more = (number(found, "connected_total") or 0) > len(listed)
    rest = f"\n\nThese are the first of {mark('neighbours.connected_total')}." if more else ""
    return [f"Connected there:\n\n{bullets(told)}{rest}"]


def _path(call: Call) -> list[str]:
    mark, found = Marks(call), inner(call.result, "path")
    ends = f"{text(found, 'from_bus') or text(call.result, 'element')} and {text(found, 'to_bus') or text(call.result, 'to')}"
    if found.get("found") is not True:
        reason = capital(text(found, "reason")).rstrip(".")
        return [f"**There is no path between {ends}.** {reason}{'.' if reason else ''}".strip(), *_closures(found)]
    measured = [mark(f"path.{key}") for key in ("length_km", "impedance_ohm", "impedance_pu") if number(found, key) is not None][:2]
    also = f" ({', '.join(measured)})" if measured else ""
    kept = {"length": "Shortest", "impedance": "Electrically shortest"}.get(text(call.result, "metric"), "Fewest branches")
    hops = f"{mark('path.hops')} {'branch' if number(found, 'hops') == 1 else 'branches'}"
    return [
        f"**{kept}: {hops}{also} between {ends}**, over {joined(texts(found, 'buses')) or 'the same bus'}.",
        *_steps(found),
        _firmness(mark, found),
    ]


def _steps(found: Row) -> list[str]:
    lines = [[text(r, "from_bus"), text(r, "to_bus"), text(r, "branch")] for r in rows(found, "steps")]
    return [table(["From", "To", "Over"], lines)] if len(lines) > 1 else [f"Over {lines[0][2]}."] if lines else []


def _firmness(mark: Marks, found: Row) -> str:
    """Whether one outage can part the two."""
    single = texts(found, "single_points")
    if not single:
        return f"{mark('path.edge_disjoint_paths')} paths share no branch: no single outage parts the two."
    any_of = "" if len(single) == 1 else "any one of "
    return f"There is no second way: losing {any_of}{joined(single, 'or')} parts the two."


def _closures(found: Row) -> list[str]:
    told = [f"{text(r, 'element')} ({joined(texts(r, 'at'))})" for r in rows(found, "closures")]
    return [f"Closing {joined(told)} would join them."] if told else []


_QUERIES = {"neighbours": _neighbours, "path": _path, "islands": islands, "bridges": bridges, "ties": ties, "isolate": isolation}
