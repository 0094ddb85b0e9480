"""The numbers of an answer in another unit: converted, or the field beside it that holds the same of the same element."""

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.grounding.formats import UNITS, Unit, convert, unit_named, unit_of_field
from agent.grounding.paths import last_field, number_at, unit_at

_MARKER = re.compile(r"⟦(\w+)\|([^|⟧]+)(\|[^⟧]*)?⟧")
_BESIDE = {  # unit wanted → field endings that say the same of an element in another quantity
    "kv": (("_pu", "_kv"), ("_percent", "_kv")),
    "pu": (("_kv", "_pu"),),
    "ka": (("loading_percent", "current_ka"),),
    "percent": (("current_ka", "loading_percent"),),
    "mvar": (("p_mw", "q_mvar"),),
    "mw": (("q_mvar", "p_mw"),),
}
_BASES = {"v": "kv", "a": "ka", "kvar": "mvar", "gvar": "mvar", "kw": "mw", "gw": "mw"}


def in_unit(text: str, calls: Sequence[Call], unit: str) -> str:
    """The text with every number that can be told in the unit; where some are already, only what says them; a sentence where none can."""
    by_id, wanted = {call.id: call for call in calls}, UNITS.get(unit)
    if wanted is None:
        return text
    given = {_given(m, by_id) for m in _MARKER.finditer(text)}
    told = converted(text, calls, unit)
    if wanted not in given and told == text:
        return f"Nothing of the last answer can be told in {wanted.symbol}. It was:\n\n{text}"
    return "\n\n".join(_focused(p, wanted, by_id) for p in told.split("\n\n"))


def converted(text: str, calls: Sequence[Call], unit: str) -> str:
    """The text with every number that can be told in the unit (a field suffix that is known); the others as they are."""
    by_id = {call.id: call for call in calls}
    return _MARKER.sub(lambda m: _marker(by_id.get(m[1]), m[2].strip(), unit, text) or m[0], text)


def _given(marker: "re.Match[str]", by_id: Mapping[str, Call]) -> Unit | None:
    """The unit a marker is written in."""
    call, shown = by_id.get(marker[1]), (marker[3] or "").strip("|").split("|")
    return unit_named(shown[1]) if len(shown) > 1 else unit_at(marker[2].strip(), call.result) if call else None


def _focused(paragraph: str, wanted: Unit, by_id: Mapping[str, Call]) -> str:
    """Of one element's values, told between semicolons, those in the unit."""
    head, colon, values = paragraph.partition(": ")
    kept = [v for v in values.rstrip(".").split("; ") if any(_given(m, by_id) == wanted for m in _MARKER.finditer(v))]
    name = re.match(r"\*\*[^*]+\*\*", head)
    return f"{name[0]}: {'; '.join(kept)}." if colon and name and kept and "; " in values else paragraph


def _marker(call: Call | None, path: str, unit: str, text: str) -> str | None:
    """The marker that says the same in the unit; None where there is none, or the text says it beside."""
    wanted, value = UNITS[unit], number_at(path, call.result) if call else None
    if call is None or value is None:
        return None
    given = unit_at(path, call.result)
    shown = f"{wanted.decimals}|{unit}"
    if given.quantity == wanted.quantity and not _is_share(path, given.name, unit):
        return f"⟦{call.id}|{path}|{shown}⟧" if convert(value, given, wanted) is not None else None
    beside = _beside(path, call.result, _BASES.get(unit, unit))
    return f"⟦{call.id}|{beside}|{shown}⟧" if beside and f"|{beside}" not in text else None


def _is_share(path: str, given: str, unit: str) -> bool:
    """A loading in per unit says nothing to anybody; a voltage in per cent does."""
    return unit == "pu" and given == "percent" and "vm" not in path


def _beside(path: str, result: Mapping[str, JsonValue], base: str) -> str | None:
    """`rows[0].vm_pu` → `rows[0].vm_kv`, where the result holds it."""
    field = last_field(path)
    for ending, other in _BESIDE.get(base, ()):
        if field.endswith(ending):
            renamed = field.removesuffix(ending) + other
            candidate = renamed.join(path.rsplit(field, 1))
            if unit_of_field(renamed).name and number_at(candidate, result) is not None:
                return candidate
    return None
