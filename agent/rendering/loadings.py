"""Which branches are loaded most, and is any beyond a bound?"""

import re

from agent.answer import Call
from agent.rendering.marks import Marks, capital, joined, plural, quoted, table
from agent.rendering.reading import Row, number, rows, text
from agent.rendering.trouble import ratings_unusable
from agent.rendering.wish import Wish

_TRANSFORMER = re.compile(r"traf|transformer|xfmr", re.IGNORECASE)
_SHOWN = 5
_FULL = 100.0  # % of the permanent rating


def loadings(call: Call, wish: Wish) -> list[str]:
    """The heaviest first; a question with a bound is answered yes or no before the table."""
    found = _of_kind(call, wish)
    if call.result.get("ratings_usable") is False:
        if not found:
            return [*ratings_unusable(call), *_by_current(call, wish)]
        return [*_rated(call, wish, found), *ratings_unusable(call)[:1]]
    return _rated(call, wish, found)


def _rated(call: Call, wish: Wish, found: list[tuple[int, Row]]) -> list[str]:
    """The branches that have a rating."""
    if not found:
        return ["No branch of this kind is among the loadings of this study."]
    if wish.threshold and wish.threshold.field == "loading_percent":
        return _beyond(call, wish, found)
    shown = found[: wish.top or _SHOWN]
    if wish.yes_no and (number(found[0][1], "loading_percent") or 0.0) <= _FULL:
        return [f"**No {wish.kind or 'branch'} is overloaded.** {_point(call, wish, shown).replace('**', '')}", *_table(call, shown)]
    return [_point(call, wish, shown), *_table(call, shown)]


def list_key(call: Call) -> str:
    """Where the loadings stand: a power flow's list, or the rows of an inventory."""
    return "rows" if call.tool == "grid_data" else "top_loadings"


def _of_kind(call: Call, wish: Wish) -> list[tuple[int, Row]]:
    """Loaded branches with their place in the list. A power flow's rows have no kind: their names show it."""
    found = [(i, r) for i, r in enumerate(rows(call.result, list_key(call))) if number(r, "loading_percent") is not None]
    if call.tool == "grid_data" or wish.kind not in ("line", "transformer"):
        return found
    return [(i, r) for i, r in found if bool(_TRANSFORMER.search(text(r, "element"))) == (wish.kind == "transformer")]


def _point(call: Call, wish: Wish, shown: list[tuple[int, Row]]) -> str:
    """The heaviest, its twin circuit included, and how it compares with its rating."""
    mark, (at, first) = Marks(call), shown[0]
    kind = wish.kind or "branch"
    peak = f"{number(first, 'loading_percent') or 0:.1f}"
    equal = [text(r, "element") for _, r in shown[:3] if f"{number(r, 'loading_percent') or 0:.1f}" == peak]
    who = f"{equal[0]} is the most loaded {kind}" if len(equal) == 1 else f"{joined(equal)} are the most loaded {plural(kind)}"
    value = mark(f"{list_key(call)}[{at}].loading_percent")
    if len(shown) != 2 or len(equal) == 2:
        return f"**{who}: {value}** of the permanent rating{_current(call, at, first)}."
    second, row = shown[1]
    then = f"then {text(row, 'element')} with {mark(f'{list_key(call)}[{second}].loading_percent')}"
    return f"**{who}: {value}** of the permanent rating; {then}."


def _current(call: Call, at: int, row: Row) -> str:
    mark, path = Marks(call), f"{list_key(call)}[{at}]"
    return f" ({mark(path + '.current_ka')} of {mark(path + '.rating_ka')})" if _comparable(row) else ""


def _comparable(row: Row) -> bool:
    """A transformer's current and rating may belong to different ends: side by side they would contradict its loading."""
    current, rating, loading = (number(row, key) for key in ("current_ka", "rating_ka", "loading_percent"))
    return bool(rating) and current is not None and loading is not None and abs(100 * current / (rating or 1) - loading) < 0.5


def _table(call: Call, shown: list[tuple[int, Row]], least: int = 3) -> list[str]:
    if len(shown) < least:
        return []
    mark, key = Marks(call), list_key(call)
    lines = []
    for i, row in shown:
        currents = [mark(f"{key}[{i}].{field}") if _comparable(row) else "" for field in ("current_ka", "rating_ka")]
        mva = mark(f"{key}[{i}].rating_mva") if not _comparable(row) and number(row, "rating_mva") is not None else ""
        lines.append([text(row, "element"), mark(f"{key}[{i}].loading_percent"), *currents, mva])
    return [table(["Element", "Loading", "Current", "Permanent rating", "Rating"], lines)]


def _beyond(call: Call, wish: Wish, found: list[tuple[int, Row]]) -> list[str]:
    bound, mark, key = wish.threshold, Marks(call), list_key(call)
    assert bound is not None
    found = found if bound.above else sorted(found, key=lambda row: number(row[1], "loading_percent") or 0.0)
    kind, (at, first) = wish.kind or "branch", found[0]
    inside = [(i, r) for i, r in found if bound.holds(number(r, "loading_percent"))]
    extreme = f"the {'highest' if bound.above else 'lowest'} is {text(first, 'element')} with {mark(f'{key}[{at}].loading_percent')}"
    if not inside:
        return [f"**No {kind} is {wish.beyond}**: {extreme}."]
    names = ", ".join(quoted(str(r.get("element"))) for _, r in inside)
    only = f" && contains([{names}], element)" if len(found) < len(rows(call.result, key)) else ""
    complete = len(inside) < len(found) or len(rows(call.result, key)) >= (number(call.result, "branches") or 0)
    count = f"{'' if complete else 'at least '}{mark(f'length({key}[?{bound.condition}{only}])')}"
    what = f"{kind} is" if len(inside) == 1 else f"{plural(kind)} are"
    point = f"{'yes: ' if wish.yes_no else ''}{count} {what} {wish.beyond}"
    return [f"**{capital(point)}**; {extreme}.", *_table(call, inside[: wish.top or 10], least=2)]


def _by_current(call: Call, wish: Wish) -> list[str]:
    """Without ratings only currents can be told."""
    mark, found = Marks(call), rows(call.result, "top_loadings")[: wish.top or _SHOWN]
    lines = [[text(row, "element"), mark(f"top_loadings[{i}].current_ka")] for i, row in enumerate(found)]
    if len(lines) < 3:
        return [f"Largest currents: {'; '.join(f'{name} {current}' for name, current in lines)}."] if lines else []
    return [f"Largest currents:\n\n{table(['Element', 'Current'], lines)}"]
