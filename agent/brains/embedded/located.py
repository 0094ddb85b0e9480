"""Which elements does a kind word mean that says where they are: 'the line between', 'the load at', 'transformers in substation 3'?"""

from collections.abc import Sequence
from dataclasses import replace

from agent.brains.embedded.bare_numbers import asks_for_path, concepts_of, is_switched
from agent.brains.embedded.descriptions import at_number, at_station, only_one
from agent.brains.embedded.identifiers import unit_follows
from agent.brains.embedded.kinds import KindWord, Mention
from agent.brains.embedded.phrases import Phrases
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.places import Place, PlaceKind, places_meant
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.resolve import Resolution

_MANY = 20  # elements that nobody names one by one
_SCALING = frozenset({"verb:raise", "verb:lower", "verb:scale", "verb:set", "verb:put"})
_PLACES = frozenset({"area", "zone", "region"})
_OF_ONE_BUS = frozenset({"at", "on", "feeding", "leaving", "entering"})
_PREPOSITIONS = _OF_ONE_BUS | {"of", "in", "for"}
_STANDING = word_class("located.standing")  # 'the loads that are connected to bus 7'
_MACHINES = {ElementKind.GENERATOR}
_ONE_ENDED = frozenset({ElementKind.BUS, ElementKind.LOAD, ElementKind.GENERATOR, ElementKind.INFEED, ElementKind.SHUNT})


def between(phrases: Phrases, start: int, kind: KindWord) -> Mention | None:
    """'the line between bus 5 and (bus) 6', the shortest ending that names two ends which exist."""
    if kind.end >= len(phrases.tokens) or phrases.tokens[kind.end].word not in ("between", "from", "connecting", "joining", "linking"):
        return None
    if set(kind.kinds) <= _ONE_ENDED:
        return None  # 'shift load from trafo 3 to trafo 4', 'the demand between 4 and 6'
    areas = sum(t.lemma in _PLACES for t in phrases.tokens[kind.end : kind.end + 8]) > 1
    if areas and not is_switched(phrases, start):
        return None  # ties are asked for, unless they are to be switched
    unknown: Mention | None = None
    for end in range(kind.end + 4, min(kind.end + 14, len(phrases.tokens)) + 1):
        if not any(t.word in ("and", "to") for t in phrases.tokens[kind.end + 2 : end - 1]) or unit_follows(phrases.tokens, end):
            continue
        ends = phrases.written(kind.end + 1, end)
        found = phrases.resolved(f"{phrases.written(start, kind.end)} between {ends}", kind.kinds)
        if found.element or found.candidates:
            return _from(phrases, start, end, found, kind)
        no_name = asks_for_path(phrases) or _PLACES & {t.lemma for t in phrases.tokens[kind.end : end]}
        if phrases.tokens[end - 1].is_number and unknown is None and not no_name:
            unknown = _from(phrases, start, end, found, kind)
    return unknown


def at_place(phrases: Phrases, start: int, kind: KindWord) -> Mention | None:
    """'the load at bus 7', 'transformers in substation 3', 'the breaker of line 14'."""
    at = kind.end
    while phrases.lemma(at) in _STANDING:
        at += 1
    if phrases.word(at) == "in" and phrases.word(at + 1) in _PREPOSITIONS:  # 'what state are the breakers in at bus 7'
        at += 1
    linked = at > kind.end and phrases.tokens[at - 1].lemma in ("connect", "connected", "attached", "belong")
    if at >= len(phrases.tokens) or not (phrases.tokens[at].word in _PREPOSITIONS or (linked and phrases.tokens[at].word == "to")):
        return None
    place = at + 2 if at + 1 < len(phrases.tokens) and (phrases.word(at + 1) == "the" or phrases.tokens[at + 1].text == "a") else at + 1
    inner = phrases.name_at(place)
    if inner and inner.elements and inner.kinds == kind.kinds:
        return replace(inner, start=start)  # 'the load at T Load 1': the place is the element itself
    there = _there(phrases, place, kind) or (_missing(phrases, start, inner, kind) if inner else None)
    if there:
        return replace(there, start=start, phrase=phrases.written(start, there.end))
    for end in range(min(place + 6, len(phrases.tokens)), place, -1):
        found = phrases.resolved(f"{phrases.written(start, kind.end)} at {phrases.written(place, end)}", kind.kinds)
        meant = places_meant(phrases.registry, phrases.written(place, end))
        if meant and (found.element or found.candidates) and not _is_whole_area(phrases, meant, found):
            return _from(phrases, start, end, found, kind)
    alone = at_number(phrases, start, kind, place) if phrases.word(at) in _OF_ONE_BUS else None
    other = inner is not None and bool(inner.elements)  # 'the infeed of T Wind 1' is no infeed of a place 'T'
    return (None if other else at_station(phrases, start, kind, place)) or alone


def _missing(phrases: Phrases, start: int, bus: Mention, kind: KindWord) -> Mention | None:
    """'The generator at bus 31' where none is: unknown, with what feeds in there as the nearest."""
    if bus.kinds != (ElementKind.BUS,) or len(bus.elements) != 1 or kind.plural or not set(kind.kinds) <= _MACHINES:
        return None
    infeeds = phrases.resolved(f"infeed at {bus.elements[0]}", (ElementKind.INFEED,))
    if infeeds.element is None:
        return None
    return Mention(start, bus.end, phrases.written(start, bus.end), kind.kinds, nearest=(infeeds.element.name,))


def _there(phrases: Phrases, place: int, kind: KindWord) -> Mention | None:
    """What of the kind is at the elements named from token `place` on: 'bus 7', 'bus 4 and bus 8', 'line 14'."""
    found: list[Element] = []
    end, several_places = place, False
    while (inner := phrases.name_at(place)) and inner.kinds != kind.kinds:
        for name in inner.elements:
            one = phrases.resolved(f"{phrases.written(kind.start, kind.end)} at {name}", kind.kinds)
            found += [one.element] if one.element else one.candidates
        end, several_places = inner.end, several_places or len(inner.elements) > 1
        if not inner.elements or inner.kinds != (ElementKind.BUS,) or not kind.plural or phrases.word(end) not in ("and", ",", "&"):
            break
        place = end + 1
    different = tuple(dict.fromkeys(found))
    several = Resolution("", candidates=different) if len(different) > 1 else Resolution("", different[0] if different else None)
    each = kind.plural or (len(different) > 1 and several_places)  # 'the demand at buses 15, 18 and 19'
    return phrases.meant(kind.start, end, several, kind.kinds, all_of_them=each) if found else None


def _is_whole_area(phrases: Phrases, places: Sequence[Place], found: Resolution) -> bool:
    """An area is no list of names where it holds many of the kind, or where they are to be scaled."""
    area = any(place.kind is PlaceKind.AREA for place in places)
    scaled = any(_SCALING & concepts_of(t.lemma) for t in phrases.tokens)
    return area and (scaled or len(found.candidates) > _MANY)


def the_only(phrases: Phrases, kind: KindWord) -> Mention | None:
    """'The coupler', also 'the coupler of busbars 1 and 2': what it joins is no object of its own."""
    only = only_one(phrases, kind)
    name = only.end + (2 if phrases.word(only.end + 1) == "the" else 1) if only and phrases.word(only.end) in ("of", "between") else 0
    joined = phrases.name_at(name) if name else None
    return replace(only, end=joined.end) if only and joined and joined.kinds == (ElementKind.BUS,) else only


def _from(phrases: Phrases, start: int, end: int, found: Resolution, kind: KindWord) -> Mention:
    return phrases.meant(start, end, found, kind.kinds, all_of_them=kind.plural)
