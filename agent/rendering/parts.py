"""What hangs together: islands, branches that alone hold something in supply, and ties between areas."""

from agent.answer import Call
from agent.rendering.lost import NEGLIGIBLE_MW, lost_power
from agent.rendering.marks import Marks, joined, table
from agent.rendering.reading import Row, amount, inner, number, rows, text, texts

_SHOWN = 10


def islands(call: Call) -> list[str]:
    """How many live islands, and what is dead."""
    mark, found = Marks(call), inner(call.result, "islands")
    live = number(found, "live_islands") or 0
    whole = "The grid is in one piece" if live == 1 else f"The grid is in {mark('islands.live_islands')} live islands"
    if not number(found, "dead_parts"):
        return [f"**{whole}; nothing is dead.**", *(_table(mark, found) if live != 1 else [])]
    dead = f"{mark('islands.dead_parts')} {'part is' if number(found, 'dead_parts') == 1 else 'parts are'} without supply"
    power = f"{mark('islands.dead_load_mw')} of load and {mark('islands.dead_generation_mw')} of generation"
    return [f"**{whole}; {dead}**: {mark('islands.dead_buses')} busbars, {power}.", *_table(mark, found)]


def _table(mark: Marks, found: Row) -> list[str]:
    lines = [
        [
            "live" if r.get("live") is True else "dead",
            mark(f"islands.rows[{i}].buses"),
            joined(texts(r, "names")[:3]),
            mark(f"islands.rows[{i}].load_mw"),
            mark(f"islands.rows[{i}].generation_mw"),
            joined(texts(r, "infeeds")),
        ]
        for i, r in enumerate(rows(found, "rows")[:_SHOWN])
    ]
    return [table(["Part", "Busbars", "Among them", "Load", "Generation", "Infeeds"], lines)] if lines else []


def bridges(call: Call) -> list[str]:
    """Branches whose loss alone cuts something off."""
    mark, found = Marks(call), inner(call.result, "bridges")
    if text(call.result, "element"):
        return [_one_bridge(mark, text(call.result, "element"), found)]
    if not number(found, "cutting"):
        more = " There are branches without a second path, but nothing hangs on them." if number(found, "total") else ""
        return [f"**No single branch cuts load or generation off.**{more}"]
    load = f"{mark('bridges.radial_load_mw')} of {mark('bridges.load_mw')} of load"
    generation = f"{mark('bridges.radial_generation_mw')} of generation"
    return [
        f"**{mark('bridges.cutting')} {_branches(number(found, 'cutting'), 'holds', 'hold')} something in supply alone**: "
        f"{load} and {generation} hang on {'it' if number(found, 'cutting') == 1 else 'them'}.",
        *_listed(mark, found),
    ]


def _branches(count: float | None, one: str, many: str) -> str:
    return f"branch {one}" if count == 1 else f"branches {many}"


def _one_bridge(mark: Marks, name: str, found: Row) -> str:
    """Whether this branch is the only way to something."""
    row = next(iter(rows(found, "rows")), None)
    if row is None:
        return f"**{name} is not radial**: what is at its two ends stays connected without it."
    parts = lost_power(mark, "bridges.rows[0]", row)
    if row.get("splits") is True:
        return f"**{name} is the only link between two parts of the grid**; each keeps an infeed, so nothing loses supply without it."
    if not parts:
        return f"**{name} is radial, but nothing hangs on it**: no load and no generation is lost with it."
    return f"**{name} is radial**: {joined(parts)} hang on it alone (behind it {joined(texts(row, 'names'))})."


def _listed(mark: Marks, found: Row) -> list[str]:
    chosen = [
        (i, r) for i, r in enumerate(rows(found, "rows")) if amount(r, "lost_load_mw") + amount(r, "lost_generation_mw") > NEGLIGIBLE_MW
    ]
    lines = [
        [
            text(r, "branch"),
            mark(f"bridges.rows[{i}].lost_load_mw") if amount(r, "lost_load_mw") > NEGLIGIBLE_MW else "",
            mark(f"bridges.rows[{i}].lost_generation_mw") if amount(r, "lost_generation_mw") > NEGLIGIBLE_MW else "",
            joined(texts(r, "names")[:2]),
        ]
        for i, r in chosen[:_SHOWN]
    ]
    return [f"Most load first:\n\n{table(['Branch', 'Load lost', 'Generation lost', 'Behind it'], lines)}"] if lines else []


def ties(call: Call) -> list[str]:
    """Branches between areas and what they carry."""
    mark, found = Marks(call), inner(call.result, "ties")
    if len(texts(found, "areas")) < 2:
        return ["**There are no ties between areas in this grid.**"]
    if not number(found, "total"):
        return [f"**No branch joins {joined(texts(found, 'areas'), 'or')} to one another.**"]
    pairs = [
        f"{mark(f'abs(ties.pairs[{i}].p_mw)')} {_way(r)} over {mark(f'ties.pairs[{i}].in_service')}"
        for i, r in enumerate(rows(found, "pairs")[:_SHOWN])
        if number(r, "p_mw") is not None
    ]
    lines = [
        [
            text(r, "branch"),
            f"{text(r, 'from_area')} → {text(r, 'to_area')}",
            mark(f"ties.rows[{i}].p_mw") if number(r, "p_mw") is not None else "",
            mark(f"ties.rows[{i}].loading_percent") if number(r, "loading_percent") is not None else "",
            "" if r.get("in_service") is True else "out of service",
        ]
        for i, r in enumerate(rows(found, "rows")[:_SHOWN])
    ]
    joins = _branches(number(found, "total"), "joins", "join")
    told = f"**{mark('ties.total')} {joins} areas.**" + (f" Exchange: {'; '.join(pairs)} ties in service." if pairs else "")
    return [told, table(["Tie", "Areas", "Flow", "Loading", "State"], lines)]


def _way(pair: Row) -> str:
    """'from area 2 to area 1', in the direction of the flow."""
    ends = [f"area {text(pair, key)}" for key in ("from_area", "to_area")]
    return "from {} to {}".format(*(ends if amount(pair, "p_mw") >= 0 else reversed(ends)))
