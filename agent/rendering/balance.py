"""How much is consumed, generated, lost and exchanged?"""

from agent.answer import Call
from agent.rendering.marks import Marks, capital
from agent.rendering.reading import amount, inner, number, texts
from agent.rendering.wish import Wish


def balance(call: Call, wish: Wish) -> list[str]:
    """The quantity asked for first, then the others in one sentence."""
    parts = _parts(call)
    first = wish.focus if wish.focus in parts else "losses"
    rest = [words for name, words in parts.items() if name != first]
    if first not in parts:
        return ["This study says nothing about losses or totals."]
    return [f"**{capital(parts[first])}.**", capital(f"{', '.join(rest)}.") if rest else ""]


def balance_sentence(call: Call) -> str:
    """Load, generation, losses and exchange in one line."""
    parts = _parts(call)
    exchange = f"; {parts.pop('exchange')}" if "exchange" in parts else ""
    return capital(f"{', '.join(parts.values())}{exchange}.")


def no_supply(call: Call) -> list[str]:
    """What is without supply in the studied state."""
    dead = inner(call.result, "deenergised")
    if not texts(dead, "buses"):
        return []
    mark = Marks(call)
    load = f" with {mark('deenergised.load_mw')} of load" if amount(dead, "load_mw") else ""
    return [f"{mark.count('deenergised.buses')} buses are without supply{load}."]


def _parts(call: Call) -> dict[str, str]:
    mark, result = Marks(call), call.result
    found = {"load": "load", "generation": "generation", "wind": "wind", "losses": "losses"}
    parts = {name: f"{words} {mark(f'{name}_mw')}" for name, words in found.items() if number(result, f"{name}_mw") is not None}
    if number(result, "slack_mw") is not None:
        way = "flow out" if amount(result, "slack_mw") < 0 else "come in"
        parts["exchange"] = f"{mark('abs(slack_mw)')} {way} through the infeeds"
    return parts
