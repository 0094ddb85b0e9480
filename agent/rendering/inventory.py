"""What is in the grid, how many are there, and which are the largest?"""

from dataclasses import replace

from agent.answer import Call
from agent.rendering.elements import elements
from agent.rendering.loadings import loadings
from agent.rendering.marks import Marks, bullets, capital, joined, plural, table
from agent.rendering.reading import Row, inner, number, rows, text, texts
from agent.rendering.wish import Wish

# kind -> the columns of its table: head and field
_COLUMNS: dict[str, list[tuple[str, str]]] = {
    "line": [("Loading", "loading_percent"), ("Current", "current_ka"), ("Permanent rating", "rating_ka"), ("Active power", "p_mw")],
    "transformer": [("Loading", "loading_percent"), ("Rating", "rating_mva"), ("Tap", "tap"), ("Active power", "p_mw")],
    "generator": [("Technology", "technology"), ("Active power", "p_mw"), ("Up to", "p_max_mw"), ("Available now", "available_mw")],
    "load": [("Active power", "p_mw"), ("Reactive power", "q_mvar"), ("Shed", "shed_mw")],
    "bus": [("Level", "nominal_kv"), ("Voltage", "vm_pu"), ("Angle", "va_degree")],
    "infeed": [("Active power", "p_mw"), ("Reactive power", "q_mvar"), ("Voltage", "vm_pu")],
    "shunt": [("Step", "step"), ("Highest step", "max_step"), ("Reactive power", "q_mvar")],
}
_SORTED = {
    "loading_percent": "by loading",
    "p_mw": "by active power",
    "current_ka": "by current",
    "vm_pu": "by voltage",
    "length_km": "by length",
}
_EXTRA = {"length_km": ("Length", "length_km")}  # a column only where it is sorted by
_SHOWN = 10


def inventory(call: Call, wish: Wish) -> list[str]:
    """Details, a count, a list or the summary, whichever was asked for."""
    kind = text(call.result, "kind")
    if kind == "elements":
        return elements(call, wish)
    if wish.focus == "count":
        return _count(call, wish)
    if kind in ("substation", "area"):
        return _names(call, kind)
    if kind == "summary":
        return _summary(call, wish)
    if wish.focus == "loadings" or call.args.get("sort_by") == "loading_percent":
        return loadings(call, wish if wish.kind else replace(wish, kind=kind))
    return _list(call, kind, wish)


def _count(call: Call, wish: Wish) -> list[str]:
    mark, counts = Marks(call), inner(call.result, "counts")
    kind = wish.kind or text(call.result, "kind")
    if kind in ("substation", "area"):
        return [f"There are **{mark.count(plural(kind))} {plural(kind)}**."]
    if rows(call.result, "rows"):
        return [f"There are **{mark('total')} {plural(kind)}**{_level(call)}."]
    if number(counts, plural(kind)) is not None:
        return [f"There are **{mark(f'counts.{plural(kind)}')} {plural(kind)}**."]
    return [f"There are **no {plural(kind)}** in this grid."] if kind not in ("", "summary") else _summary(call, wish)


def _level(call: Call) -> str:
    """The voltage bound that was asked for, told without repeating its number."""
    return " at that voltage level or above" if call.args.get("minimum_kv") is not None else ""


def _names(call: Call, kind: str) -> list[str]:
    mark, names = Marks(call), texts(call.result, plural(kind))
    shown = f": {', '.join(names)}" if names else ""
    return [f"The grid has {mark.count(plural(kind))} {plural(kind)}{shown}."]


def _summary(call: Call, wish: Wish) -> list[str]:
    mark, result = Marks(call), call.result
    counts = [f"{mark(f'counts.{name}')} {name}" for name in inner(result, "counts")]
    levels = result.get("voltage_levels_kv")
    shown = [mark(f"voltage_levels_kv[{i}]", 0) for i in range(len(levels) if isinstance(levels, list) else 0)]
    now = [f"{word} {mark(f'{key}_mw')}" for key, word in _NOW.items() if number(result, f"{key}_mw") is not None]
    if wish.focus == "wind" and now:
        return [f"**{capital(', '.join(reversed(now)).removeprefix('of which '))}.**"]
    told = [f"**{text(result, 'grid')}** has {joined(counts)}."]
    told += [f"Voltage levels: {joined(shown[:8])}."] if shown else []
    told += [f"Now: {', '.join(now)}."] if now else []
    return [*told, *([bullets([text(result, "ratings_note"), *texts(result, "notes")])] if wish.details else [])]


_NOW = {"load": "load", "generation": "generation", "wind": "of which wind"}


def _list(call: Call, kind: str, wish: Wish) -> list[str]:
    """A bounded table that carries the total; sentences for one or two."""
    mark, found = Marks(call), rows(call.result, "rows")[: wish.top or _SHOWN]
    if not found:
        return [f"There are no {plural(kind)}{_level(call)} in this grid."]
    if len(found) < 3 or kind not in _COLUMNS:
        return elements(call, wish)
    how = _SORTED.get(str(call.args.get("sort_by") or ""), "")
    few = len(found) < (number(call.result, "total") or 0)
    which = f"The first {_shown(mark, call, len(found))} of {mark('total')}" if few else f"All {mark('total')}"
    extra = _EXTRA.get(str(call.args.get("sort_by") or ""))
    columns = [*([extra] if extra else []), *_COLUMNS[kind]]
    lines = [[text(row, "element"), *(_cell(mark, i, row, field) for _, field in columns)] for i, row in enumerate(found)]
    heading = " ".join(p for p in (which, plural(kind) + _level(call), how) if p)
    return [f"{heading}:\n\n{table([kind.capitalize(), *(head for head, _ in columns)], lines)}"]


def _shown(mark: Marks, call: Call, count: int) -> str:
    """How many rows are told, counted in the result."""
    return mark(f"length(rows[:{count}])")


def _cell(mark: Marks, at: int, row: Row, field: str) -> str:
    if number(row, field) is not None:
        return mark(f"rows[{at}].{field}")
    return text(row, field)
