"""Does the grid survive every single outage, and which ones hurt most?"""

from agent.answer import Call
from agent.rendering.lost import NEGLIGIBLE_MW
from agent.rendering.marks import Marks, bullets, joined, table
from agent.rendering.one_outage import hurts, one_outage, sentence
from agent.rendering.outage_tables import by_element, compared
from agent.rendering.outage_verdict import all_solved, studied, verdict
from agent.rendering.reading import Row, amount, number, rows, text, texts
from agent.rendering.trouble import ratings_unusable
from agent.rendering.wish import Wish

_SHOWN = 5
_ALIKE = 0.1  # of a severity: less than what is shown of a loading
_LONGER = "None of them is among the gravest outages listed here; ask for a longer list to see them."


def outages(call: Call, wish: Wish) -> list[str]:
    """Secure or not and why, the worst ones, and the cases without a solution."""
    result = call.result
    cases = number(result, "cases") or 0
    if not cases:
        return [f"{text(result, 'headline') or 'There is no element in service whose outage could be studied.'}"]
    unusable = ratings_unusable(call)[:1] if result.get("ratings_usable") is False else []
    if cases == 1:
        return [*one_outage(call), *compared(call), *_method(call), *unusable]
    if wish.focus == "elements":
        return [*by_element(call, wish, studied(call)), *_method(call), *unusable]
    told = [verdict(call, wish), *_graver(call), *_gravest(call, wish), *_counts(call, wish), *compared(call), *_worst(call, wish)]
    return [*told, *_failed(call), *_pairs(call), *_method(call), *unusable]


def _graver(call: Call) -> list[str]:
    """Of two groups set against each other, which one is the graver."""
    listed = rows(call.result, "worst")
    if call.result.get("grouped") is not True or number(call.result, "cases") != 2 or len(listed) != 2 or not hurts(listed[0]):
        return []
    if amount(listed[0], "severity") - amount(listed[1], "severity") < _ALIKE:
        return ["The two are about equally grave."]
    return [f"Losing {joined(texts(listed[0], 'outage'))} is the graver of the two."]


def _method(call: Call) -> list[str]:
    return ["By the DC approximation, which knows no voltages or reactive power."] if call.result.get("method") == "dc" else []


def _pairs(call: Call) -> list[str]:
    """How many pairs were judged in which way."""
    mark, result = Marks(call), call.result
    if number(result, "pairs") is None:
        return []
    if result.get("method") == "dc":
        parts = [f"{mark('pairs')} pairs were screened"]
    elif all_solved(call):
        parts = [f"All {mark('pairs')} pairs were solved in AC"]
    else:
        parts = [f"{mark('pairs')} pairs were screened", f"{mark('confirmed')} of them solved in AC"]
    if number(result, "islanding"):
        parts.append(f"{mark('islanding')} of all pairs cut the grid apart")
    told = f"{joined(parts)}."
    return [f"{told} {mark('left_out')} pairs near a finding were not solved in AC." if number(result, "left_out") else told]


def _many(call: Call) -> str:
    return "pairs" if call.args.get("level") == 2 else "outages"


def _gravest(call: Call, wish: Wish) -> list[str]:
    """The one outage that hurts most, told before the counts; a short list says it itself."""
    chosen, _ = _chosen(call, wish)
    if wish.focus == "lost_load" or len(chosen) < 3 or not hurts(chosen[0][1]):
        return []
    at, row = chosen[0]
    return [f"The worst: {sentence(Marks(call), at, row)}"]


def _counts(call: Call, wish: Wish) -> list[str]:
    """How many of which kind."""
    if wish.focus == "lost_load":
        return []
    parts = [words for key, one, many in _KINDS if (words := _count(call, key, one, many))]
    return [joined(parts) + "."] if parts else []


_KINDS = (
    ("overloading", "overloads a branch", "overload a branch"),
    ("losing_load", "loses load", "lose load"),
    ("violating_voltage", "pushes a voltage out of its band", "push a voltage out of its band"),
)


def _count(call: Call, key: str, one: str, many: str) -> str:
    mark, count = Marks(call), number(call.result, key)
    most = f" (at most {mark('lost_load_mw')})" if key == "losing_load" else ""
    return f"{mark(key)} {one if count == 1 else many}{most}" if count else ""


