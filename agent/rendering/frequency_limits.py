"""Which limits of the area does frequency keep, and how much inertia would keep the one that was asked for?"""

from agent.answer import Call
from agent.rendering.frequency_rows import bare, rate
from agent.rendering.marks import capital, joined, table
from agent.rendering.thermal_rows import RowMarks, listed, of_result


def limits_point(call: Call) -> str:
    """All kept, or which are not, with value, limit and clause."""
    found, area = listed(call, "limits"), of_result(call).text("area")
    broken = [r for r in found if r.row.get("kept") is False]
    if not found:
        return "**No limits were judged: no synchronous area was given.**"
    if not broken:
        return f"**All limits of {area} are kept.**"
    some = "Not all" if len(broken) < len(found) else "None of the"
    return f"**{some} limits of {area} are kept**: {'; '.join(_broken(r) for r in broken)}."


def _broken(row: RowMarks) -> str:
    return f"{row.text('limit')} {_value(row)} against {bare(row, 'allowed')} ({row.text('clause')})"


def _value(row: RowMarks) -> str:
    return rate(row, "value") if row.text("unit") == "Hz/s" else row("value", 3)


def verdict(call: Call) -> str:
    """' Limits not kept: a and b.' or ' All limits of Ireland are kept.'; short, for the table says more."""
    found = listed(call, "limits")
    broken = [r.text("limit") for r in found if r.row.get("kept") is False]
    if not found:
        return ""
    return f" Not kept: {joined(broken)}." if broken else f" All limits of {of_result(call).text('area')} are kept."


def limits(call: Call) -> list[str]:
    """One line a limit: reached, allowed, kept or not, for how long beyond it, and who says so."""
    lines = [
        [capital(r.text("limit")), _value(r), bare(r, "allowed"), _kept(r), _beyond(r), r.text("clause"), r.text("unverified")]
        for r in listed(call, "limits")
    ]
    head = ["Limit", "Reached", "Limit value", "Kept", "Beyond it for", "Clause", "Not verified"]
    return [f"Limits of {of_result(call).text('area')}:", table(head, lines)] if lines else []


def _kept(row: RowMarks) -> str:
    return "yes" if row.row.get("kept") is True else "**no**"


def _beyond(row: RowMarks) -> str:
    return row("beyond_s", 1) if row.amount("beyond_s") else ""


def inertia_point(call: Call) -> str:
    """The smallest that keeps the limit without shedding, or why there is none."""
    return f"**{_least(call) or 'No smallest inertia was sought.'}** {_now(call)}{_for_rate(call)}"


def inertia(call: Call) -> list[str]:
    """The same as a paragraph of its own; nothing where it was not sought."""
    return [f"{told} {_now(call)}{_for_rate(call)}"] if (told := _least(call)) else []


def _least(call: Call) -> str:
    found = of_result(call)
    if found.number("smallest_inertia_gws") is None:
        note = found.text("smallest_inertia_note")  # word for word, so that its numbers keep their source
        return f"There is no smallest inertia: {note}" if note else ""
    return f"{found('smallest_inertia_gws')} is the smallest inertia that keeps {bare(found, 'limit_hz')} without shedding."


def _now(call: Call) -> str:
    return f"Now it is {of_result(call)('inertia_gws')} after the loss."


def _for_rate(call: Call) -> str:
    found = of_result(call)
    if found.number("smallest_inertia_for_rocof_gws") is None:
        return ""
    return f" The rate of change that was asked for, as a mean over half a second, needs {found('smallest_inertia_for_rocof_gws')}."
