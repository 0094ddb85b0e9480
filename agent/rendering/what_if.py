"""What would a change do? First what is lost, then what is violated, then before and after, then the next step."""

import re

from agent.answer import Call
from agent.rendering.lost import NEGLIGIBLE_MW, lost_power
from agent.rendering.marks import Marks, capital, joined
from agent.rendering.reading import amount, inner, number, rows, text, texts
from agent.rendering.state import violations
from agent.rendering.trouble import ratings_unusable
from agent.rendering.wish import Wish

_DOING = {"open": "opening", "close": "closing", "set": "setting", "shed": "shedding", "release": "releasing", "scale": "scaling"}


def what_if(call: Call, wish: Wish) -> list[str]:
    """The point in bold, then one short paragraph for each thing worth knowing."""
    unusable = ratings_unusable(call)[:1] if call.result.get("ratings_usable") is False else []
    told = [point(call, wish), *_asked(call, wish), *violations(call), _effect(call), *unusable]
    return told if wish.outage else [*told, *_switches(call), *_next(call)]


def doing(changes: list[str]) -> str:
    """'opening HV1 Line 12 and closing HV1 Line 14'."""
    return joined([f"{_DOING.get(verb, verb)} {rest}" for verb, _, rest in (c.partition(" ") for c in changes)])


def lost(call: Call) -> str:
    """'10.0 MW of load and 37.3 MW of generation', empty where nothing is lost."""
    return joined(lost_power(Marks(call), "lost_by_changes", inner(call.result, "lost_by_changes"), prefix=""))


def point(call: Call, wish: Wish) -> str:
    """The one sentence that matters."""
    mark, doings, gone = Marks(call), doing(texts(call.result, "changes")), lost(call)
    doings = re.sub(r"\bopening\b", "losing", doings) if wish.outage else doings
    buses = texts(inner(call.result, "lost_by_changes"), "buses")
    broken = number(call.result, "violations_total") or 0
    limits = f"{mark('violations_total')} {'limit is' if broken == 1 else 'limits are'} violated" if broken else "no limit is violated"
    if gone:
        dead = f" ({mark.count('lost_by_changes.buses')} buses without supply)" if buses else ""
        return f"**{capital(doings)} cuts off {gone}**{dead}; in the rest of the grid {limits}."
    return f"**After {doings}, {limits}** and nothing loses supply."


def _asked(call: Call, wish: Wish) -> list[str]:
    """The element the person asked about, where the study lists it."""
    for i, row in enumerate(rows(call.result, "top_loadings")):
        if wish.element and text(row, "element") == wish.element and number(row, "loading_percent") is not None:
            return [f"{wish.element} would be loaded to {Marks(call)(f'top_loadings[{i}].loading_percent')} of its permanent rating."]
    return []


def _effect(call: Call) -> str:
    """Loading before and after, then the voltages after it."""
    mark, result = Marks(call), call.result
    after, before = number(result, "max_loading_percent"), number(result, "max_loading_before_percent")
    parts = []
    if after is not None:
        where = f"({text(result, 'max_loading_element')})"
        same = before is not None and f"{before:.1f}" == f"{after:.1f}"
        change = "stays at" if same else f"goes from {mark('max_loading_before_percent')} to" if before is not None else "is"
        parts.append(f"The highest loading {change} {mark('max_loading_percent')} {where}.")
    if number(result, "vm_min_pu") is None:  # a DC flow
        return " ".join([*parts, *texts(result, "notes")])
    return " ".join([*parts, f"Voltages lie between {mark('vm_min_pu')} and {mark('vm_max_pu')}, losses are {mark('losses_mw')}."])


def _switches(call: Call) -> list[str]:
    moved = texts(call.result, "switches")
    return [f"It would move {joined(moved)}."] if moved else []


def _next(call: Call) -> list[str]:
    """What a person can do with it; scaling is for studies only."""
    changes = texts(call.result, "changes")
    if any(c.startswith("scale ") for c in changes):
        return []
    loaded = texts(call.result, "loaded_disconnectors")
    if loaded:
        return [f"Nothing was changed. As a real order this would be refused, because {joined(loaded)} must not be moved under load."]
    if amount(inner(call.result, "lost_by_changes"), "load_mw") > NEGLIGIBLE_MW and not any(c.startswith("shed ") for c in changes):
        return ["Nothing was changed. As a real order this would be refused, because it takes load off supply."]
    if number(call.result, "violations_total"):
        return ["Nothing was changed. As a real order this is refused where the change itself causes a violation."]
    return ["Nothing was changed. Next: the N-1 check with this change, or ask for it as a proposal."]
