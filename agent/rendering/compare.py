"""Two or more studies of the same kind side by side."""

from collections.abc import Sequence

from agent.answer import Call
from agent.rendering.marks import Marks, capital, table
from agent.rendering.reading import inner, number, text, texts
from agent.rendering.what_if import doing

_POWER_FLOW = {
    "Violated limits": "violations_total",
    "Highest loading": "max_loading_percent",
    "Lowest voltage": "vm_min_pu",
    "Highest voltage": "vm_max_pu",
    "Load": "load_mw",
    "Lost load": "lost_by_changes.load_mw",
    "Lost generation": "lost_by_changes.generation_mw",
    "Losses": "losses_mw",
}
_OUTAGES = {
    "Outages studied": "cases",
    "Breaking a limit or losing load": "total",
    "Overloading a branch": "overloading",
    "Losing load": "losing_load",
    "Voltage out of band": "violating_voltage",
    "Most load lost": "lost_load_mw",
}
_ROWS = {"power_flow": _POWER_FLOW, "contingency_analysis": _OUTAGES}


def comparison(calls: Sequence[Call]) -> list[str]:
    """The point, then a table with a column for each call; nothing where the calls cannot be compared."""
    tool = calls[0].tool
    if len(calls) < 2 or tool not in _ROWS or any(c.result.get("converged") is False for c in calls):
        return []
    if len({label(c) for c in calls}) < len(calls) or any(c.args.get("elements") != calls[0].args.get("elements") for c in calls):
        return []
    paths = [(words, path) for words, path in _ROWS[tool].items() if "ost" not in words or any(_value(c, path) for c in calls)]
    lines = [[words, *(_cell(c, path) for c in calls)] for words, path in paths]
    return [*_point(calls), table(["", *(label(c) for c in calls)], lines)]


def _point(calls: Sequence[Call]) -> list[str]:
    """What the last case does to the first one."""
    path, words = ("max_loading_percent", "The highest loading") if calls[0].tool == "power_flow" else ("total", "Outages with a finding")
    first, last = calls[0], calls[-1]
    if _value(first, path) is None or _value(last, path) is None:
        return []
    verb = "goes" if calls[0].tool == "power_flow" else "go"
    return [f"**{words} {verb} from {Marks(first)(path)} ({_as_said(label(first))}) to {Marks(last)(path)}** ({_as_said(label(last))})."]


def _as_said(words: str) -> str:
    return words[:1].lower() + words[1:]


def label(call: Call) -> str:
    """'Present state', or the changes; with the method where it is not the AC power flow."""
    changes = texts(call.result, "changes")
    method = {"dc": ", DC", "fast_decoupled": ", fast decoupled"}.get(str(call.args.get("method", "")), "")
    return f"{capital(doing(changes)) if changes else 'Present state'}{method}"


def _value(call: Call, path: str) -> float | None:
    owner, _, key = path.rpartition(".")
    return number(inner(call.result, owner) if owner else call.result, key)


def _cell(call: Call, path: str) -> str:
    if _value(call, path) is None:
        return ""
    where = f" ({text(call.result, 'max_loading_element')})" if path == "max_loading_percent" else ""
    return f"{Marks(call)(path)}{where}"
