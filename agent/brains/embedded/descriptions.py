"""An element that its place or its kind describes well enough: 'the bus 32 unit', 'cap bank at 34', 'the coupler at A', 'the coupler'."""

from dataclasses import replace

from agent.brains.embedded.identifiers import unit_follows
from agent.brains.embedded.kinds import KindWord, Mention, kind_at
from agent.brains.embedded.phrases import Phrases
from grid_models.twin.registry import ElementKind
from grid_models.twin.traits import TRAITS

_AT_ONE_BUS = frozenset({ElementKind.LOAD, ElementKind.GENERATOR, ElementKind.INFEED, ElementKind.SHUNT})
_GROUPS = frozenset({ElementKind.LOAD, ElementKind.GENERATOR})  # 'loads at 80' may be a share
_SHARED = frozenset({ElementKind.LOAD, ElementKind.INFEED, ElementKind.BUS})  # 'the load', 'the external grid' mean what all of them do
_OF_THE_SLACK = frozenset({"slack", "swing", "reference"})
_DEFINITE = frozenset({"the", "our", "that", "this"})
_LONGEST_PLACE = 4  # words of 'A Line 2'


def at_bus(phrases: Phrases, bus: Mention) -> Mention:
    """'Bus 32 unit', 'the output at bus 32': what stands at the bus, where a word for it is beside; else the bus itself."""
    if bus.kinds == (ElementKind.BUS,) and _yields(phrases, bus.start):
        return _machines(phrases, bus) or bus
    kind = kind_at(phrases.tokens, bus.end)
    if len(bus.elements) != 1 or bus.kinds != (ElementKind.BUS,) or kind is None or kind.plural or not set(kind.kinds) <= _AT_ONE_BUS:
        return bus
    if phrases.is_number(kind.end):
        return bus  # 'bus 5, load 7'
    found = phrases.resolved(f"{phrases.written(kind.start, kind.end)} at {bus.elements[0]}", kind.kinds)
    return phrases.meant(bus.start, kind.end, found, kind.kinds) if found.element or found.candidates else bus


def _machines(phrases: Phrases, buses: Mention) -> Mention | None:
    """The generators at the buses; None unless each has one."""
    kinds = (ElementKind.GENERATOR,)
    there = [phrases.resolved(f"generator at {name}", kinds) for name in buses.elements]
    names = [tuple(e.name for e in ((one.element,) if one.element else one.candidates)) for one in there]
    return replace(buses, kinds=kinds, elements=tuple(n for some in names for n in some)) if names and all(names) else None


def _yields(phrases: Phrases, start: int) -> bool:
    """'The generation at', 'output on the': what only a machine has."""
    k = start - 2 if phrases.word(start - 1) == "the" else start - 1
    return phrases.word(k) in ("at", "on") and phrases.lemma(k - 1) in ("generation", "production", "output")


def at_number(phrases: Phrases, start: int, kind: KindWord, place: int) -> Mention | None:
    """'Machine on 38', 'cap bank at 34': a number alone is a bus; no amount ('generators at 50 %')."""
    group = kind.plural and bool(set(kind.kinds) & _GROUPS)
    if not phrases.is_number(place) or unit_follows(phrases.tokens, place + 1) or group:
        return None
    found = phrases.resolved(f"{phrases.written(start, kind.end)} at bus {phrases.word(place)}", kind.kinds)
    return phrases.meant(start, place + 1, found, kind.kinds, all_of_them=kind.plural) if found.element or found.candidates else None


def at_station(phrases: Phrases, start: int, kind: KindWord, place: int) -> Mention | None:
    """'The coupler at A', 'disconnectors at A Line 2': a place that names begin with."""
    if place >= len(phrases.tokens) or phrases.word(place) not in phrases.registry.first_words:
        return None
    for end in range(min(place + _LONGEST_PLACE, len(phrases.tokens)), place, -1):
        if phrases.is_number(end):
            continue  # 'the generator at bus' of '... at bus 31'
        article = phrases.written(place, end) == "a" and phrases.word(end).isalpha()
        found = phrases.resolved(f"{phrases.written(start, kind.end)} at {phrases.written(place, end)}", kind.kinds)
        if (found.element or found.candidates) and not article:
            return phrases.meant(start, end, found, kind.kinds, all_of_them=kind.plural)
    return None


def only_one(phrases: Phrases, kind: KindWord) -> Mention | None:
    """'The coupler', 'our solar plant': the only one of its kind in this grid."""
    word = phrases.written(kind.start, kind.end)
    couples = TRAITS.get(word.casefold()) is TRAITS["coupler"]
    definite = phrases.word(kind.start - 1) in _DEFINITE or (couples and phrases.word(kind.start - 1) not in ("a", "any", "which", "no"))
    shared = _SHARED & set(kind.kinds) and word.split()[0].casefold() not in _OF_THE_SLACK
    if kind.plural or not definite or shared:
        return None
    found = phrases.resolved(word, kind.kinds)
    return phrases.meant(kind.start, kind.end, found, kind.kinds) if found.element else None
