"""What does one outage do?"""

from agent.answer import Call
from agent.rendering.lost import NEGLIGIBLE_MW, lost_power
from agent.rendering.marks import Marks, joined
from agent.rendering.reading import Row, amount, number, rows, text, texts


def one_outage(call: Call) -> list[str]:
    """The answer to "what if X trips"."""
    mark, found = Marks(call), rows(call.result, "worst")
    if not found:
        failed = next(iter(rows(call.result, "failed")), {})
        return [
            f"**Losing {joined(texts(failed, 'outage'))} leaves no power-flow solution**: treat it as insecure. {text(failed, 'reason')}"
        ]
    if not hurts(found[0]):
        return [f"**Losing {_name(found[0])} breaks no limit and nothing loses supply.** {_calm(mark, found[0])}".strip()]
    return [sentence(mark, 0, found[0]), *_others(mark, found[0])]


def hurts(row: Row) -> bool:
    """Whether the outage breaks a limit or loses supply."""
    lost = amount(row, "lost_load_mw") + amount(row, "lost_generation_mw")
    return bool(rows(row, "overloaded")) or bool(number(row, "voltage_violations")) or lost > NEGLIGIBLE_MW


def sentence(mark: Marks, at: int, row: Row) -> str:
    """What is lost, what is overloaded, which voltages leave their band, in one sentence."""
    path = f"worst[{at}]"
    if row.get("total_loss") is True:
        return f"**Losing {_name(row)} is a total loss of supply**: {mark(f'{path}.lost_load_mw')} of load go dark."
    parts = [p for p in (_lost(mark, path, row), _overload(mark, path, row), _voltage(mark, path, row)) if p]
    return f"**Losing {_name(row)}** {joined(parts) if parts else 'breaks no limit'}."


def _name(row: Row) -> str:
    return joined(texts(row, "outage"))


def _lost(mark: Marks, path: str, row: Row) -> str:
    parts = lost_power(mark, path, row)
    return f"takes {joined(parts)} off supply" if parts else ""


def _overload(mark: Marks, path: str, row: Row) -> str:
    over = rows(row, "overloaded")
    if not over:
        return ""
    all_of_them = f" ({mark.count(f'{path}.overloaded')} branches overloaded in all)" if len(over) > 1 else ""
    return f"loads {text(over[0], 'element')} to {mark(f'{path}.overloaded[0].loading_percent')} of its permanent rating{all_of_them}"


def _voltage(mark: Marks, path: str, row: Row) -> str:
    count = number(row, "voltage_violations")
    if not count:
        return ""
    buses, span = "bus" if count == 1 else "buses", f"{mark(f'{path}.vm_min_pu')} to {mark(f'{path}.vm_max_pu')}"
    return f"pushes {mark(f'{path}.voltage_violations')} {buses} out of band (voltages {span})"


def _calm(mark: Marks, row: Row) -> str:
    peak = number(row, "max_loading_percent")
    loading = (
        f"The highest loading is {mark('worst[0].max_loading_percent')} ({text(row, 'max_loading_element')}). " if peak is not None else ""
    )
    voltages = (
        f"Voltages lie between {mark('worst[0].vm_min_pu')} and {mark('worst[0].vm_max_pu')}."
        if number(row, "vm_min_pu") is not None
        else ""
    )
    return (loading + voltages).strip()


def _others(mark: Marks, row: Row) -> list[str]:
    """The branches overloaded besides the heaviest."""
    over = rows(row, "overloaded")[1:6]
    told = [f"{text(o, 'element')} {mark(f'worst[0].overloaded[{i}].loading_percent')}" for i, o in enumerate(over, start=1)]
    return [f"Also overloaded: {joined(told)}."] if told else []
