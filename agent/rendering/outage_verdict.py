"""Is the grid secure against the outages that were studied? The one sentence an answer about outages begins with."""

from agent.answer import Call
from agent.rendering.marks import Marks
from agent.rendering.reading import inner, number, text, texts
from agent.rendering.what_if import doing
from agent.rendering.wish import Wish

_OWN = ("group", "line", "transformer")  # these are mostly named one by one
_WHOLE_KINDS = (["lines"], ["transformers"])


def verdict(call: Call, wish: Wish) -> str:
    """Secure or not, of how many outages; without and with the changes."""
    mark, changes, what = Marks(call), texts(call.result, "changes"), studied(call)
    after = f"After {doing(changes)}: " if changes else ""
    whole = call.args.get("elements") is None and call.args.get("outages") is None
    order = "N-2" if call.args.get("level") == 2 else "N-1"
    secure = call.result.get("secure")
    if secure is True:
        return f"{after}**{f'{order} secure: all' if whole else 'All'} {what} leave every limit kept and every load supplied.**"
    if wish.focus == "lost_load":
        return f"{after}**{_losing(call)}**"
    if not number(call.result, "total"):
        if secure is None:
            note = text(call.result, "secure_note")
            return f"{after}**None of {what} breaks a limit that could be judged, but that is no proof of security:** {note}."
        return f"{after}**Not shown to be secure: {mark.count('failed')} of {what} have no solution.**"
    return f"{after}**{f'Not {order} secure: ' if whole else ''}{mark('total')} of {what} {_breaks(call)}.**{_without(call)}"


def _breaks(call: Call) -> str:
    return "breaks a limit or loses load" if number(call.result, "total") == 1 else "break a limit or lose load"


def _without(call: Call) -> str:
    """How many there are without the changes."""
    known = number(inner(call.result, "comparison"), "total_before") is not None
    return f" Without the change: {Marks(call)('comparison.total_before')}." if known else ""


def studied(call: Call) -> str:
    """'104 single outages', '17205 pairs', '3 outages asked for'."""
    mark, args = Marks(call), call.args
    if args.get("level") == 2:
        some = number(call.result, "confirmed") and not all_solved(call)
        return f"{mark('confirmed')} pairs solved" if some else f"{mark('pairs' if number(call.result, 'pairs') else 'cases')} pairs"
    kinds = inner(call.result, "cases_by_kind")
    if args.get("elements") is not None and len(kinds) == 1 and (next(iter(kinds)) not in _OWN or args["elements"] in _WHOLE_KINDS):
        kind = next(iter(kinds))
        return f"{mark('cases')} outages of {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    asked = args.get("elements") is not None or args.get("outages") is not None
    return f"{mark('cases')} {'outages asked for' if asked else 'single outages'}"


def all_solved(call: Call) -> bool:
    """Whether every pair was solved in AC."""
    return number(call.result, "confirmed") == number(call.result, "pairs")


def _losing(call: Call) -> str:
    mark = Marks(call)
    if not number(call.result, "losing_load"):
        return f"None of {studied(call)} loses load."
    return f"{mark('losing_load')} of {studied(call)} lose load, at most {mark('lost_load_mw')}."
