"""What is one element like now? Told by kind, and only what is known of it."""

from collections.abc import Callable

from agent.answer import Call
from agent.rendering.marks import Marks, bullets, joined
from agent.rendering.reading import Row, amount, number, rows, text, texts
from agent.rendering.wish import Wish


def elements(call: Call, wish: Wish) -> list[str]:
    """A sentence for each element; a question about a bound is answered first."""
    mark, found = Marks(call), rows(call.result, "rows")
    if not found:
        return ["No element of this grid fits the question."]
    told = [describe(mark, i, row) for i, row in enumerate(found)]
    verdict = _verdict(mark, found[0], wish) if len(found) == 1 else []
    if verdict and not wish.details:
        return verdict
    return [*verdict, *(told if len(told) < 3 else [bullets(told)]), *_unsolved(call)]


def describe(mark: Marks, at: int, row: Row) -> str:
    """Name, kind and place, then its present values."""
    path, kind = f"rows[{at}]", text(row, "kind")
    facts = [part for part in _FACTS.get(kind, _power)(mark, path, row) if part]
    return f"**{text(row, 'element')}** ({_place(mark, path, row)}): {'; '.join(facts) or 'no further values'}."


def _place(mark: Marks, path: str, row: Row) -> str:
    level = mark(f"{path}.nominal_kv", 0) if number(row, "nominal_kv") is not None else ""
    buses = texts(row, "buses") if text(row, "kind") != "bus" else []
    at = f"{buses[0]} – {buses[1]}" if len(buses) == 2 else f"at {buses[0]}" if buses else ""
    return ", ".join(p for p in (text(row, "kind"), level, at, text(row, "substation")) if p)


def _service(row: Row) -> str:
    return "in service" if row.get("in_service") is True else "**out of service**"


def _branch(mark: Marks, path: str, row: Row) -> list[str]:
    switches = texts(row, "switches")
    return [
        _service(row),
        f"loaded to {mark(path + '.loading_percent')} of its permanent rating" if number(row, "loading_percent") is not None else "",
        _current(mark, path, row),
        _flow(mark, path, row),
        f"{mark(path + '.length_km')} long" if number(row, "length_km") is not None else "",
        f"tap {mark(path + '.tap')} of {mark(path + '.tap_min')} to {mark(path + '.tap_max')}" if number(row, "tap") is not None else "",
        f"switches {joined(switches)}" if switches else "",
    ]


def _current(mark: Marks, path: str, row: Row) -> str:
    """A transformer's current and rating may belong to different ends, so its rating is told in MVA."""
    if text(row, "kind") == "transformer" and number(row, "rating_mva") is not None:
        return f"rated {mark(path + '.rating_mva')}"
    of = f" of {mark(path + '.rating_ka')}" if number(row, "rating_ka") is not None else ""
    return f"{mark(path + '.current_ka')}{of}" if number(row, "current_ka") is not None else ""


def _flow(mark: Marks, path: str, row: Row) -> str:
    """Active power and the way it takes; positive goes into the branch at its first bus."""
    buses = texts(row, "buses")
    if number(row, "p_mw") is None or len(buses) != 2:
        return ""
    start, end = buses if amount(row, "p_mw") >= 0 else reversed(buses)
    q = f" ({mark(path + '.q_mvar')} into it at {buses[0]})" if number(row, "q_mvar") is not None else ""
    return f"{mark(f'abs({path}.p_mw)')} from {start} to {end}{q}"


def _generator(mark: Marks, path: str, row: Row) -> list[str]:
    derived = " (derived from its rated power)" if row.get("range_derived") is True else ""
    top = number(row, "p_max_mw") is not None
    limited = number(row, "available_mw") is not None and amount(row, "available_mw") - amount(row, "p_mw") > 0.05
    technology = text(row, "technology")
    return [
        technology if technology != "other" else "",
        *_power(mark, path, row),
        f"range {mark(path + '.p_min_mw')} to {mark(path + '.p_max_mw')}{derived}" if top else "",
        f"{mark(path + '.available_mw')} available: it is held below that" if limited else "",
    ]


def _power(mark: Marks, path: str, row: Row) -> list[str]:
    """Active and reactive power with the verb of the kind."""
    verb = {"load": "draws", "shunt": "gives"}.get(text(row, "kind"), "injects")
    powers = [mark(f"{path}.{key}") for key in ("p_mw", "q_mvar") if number(row, key) is not None]
    told = f"{verb} {joined(powers)}" if powers else ""
    if text(row, "kind") == "infeed" and amount(row, "p_mw") < 0:
        told = f"takes {mark(f'abs({path}.p_mw)')} out of the grid" + (f" and injects {powers[1]}" if len(powers) > 1 else "")
    return [_service(row), told, _voltage(mark, path, row)]


def _load(mark: Marks, path: str, row: Row) -> list[str]:
    shed = f"{mark(path + '.shed_mw')} of it is shed" if amount(row, "shed_mw") else ""
    return [*_power(mark, path, row), shed]


def _voltage(mark: Marks, path: str, row: Row) -> str:
    return f"voltage {mark(path + '.vm_pu')}" if number(row, "vm_pu") is not None else ""


def _bus(mark: Marks, path: str, row: Row) -> list[str]:
    angle = f"angle {mark(path + '.va_degree')}" if number(row, "va_degree") is not None else ""
    return ["energised" if row.get("in_service") is True else "**without supply**", _voltage(mark, path, row), angle]


def _shunt(mark: Marks, path: str, row: Row) -> list[str]:
    step = f"step {mark(path + '.step')} of {mark(path + '.max_step')}" if number(row, "step") is not None else ""
    return [step, *_power(mark, path, row)]


def _switch(mark: Marks, path: str, row: Row) -> list[str]:
    return ["closed" if row.get("closed") is True else "**open**"]


_FACTS: dict[str, Callable[[Marks, str, Row], list[str]]] = {
    "line": _branch,
    "transformer": _branch,
    "generator": _generator,
    "load": _load,
    "bus": _bus,
    "shunt": _shunt,
    "switch": _switch,
}


def _verdict(mark: Marks, row: Row, wish: Wish) -> list[str]:
    """The answer to a question about a bound: yes or no, with the value."""
    bound = wish.threshold
    value = number(row, bound.field) if bound else None
    if bound is None or value is None:
        return []
    said, beyond = ("Yes", wish.beyond) if bound.holds(value) else ("No", f"not {wish.beyond}")
    return [f"**{said}: {text(row, 'element')} is at {mark(f'rows[0].{bound.field}')}**, {beyond}."]


def _unsolved(call: Call) -> list[str]:
    return ["The power flow has no solution now, so there are no present values."] if call.result.get("solved") is False else []
