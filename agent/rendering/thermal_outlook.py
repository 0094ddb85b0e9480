"""Will a transformer become too hot under the forecast load: which, when, why, and what would help?"""

from agent.answer import Call
from agent.rendering.marks import table
from agent.rendering.reading import number
from agent.rendering.thermal_causes import because
from agent.rendering.thermal_helps import helped
from agent.rendering.thermal_life import left
from agent.rendering.thermal_rows import RowMarks, listed, of_result
from agent.rendering.wish import Wish

_SHOWN = 10


def outlook_point(call: Call, row: RowMarks, several: bool) -> str:
    """'HV1 Trafo 4 is likely to reach its hot-spot limit of 120 °C within 9.2 days (...) because of ...; to ... would bring ...'."""
    reach = _reach(call, row)
    if not reach:
        return _safe(call, row, several)
    why, help_ = because(call, row.name), helped(call, row.name)
    return f"**{row.name} {reach}**{why}{help_}."


def _reach(call: Call, row: RowMarks) -> str:
    """How surely and when the limit is reached; empty where that is not expected. Half the paths make it likely."""
    limit = f"{row.text('binding')} limit of {row(_key(row, 'limit'), 0)}"
    if row.number("days_to_limit") == 0:
        return f"is beyond its {limit} now"
    if row.number("days_to_limit") is not None:
        return f"is likely to reach its {limit} within {row.time('days_to_limit')}{row.interval('days_to_limit')}"
    chance = f" ({row('probability_percent', 0)} of the paths)" if row.number("probability_percent") is not None else ""
    if row.number("expected_days_to_limit") is not None:
        sure = "may reach" if chance else "is expected to reach"
        return f"{sure} its {limit} within {row.time('expected_days_to_limit')}{chance}"
    return f"may reach its {limit} within {_horizon(call)}{chance}" if row.number("days_to_limit_low") is not None else ""


def _key(row: RowMarks, what: str) -> str:
    """The field of the quantity that is nearer to its limit."""
    return f"{'top_oil' if row.text('binding') == 'top oil' else 'hot_spot'}_{what}_celsius"


def _horizon(call: Call) -> str:
    return of_result(call).time("horizon_hours")


def peak(row: RowMarks) -> str:
    """'98.1 °C / 120 °C', and which one where it is the oil."""
    oil = "top oil " if row.text("binding") == "top oil" else ""
    return f"{oil}{row(_key(row, 'peak'))} / {row(_key(row, 'limit'), 0)}"


def _safe(call: Call, row: RowMarks, several: bool) -> str:
    margin = f"{row('margin_k')} below its limit of {row(_key(row, 'limit'), 0)}"
    reached = f"peaks at {row(_key(row, 'peak'))} {row.text('binding')}, {margin}"
    if not several:
        return f"**{row.name} is not expected to reach a temperature limit within {_horizon(call)}**: it {reached}."
    return f"**No transformer is expected to reach a temperature limit within {_horizon(call)}**; the nearest, {row.name}, {reached}."


def temperature_point(call: Call, row: RowMarks, several: bool) -> str:
    """How hot now, and how hot at the peak of the horizon."""
    start = f"{row.name} is the hottest of those listed: its hot-spot is" if several else f"{row.name}'s hot-spot is"
    highest, band = row("hot_spot_peak_celsius"), row.band("hot_spot_peak")
    limit = f"limit {row('hot_spot_limit_celsius', 0)}"
    rest = f"The top oil peaks at {row('top_oil_peak_celsius')} (limit {row('top_oil_limit_celsius', 0)})."
    return (
        f"**{start} {row('hot_spot_now_celsius')} now and is expected to peak at {highest} within {_horizon(call)}** "
        f"({f'{band}; ' if band else ''}{limit}). {rest}"
    )


def transformers(call: Call, wish: Wish) -> list[str]:
    """One line a transformer, the nearest to its limit first."""
    shown = listed(call, "transformers")[: wish.top or _SHOWN]
    head = ["Transformer", "Load, peak", "Hot-spot now", "Peak / limit", "Limit reached in", "Ageing rate", "Years left", "Known from"]
    total = number(call.result, "total") or 0
    lines = [_line(call, r) for r in shown]
    many = [f"Of {of_result(call)('total')} transformers the nearest to a limit:"] if total > len(shown) else []
    return [*many, table(head, lines)]


def _line(call: Call, row: RowMarks) -> list[str]:
    load = row("load_peak_percent") if _known(row, "load_peak_percent") else ""
    return [
        row.name,
        load,
        row("hot_spot_now_celsius"),
        peak(row),
        _days(call, row),
        row.rate("relative_ageing"),
        left(row).removeprefix("about ") or "not known",
        row.text("record"),
    ]


def _days(call: Call, row: RowMarks) -> str:
    if _known(row, "days_to_limit"):
        return f"{row.time('days_to_limit')}{row.interval('days_to_limit')}"
    if _known(row, "expected_days_to_limit"):
        return row.time("expected_days_to_limit")
    if _known(row, "days_to_limit_low"):
        return f"perhaps: one path in twenty within {row.time('days_to_limit_low')}"
    return f"not within {_horizon(call)}"


def _known(row: RowMarks, key: str) -> bool:
    return row.number(key) is not None
