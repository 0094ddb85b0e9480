"""What needs attention: the alarms that stand, by cause."""

from agent.answer import Call
from agent.rendering.marks import Marks, bullets
from agent.rendering.reading import Row, number, rows, text
from agent.rendering.wish import Wish

_SHOWN = 5


def alarms(call: Call, wish: Wish) -> list[str]:
    """How many, the causes with what belongs to each, and who knows of them."""
    result, mark = call.result, Marks(call)
    note = text(result, "note")
    if not number(result, "total"):
        return [note, "**There is no finding.**"] if note else [f"**{_none(call)}**"]
    one = number(result, "total") == 1
    what = "finding" if note else "alarm"
    causes = f"from {mark('groups_total')} {'cause' if number(result, 'groups_total') == 1 else 'causes'}"
    point = f"**{mark('total')} {what}{'' if one else 's'} {'stands' if one else 'stand'}, {causes}**{'' if note else _waiting(call)}."
    shown = rows(result, "groups")[: wish.top or _SHOWN]
    told = [_group(call, r) for r in shown]
    more = int(number(result, "groups_total") or 0) > len(shown)
    rest = "Only the gravest causes are shown." if more else ""
    return [part for part in (note, point, bullets(told), rest) if part]


def _none(call: Call) -> str:
    """What it is that there is none of, and where it was looked for."""
    args: Row = dict(call.args)
    here = f" for {text(args, 'element')}" if text(args, "element") else ""
    if text(args, "status") == "unacknowledged":
        return f"Nobody has to acknowledge anything: no unacknowledged alarm stands{here}."
    return f"No alarm and no change is reported{here}." if text(args, "status") == "all" else f"No alarm stands{here}."


def _waiting(call: Call) -> str:
    waiting, mark = number(call.result, "unacknowledged"), Marks(call)
    if not waiting:
        return ", all acknowledged"
    if waiting == number(call.result, "total") != 1:
        return ", none of them acknowledged"
    return f", {mark('unacknowledged')} of them not acknowledged" if number(call.result, "total") != 1 else ", not acknowledged"


def _group(call: Call, row: Row) -> str:
    """The engine's sentence, word for word, with its time and who knows of it."""
    since = text(row, "since")[:16].replace("T", " ")
    known = [text(a, "acknowledged_by") for a in rows(call.result, "alarms") if text(a, "cause") == text(row, "cause")]
    people = sorted({p for p in known if p})
    who = f"; acknowledged by {', '.join(people)}" if people else ""
    return f"{text(row, 'severity').capitalize()} since {since} UTC: {text(row, 'sentence')}{who}"
