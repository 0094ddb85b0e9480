"""What do this turn's results say? Every number of a result as a fact: where it stands, in which unit, of which element, of what."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from agent.answer import Call
from agent.grounding.formats import COUNT, Unit, unit_named, unit_of_field
from agent.grounding.names import NameIndex
from agent.grounding.paths import BESIDE_UNIT
from agent.grounding.words import words_of_field, words_of_parent

_IDENTITY = ("element", "outage", "name", "transformer")  # the fields that say what an object is about
_OWN = re.compile(r"(?:^|_)(?:element|outage)$")  # `max_loading_element` is whom `max_loading_percent` is about
_MEASURES = {"percent": "loading", "pu": "voltage"}  # what a finding's bare `value` is, by its unit


@dataclass(frozen=True)
class Fact:
    """`subjects`: whom the value is about; `mentioned`: whom its object names besides; `context`: whom the call was asked about."""

    call: str
    path: str
    value: float
    unit: Unit
    words: frozenset[str]
    subjects: frozenset[str]
    mentioned: frozenset[str]
    context: frozenset[str]
    scope: str  # the object it stands in


@dataclass(frozen=True)
class _Place:
    """Where in a result, and what the enclosing objects say."""

    call: str
    path: str = ""
    words: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()


def facts_of(call: Call, names: NameIndex) -> list[Fact]:
    """Every number of the result and the length of every list."""
    asked = json.dumps([call.args, call.result.get("changes"), call.result.get("actions")], ensure_ascii=False)
    return list(_object(call.result, _Place(call.id, context=names.elements_in(asked)), names))


def facts_of_turn(calls: Sequence[Call], names: NameIndex) -> list[Fact]:
    """The facts of all calls. Where a study ran with and without changes, the one is before and the other after."""
    compared = {c.tool for c in calls if c.result.get("changes")} & {c.tool for c in calls if not c.result.get("changes")}
    found: list[Fact] = []
    for call in calls:
        when = frozenset({"after" if call.result.get("changes") else "before"} if call.tool in compared else ())
        found += [replace(fact, words=fact.words | when) for fact in facts_of(call, names)]
    return found


def element_names(calls: Sequence[Call]) -> set[str]:
    """Names that the results give to elements, for grids whose list of names is not at hand."""
    return {name for call in calls for name in _identities(call.result)}


def _identities(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner) if key in _IDENTITY or _OWN.search(key) else _identities(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _identities(inner)


def _texts(value: JsonValue) -> tuple[str, ...]:
    """The string, or the strings of a list."""
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _object(value: Mapping[str, JsonValue], place: _Place, names: NameIndex) -> Iterator[Fact]:
    told = " | ".join(text for inner in value.values() for text in _texts(inner))
    about = {name for key in _IDENTITY for name in _texts(value.get(key))}
    inside = replace(place, subjects=place.subjects | about)
    here = names.elements_in(told)
    beside = unit_named(str(value.get("unit"))) or COUNT
    for key, inner in value.items():
        own = _own_subjects(value, key)
        near = here if not own and not isinstance(inner, dict | list) else frozenset()
        spot = replace(inside, path=_joined(place.path, key), subjects=inside.subjects | own, mentioned=near)
        unit = beside if key in BESIDE_UNIT else unit_of_field(key)
        yield from _value(inner, key, unit, spot, names, place.path)


def _own_subjects(value: Mapping[str, JsonValue], key: str) -> frozenset[str]:
    """`max_loading_percent` is about `max_loading_element`, `worst_outage_loading_percent` about `worst_outage`."""
    stems = {k: k.removesuffix("_element") for k in value if _OWN.search(k) and k not in _IDENTITY}
    owners = [k for k, stem in stems.items() if key != k and key.startswith(stem) and "before" not in key]
    return frozenset(name for owner in owners for name in _texts(value[owner]))


def _value(value: JsonValue, key: str, unit: Unit, place: _Place, names: NameIndex, scope: str) -> Iterator[Fact]:
    if isinstance(value, dict):
        yield from _object(value, replace(place, words=place.words | words_of_parent(key)), names)
    elif isinstance(value, list):
        yield _fact(f"length({place.path})", len(value), COUNT, words_of_field(key), replace(place, mentioned=frozenset()), scope)
        for i, inner in enumerate(value):
            item = replace(place, path=f"{place.path}[{i}]", words=place.words | _item_words(place.path, key, i, value))
            yield from _value(inner, key, unit, item, names, scope)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(float(value), unit, words_of_field(key), place, scope)


def _number(value: float, unit: Unit, words: frozenset[str], place: _Place, scope: str) -> Iterator[Fact]:
    """A negative power may be told without its sign; what the infeeds bring in is then an export."""
    exchanged = "slack" in words
    yield _fact(place.path, value, unit, words | ({"import"} if exchanged and value > 0 else set()), place, scope)
    if value < 0 and unit.quantity.endswith("power"):
        yield _fact(f"abs({place.path})", -value, unit, words | ({"export"} if exchanged else set()), place, scope)


def _item_words(path: str, key: str, index: int, items: Sequence[JsonValue]) -> frozenset[str]:
    """The first of `highest_voltages` is the highest; the pairs of an effect are before and after."""
    if path.startswith("effect.") and len(items) == 2:
        return frozenset({"before"} if index == 0 else {"after"})
    return words_of_parent(key) if index else words_of_field(key) - {"cases"}


def _fact(path: str, value: float, unit: Unit, words: frozenset[str], place: _Place, scope: str) -> Fact:
    told = place.words | words | ({_MEASURES[unit.name]} if unit.name in _MEASURES and not words else frozenset())
    return Fact(place.call, path, float(value), unit, told, place.subjects, place.mentioned, place.context, scope)


def _joined(path: str, key: str) -> str:
    name = key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key)
    return f"{path}.{name}" if path else name
