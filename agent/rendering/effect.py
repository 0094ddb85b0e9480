"""Before and after, as the gate saw it."""

from agent.answer import Call
from agent.rendering.lost import lost_power
from agent.rendering.marks import Marks
from agent.rendering.reading import Row, inner

_QUANTITIES = {
    "max_loading_percent": "highest loading",
    "worst_outage_loading_percent": "loading after the worst outage",
    "vm_max_pu": "highest voltage",
    "vm_min_pu": "lowest voltage",
    "losses_mw": "losses",
}


def effect_sentence(call: Call) -> list[str]:
    """One line with what changes to the last shown digit; the rest is not worth an operator's time."""
    effect, mark = inner(call.result, "effect"), Marks(call)
    known = [key for key in _QUANTITIES if pair(effect, key)]
    changed = [_change(mark, key) for key in known if _moves(effect, key)]
    lost = [f"{power} cut off" for power in lost_power(mark, "effect", effect)]
    if lost or changed:
        return [f"Effect: {'; '.join([*lost, *changed])}."]
    return ["Effect: loadings, voltages and losses stay the same to the last shown digit."] if known else []


def _change(mark: Marks, key: str) -> str:
    return f"{_QUANTITIES[key]} {mark(f'effect.{key}[0]')} → {mark(f'effect.{key}[1]')}"


def _moves(effect: Row, key: str) -> bool:
    before, after = pair(effect, key) or (0.0, 0.0)
    decimals = 3 if key.endswith("_pu") else 1
    return f"{before:.{decimals}f}" != f"{after:.{decimals}f}"


def pair(effect: Row, key: str) -> tuple[float, float] | None:
    """Before and after, where both are known."""
    value = effect.get(key)
    if not isinstance(value, list) or len(value) != 2:
        return None
    numbers = [float(v) for v in value if isinstance(v, int | float) and not isinstance(v, bool)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None
