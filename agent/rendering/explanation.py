"""Why is a branch loaded: what pushes power through it, what departs from normal, and what would relieve it."""

from agent.answer import Call
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import Marks, bullets, capital, joined, table
from agent.rendering.reading import Row, amount, number, rows, text
from agent.rendering.wish import Wish

_SHOWN = 5
_WORTH = 0.05  # of the flow: smaller groups are no cause (engineering judgement)
_GROUPS = {
    "pv": "photovoltaics",
    "generation": "other generation",
    "transit": "transit between infeeds",
    "no-load": "the grid's own no-load flow",
}


def explanation(call: Call, wish: Wish) -> list[str]:
    """The flow, the groups that add up to it, the largest single shares, and how far the shares can be believed."""
    result, mark = call.result, Marks(call)
    name = text(result, "element")
    if result.get("explained") is not True:
        return [f"**{text(result, 'reason') or f'The loading of {name} cannot be explained.'}**"]
    loading = f" ({mark('loading_percent')} of its permanent rating)" if number(result, "loading_percent") is not None else ""
    flow = f"**{name} carries {mark('flow_mw')} from {text(result, 'from_bus')} to {text(result, 'to_bus')}{loading}**"
    if wish.focus == "relief":
        return [part for part in (f"{flow}.", _relief(call, wish.top or _SHOWN), _departures(call)) if part]
    told = (f"{flow}{_because(call)}.", _groups(call), _largest(call, wish), _departures(call), _relief(call, 3), _check(call))
    return [part for part in told if part]


def _because(call: Call) -> str:
    """The groups with the largest parts, by name."""
    worth = _WORTH * amount(call.result, "flow_mw")
    pushing = [r for r in rows(call.result, "groups") if amount(r, "share_mw") > max(worth, NEGLIGIBLE_MW)]
    named = sorted(pushing, key=lambda r: -amount(r, "share_mw"))[:2]
    return f", mostly because of {joined([_group(r) for r in named])}" if named else ""


def _group(row: Row) -> str:
    name = text(row, "group")
    return _GROUPS.get(name, name)


def _groups(call: Call) -> str:
    mark = Marks(call)
    lines = [
        [
            capital(_group(r)),
            mark(f"groups[{i}].injection_mw") if number(r, "elements") else "",
            mark(f"groups[{i}].share_mw"),
            _share(mark, i, r),
        ]
        for i, r in enumerate(rows(call.result, "groups"))
        if abs(amount(r, "share_mw")) > NEGLIGIBLE_MW
    ]
    if not lines:
        return ""
    words = "Shares of the flow; negative ones oppose it, and together they are the flow:"
    return f"{words}\n\n{table(['Group', 'Injects', 'Share', 'Of the flow'], lines)}"


def _share(mark: Marks, at: int, row: Row) -> str:
    return mark(f"groups[{at}].share_percent") if number(row, "share_percent") is not None else ""


def _largest(call: Call, wish: Wish) -> str:
    mark = Marks(call)
    listed = list(enumerate(rows(call.result, "contributions")))
    shown = [(i, r) for i, r in listed if wish.kind not in ("generator", "load") or text(r, "kind") == wish.kind][: wish.top or _SHOWN]
    told = [
        f"{text(r, 'element')}: {mark(f'contributions[{i}].share_mw')} of its {mark(f'contributions[{i}].injection_mw')}"
        f" ({mark(f'contributions[{i}].sensitivity_mw_per_mw', 2)} per MW)"
        for i, r in shown
    ]
    more = (number(call.result, "contributions_total") or 0) > len(shown)
    which = f"The largest single shares, of {mark('contributions_total')} injections" if more else "The single shares"
    return f"{which}:\n\n{bullets(told)}" if told else ""


def _departures(call: Call) -> str:
    """What is switched or set otherwise than normal, and what the asked changes do."""
    mark = Marks(call)
    told = [
        f"{capital(text(r, words))}: {mark(f'{key}[{i}].effect_mw')} of the flow"
        for key, words in (("change_effects", "change"), ("departures", "words"))
        for i, r in enumerate(rows(call.result, key)[:_SHOWN])
        if abs(amount(r, "effect_mw")) > NEGLIGIBLE_MW
    ]
    return f"Switching and set-points that matter here:\n\n{bullets(told)}" if told else ""


def _relief(call: Call, shown: int) -> str:
    """The injections with the strongest hold on the branch."""
    mark = Marks(call)
    told = [
        f"{text(r, 'element')}: {text(r, 'step')}, {mark(f'relief[{i}].relief_mw_per_mw', 2)} less flow for each MW,"
        f" {mark(f'relief[{i}].relief_mw')} if all of its {mark(f'relief[{i}].available_mw')} were used"
        for i, r in enumerate(rows(call.result, "relief")[:shown])
    ]
    none = "No injection in service has a hold on it worth mentioning." if shown > 3 else ""
    return f"What would relieve it most:\n\n{bullets(told)}" if told else none


def _check(call: Call) -> str:
    """The prediction beside the solved flow, so that a reader sees how linear the grid is."""
    mark, checks = Marks(call), rows(call.result, "checks")
    if not checks or number(checks[0], "resolved_mw") is None:
        return ""
    solved = f"Solving again without {text(checks[0], 'removed')} changes the flow by {mark('checks[0].resolved_mw')}"
    return f"{solved}; its sensitivity predicts {mark('checks[0].predicted_mw')}."
