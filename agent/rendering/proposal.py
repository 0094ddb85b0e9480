"""A request for a change: what was decided about it, and what happens next. Nothing here says that anything was done."""

from agent.answer import Call
from agent.rendering.effect import effect_sentence
from agent.rendering.marks import Marks, bullets, joined, table
from agent.rendering.reading import Row, inner, number, rows, text, texts
from agent.rendering.remedies import would_work

_KEY_CLAUSES = 4


def proposal(call: Call) -> list[str]:
    """Blocked with reasons, or pending with the verdict, the effect and who must decide."""
    return _blocked(call) if text(call.result, "status") == "blocked" else _pending(call)


def order(row: Row) -> str:
    """The exact actions, in order."""
    return ", then ".join(texts(row, "actions"))


def _blocked(call: Call) -> list[str]:
    reasons = _reasons(call.result)
    shown = bullets(reasons) if len(reasons) > 1 else "".join(reasons)
    tried = f"Request {Marks(call)('id')} ({order(call.result)})" if number(call.result, "id") is not None else order(call.result)
    return [f"**Blocked, nothing was changed.** {tried} does not reach the approval queue:", shown, *_other_order(call)]


def _other_order(call: Call) -> list[str]:
    """The order that the gate would pass, instead of what else would work; that none does is said only where all were tried."""
    found = inner(call.result, "other_order")
    if texts(found, "actions"):
        return [f"In the order {order(found)} it would pass."]
    vain = (
        [f"No other order of these actions would pass ({Marks(call)('other_order.tried')} tried)."]
        if found.get("all_tried") is True
        else []
    )
    return [*vain, *would_work(call.result)]


def _reasons(result: Row) -> list[str]:
    """What is lost first, then what is wrong at once, then what an outage would add."""
    clauses = [c for c in rows(result, "clauses") if text(c, "outcome") in ("fail", "not checkable")]
    clauses.sort(key=lambda c: (text(c, "rule").startswith("n1-"), text(c, "rule") != "lost-load"))
    told = [text(c, "explanation") for c in clauses] or texts(result, "reasons")
    cut_off = [
        text(c, "explanation") for c in rows(result, "clauses") if text(c, "rule") == "lost-generation" and text(c, "outcome") == "warn"
    ]
    return [*told[:1], *cut_off, *told[1:]]


def _pending(call: Call) -> list[str]:
    mark, result = Marks(call), call.result
    state = "waits for approval" if text(result, "status") == "pending" else f"is {text(result, 'status')}"
    return [
        f"**Proposal {mark('id')} {state}: {order(result)}.** Nothing has been done yet.{_switches(result)}",
        *effect_sentence(call),
        *_verdict(call),
        _who(call),
    ]


def _switches(result: Row) -> str:
    """Which breakers an opening or closing is expanded to."""
    given = result.get("breakers")
    names = (
        [name for group in given if isinstance(group, list) for name in group if isinstance(name, str)] if isinstance(given, list) else []
    )
    return f" Breakers: {joined(names)}." if names else ""


def _verdict(call: Call) -> list[str]:
    """Warnings in words, then the clauses with the least margin."""
    mark, found = Marks(call), list(enumerate(rows(call.result, "clauses")))
    warned = [text(c, "explanation") for _, c in found if text(c, "outcome") == "warn"]
    passed = mark("length(clauses[?outcome=='pass'])")
    point = f"Verdict: **{text(call.result, 'verdict')}**; {passed} rules pass" + (", with warnings:" if warned else ".")
    return [point, *([bullets(warned)] if warned else []), *_least_margins(mark, found)]


_COUNTED = ("parts", "actions", "step", "position")  # one part of a grid is no narrow margin to two


def _least_margins(mark: Marks, found: list[tuple[int, Row]]) -> list[str]:
    passed = [(i, c) for i, c in found if text(c, "outcome") == "pass" and text(c, "unit") not in _COUNTED]
    judged = [(i, c) for i, c in passed if number(c, "margin") is not None and number(c, "limit")]
    judged.sort(key=lambda p: (number(p[1], "margin") or 0.0) / abs(number(p[1], "limit") or 1.0))
    lines = [_line(mark, f"clauses[{i}]", c) for i, c in judged[:_KEY_CLAUSES]]
    return [f"Least margins:\n\n{table(['Rule', 'Element', 'Before', 'After', 'Limit', 'Margin'], lines)}"] if lines else []


def _line(mark: Marks, path: str, clause: Row) -> list[str]:
    small = abs(number(clause, "margin") or 0.0) < 1e-4
    decimals = (5 if small else 4) if text(clause, "unit") == "pu" else 1  # a voltage's margin lies in the last decimals
    values = [mark(f"{path}.{key}", decimals) if number(clause, key) is not None else "" for key in ("before", "value", "limit", "margin")]
    return [text(clause, "rule"), text(clause, "element"), *values]


def _who(call: Call) -> str:
    critical = call.result.get("critical") is True or any(c.get("critical") is True for c in rows(call.result, "clauses"))
    who = "Two different authorised people, neither of them the requester," if critical else "A different, authorised person"
    link = text(call.result, "link") or f"/approvals#{number(call.result, 'id') or 0:.0f}"
    return f"{who} must decide{_until(call.result)}: [open the card]({link})"


def _until(result: Row) -> str:
    expires = text(result, "expires_at")
    return f" before {expires[11:16]} UTC" if len(expires) >= 16 else ""