def _worst(call: Call, wish: Wish) -> list[str]:
    """The gravest outages; those that lose load when that was the question."""
    chosen, heading = _chosen(call, wish)
    shown = chosen[: wish.top or _SHOWN]
    if not shown:
        return [_LONGER] if wish.focus == "lost_load" and number(call.result, "losing_load") else []
    if len(shown) < 3:
        return [sentence(Marks(call), i, row) for i, row in shown]
    return [f"{heading}\n\n{_table(call, shown)}"]


def _chosen(call: Call, wish: Wish) -> tuple[list[tuple[int, Row]], str]:
    listed = list(enumerate(rows(call.result, "worst")))
    if wish.focus == "voltages" and any(number(r, "vm_max_pu") is not None for _, r in listed):
        pushing = [(i, r) for i, r in listed if number(r, "vm_max_pu") is not None]
        return sorted(pushing, key=lambda p: -_off_nominal(p[1])), "Those that move a voltage furthest from nominal:"
    if number(call.result, "cases") == len(listed):
        return listed, "Each of them, the worst first:"
    if wish.focus != "lost_load":
        weighed = f"The gravest {_many(call)}, overloads, voltages and lost load weighed together:"
        return [(i, r) for i, r in listed if hurts(r)] or listed[:1], weighed
    losing = [(i, r) for i, r in listed if amount(r, "lost_load_mw") > 0]
    complete = len(losing) >= (number(call.result, "losing_load") or 0)
    among = "" if complete else f" (among the {Marks(call).count('worst')} gravest listed)"
    return sorted(losing, key=lambda p: -amount(p[1], "lost_load_mw")), f"Outages that lose load{among}:"


def _off_nominal(row: Row) -> float:
    """The largest distance from 1 pu after the outage."""
    return max(abs((number(row, key) or 1.0) - 1.0) for key in ("vm_min_pu", "vm_max_pu"))


def _table(call: Call, shown: list[tuple[int, Row]]) -> str:
    mark = Marks(call)
    head = ["Outage", "Overloads", "Loading", "Branches overloaded", "Voltages", "Lost load", "Lost generation"]
    return table(head, [_line(mark, f"worst[{i}]", row) for i, row in shown])


def _line(mark: Marks, path: str, row: Row) -> list[str]:
    over = rows(row, "overloaded")
    voltages = number(row, "voltage_violations")
    return [
        joined(texts(row, "outage")),
        text(over[0], "element") if over else "",
        mark(f"{path}.overloaded[0].loading_percent") if over else "",
        mark.count(f"{path}.overloaded") if over else "",
        f"{mark(f'{path}.voltage_violations')} out of band ({mark(f'{path}.vm_min_pu')} to {mark(f'{path}.vm_max_pu')})"
        if voltages
        else "",
        mark(f"{path}.lost_load_mw") if amount(row, "lost_load_mw") > NEGLIGIBLE_MW else "",
        mark(f"{path}.lost_generation_mw") if amount(row, "lost_generation_mw") > NEGLIGIBLE_MW else "",
    ]


def _failed(call: Call) -> list[str]:
    """Cases without a solution are findings: never silently left out."""
    found = rows(call.result, "failed")
    if not found:
        return []
    what = "outage has" if number(call.result, "failed_total") == 1 or len(found) == 1 else "outages have"
    count = Marks(call)("failed_total") if number(call.result, "failed_total") else Marks(call).count("failed")
    point = f"{count} {what} no power-flow solution and must be treated as insecure:"
    reasons = {_without_name(f) for f in found}
    if len(found) > 1 and len(reasons) == 1:  # one reason is told once
        return [f"{point}\n\n{bullets(joined(texts(f, 'outage')) for f in found[:_SHOWN])}\n\nEach {reasons.pop()}"]
    return [f"{point}\n\n{bullets(_reason(f) for f in found[:_SHOWN])}"]


def _without_name(failed: Row) -> str:
    return text(failed, "reason").removeprefix(f"Losing {' + '.join(texts(failed, 'outage'))} ")


def _reason(failed: Row) -> str:
    """The reason, which often names the outage itself."""
    reason = text(failed, "reason")
    return reason if reason.startswith("Losing ") else f"{joined(texts(failed, 'outage'))}: {reason}"
