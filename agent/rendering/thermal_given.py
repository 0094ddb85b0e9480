"""Can a transformer carry a given load: in which regime, how hot, what it costs, and when a limit is crossed?"""

import re

from agent.answer import Call
from agent.rendering.marks import capital, table
from agent.rendering.reading import text
from agent.rendering.thermal_life import cost
from agent.rendering.thermal_rows import RowMarks, listed, of_result
from agent.rendering.wish import Wish

_YES_NO = re.compile(r"^\W*(?:can|could|may|might|is|are|does|do|will|would)\b", re.IGNORECASE)
_CARRY = re.compile(
    r"\b(?:carry|take|handle|bear|sustain|stand|withstand|run|supply|ok|allowed|permitted|(?:over)?load(?:ed)?)\b", re.IGNORECASE
)


def given_point(call: Call, row: RowMarks, wish: Wish) -> str:
    """'Yes, as long-time emergency loading: ...' or 'No: ...'; a question of another kind gets the same as a statement."""
    if not judged(call, row):
        return given_temperature_point(call, row)
    asked = _CARRY.search(wish.question) is not None and (wish.yes_no or _YES_NO.search(wish.question) is not None)
    regime, costs = _allowed(call), f"it costs {cost(call, row)}"
    if regime:
        can = f"Yes, {row.name} can carry this" if asked else f"{row.name} can carry this"
        return f"**{can} as {regime.text('regime')} loading**: {_hot_spot(row, regime)}, {_top_oil(row, regime)}; {costs}."
    no = f"No: {row.name} cannot carry this" if asked else f"{row.name} cannot carry this"
    return f"**{no}**; {_broken(call)} ({_hot_spot(row)}, {_top_oil(row)}); {costs}."


def judged(call: Call, row: RowMarks) -> bool:
    """Whether the regimes of the standard were looked at, and for this transformer."""
    return bool(listed(call, "regimes")) and text(call.result, "explained") == row.name


def _allowed(call: Call) -> RowMarks | None:
    """The mildest regime that allows it; the standard's order is from mild to severe."""
    return next((r for r in listed(call, "regimes") if r.row.get("allowed") is True), None)


def _hot_spot(row: RowMarks, regime: RowMarks | None = None) -> str:
    return f"hot-spot {row('hot_spot_peak_celsius')}{_of(regime, 'limit_hot_spot_celsius')}"


def _top_oil(row: RowMarks, regime: RowMarks | None = None) -> str:
    return f"top oil {row('top_oil_peak_celsius')}{_of(regime, 'limit_top_oil_celsius')}"


def _of(regime: RowMarks | None, key: str) -> str:
    return f" of {regime(key, 0)}" if regime and regime.number(key) is not None else ""


def _broken(call: Call) -> str:
    """By which quantity, and when, the widest regime that applies is broken."""
    widest = next((r for r in reversed(listed(call, "regimes")) if r.row.get("allowed") is False), None)
    if widest is None:
        return "no regime of the standard applies to it"
    return f"the {_limit(widest)} is crossed{_when(widest)}"


def _limit(regime: RowMarks) -> str:
    return f"{regime.text('binding')} limit of {regime.text('regime')} loading ({regime('limit', 0)})"


def _when(regime: RowMarks) -> str:
    left = regime.number("minutes_to_limit")
    return "" if left is None else " at once" if left <= 0 else f" after {regime.time('minutes_to_limit')}"


def given_time_point(call: Call, row: RowMarks) -> str:
    """How long the load may last as loading of each regime."""
    found = listed(call, "regimes")
    if all(r.number("allowed_min") is None for r in found):
        return f"**{row.name} may carry this for all {of_result(call).time('horizon_hours')}**: no limit of any regime is crossed."
    told = "; ".join(f"as {r.text('regime')} loading {_lasting(call, r)}" for r in found)
    return f"**{row.name} may carry this {told}.**"


def _lasting(call: Call, regime: RowMarks) -> str:
    """'for 47 min (then hot-spot, 140 °C)', 'not at all (current, 130 %)' or 'for all 24 h'."""
    allowed = regime.number("allowed_min")
    if allowed is None:
        return f"for all {of_result(call).time('horizon_hours')}"
    crossed = regime.number("minutes_to_limit")
    why = f"{regime.text('binding')}, {regime('limit', 0)}"
    if allowed <= 0:
        return f"not at all ({why})"
    return f"for {regime.time('allowed_min')} ({f'then {why}' if crossed == allowed else 'its longest time'})"


def given_temperature_point(call: Call, row: RowMarks) -> str:
    """How hot, against the limits of the regime that allows it, else of the regime that the study means."""
    if not judged(call, row):
        hot_spot = f"hot-spot {row('hot_spot_peak_celsius')} (limit {row('hot_spot_limit_celsius', 0)})"
        oil = f"top oil {row('top_oil_peak_celsius')} (limit {row('top_oil_limit_celsius', 0)})"
        return f"**{row.name} reaches {hot_spot} and {oil}**; it costs {cost(call, row)}."
    regime = _allowed(call)
    allowed = f"allowed as {regime.text('regime')} loading" if regime else f"not allowed: {_broken(call)}"
    return f"**{row.name} reaches {_hot_spot(row, regime)} and {_top_oil(row, regime)}**; {allowed}."


def regimes(call: Call) -> list[str]:
    """One line a regime: allowed or not, and how near. Of many paths one is judged; when it crosses would pass for the answer."""
    crossed = not of_result(call).amount("paths")
    lines = [
        [
            capital(r.text("regime")),
            _verdict(r),
            r.text("binding"),
            r("peak"),
            r("limit", 0),
            *([_when(r).strip()] if crossed else []),
        ]
        for r in listed(call, "regimes")
    ]
    head = ["Regime", "Allowed", "Nearest limit", "Peak", "Limit", *(["Crossed"] if crossed else [])]
    return [*_whose(call, crossed), table(head, lines)] if lines else []


def _whose(call: Call, given: bool) -> list[str]:
    of = text(call.result, "explained")
    if not given:
        return [f"Loading regimes of the standard on the explained path of {of}:"]
    return [f"Loading regimes of the standard for {of}:"] if len(listed(call, "transformers")) > 1 else []


def _verdict(regime: RowMarks) -> str:
    allowed = regime.row.get("allowed")
    return "yes" if allowed is True else "no" if allowed is False else "does not apply"
