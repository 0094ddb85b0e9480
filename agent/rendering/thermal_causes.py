"""Why does a transformer become so hot? Causes that add up to its peak, and the injections behind them."""

from agent.answer import Call
from agent.rendering.marks import Marks, bullets, capital, joined, table
from agent.rendering.reading import Row, number, text, texts
from agent.rendering.thermal_rows import RowMarks, listed

_WORTH_K = 0.5  # smaller causes are not in a sentence; engineering judgement, as in the study's own
SHOWN_K = 0.05  # less would be told as 0.0
_NAMED = 2
_SHOWN = 5


def label(row: Row) -> str:
    """The cause in words."""
    return text(row, "cause").replace("pv", "PV")


def because(call: Call, element: str) -> str:
    """' because of wind and PV (HV1 Sgen 54, +12.3 K) and load growth (+2.1 K)'; empty where nothing is worth saying."""
    told = [r for r in listed(call, "causes") if r.amount("share_k") >= _WORTH_K][:_NAMED]
    if not told or text(call.result, "explained") != element:
        return ""
    return f" because of {joined([_in_brackets(r) for r in told])}"


def _in_brackets(row: RowMarks) -> str:
    return f"{label(row.row)} ({', '.join([*texts(row.row, 'elements')[:_NAMED], _signed(row)])})"


def _signed(row: RowMarks) -> str:
    return f"{'+' if row.amount('share_k') > 0 else ''}{row('share_k')}"


def causes(call: Call, injections: bool) -> list[str]:
    """From what to what, each cause with what it is compared with; then the largest injections where they were asked for."""
    found, explained = listed(call, "causes"), text(call.result, "explained")
    if not found:
        return []
    told = number(call.result, "baseline_hot_spot_celsius") is not None
    mark = Marks(call)
    of = f"from {mark('baseline_hot_spot_celsius')} without them to {mark('explained_hot_spot_celsius')}" if told else ""
    lines = [
        [
            capital(label(r.row)),
            _signed(r),
            r("share_percent", 0) if r.number("share_percent") is not None else "",
            r.text("words"),
            ", ".join(texts(r.row, "elements")),
        ]
        for r in found
        if abs(r.amount("share_k")) >= SHOWN_K
    ]
    shown = table(["Cause", "Adds", "Of the rise", "Compared with", "Mostly by"], lines)
    return [
        f"Why: these causes add up to the peak of {explained}'s hot-spot{f', {of}' if of else ''}.",
        shown,
        *(_contributors(call) if injections else []),
    ]


def _contributors(call: Call) -> list[str]:
    told = [
        f"{r.name}{_kind(r)}: {'+' if r.amount('share_mw') > 0 else ''}{r('share_mw')} of its {r('p_mw')}"
        for r in listed(call, "contributors")[:_SHOWN]
    ]
    return [f"Largest parts of its flow at that moment (positive ones load it more):\n\n{bullets(told)}"] if told else []


def _kind(row: RowMarks) -> str:
    told = [t for t in (row.text("technology"), row.text("area")) if t]
    return f" ({', '.join(told)})" if told else ""
