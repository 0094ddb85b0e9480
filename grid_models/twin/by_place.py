"""What stands somewhere: 'the load at bus 3', 'breakers of line 14', 'the coupler at substation 3', 'bus 30 generator'."""

import re

from grid_models.twin.apply import bay_of
from grid_models.twin.by_ends import buses_meant
from grid_models.twin.by_words import FEW, by_words
from grid_models.twin.kind_words import IDLE_WORDS, KIND_PATTERN, kinds_in
from grid_models.twin.normal import normalised
from grid_models.twin.phrase import Phrase, read
from grid_models.twin.places import speaks_of_place
from grid_models.twin.registry import BRANCH_KINDS, Element, ElementKind, Registry

_AT = re.compile(r"^(.*?)\b(?:at|on|of|in|inside|feeding|connected to|for) (?:the )?(.+)$")
_TURNED = re.compile(rf"^(.+) ({KIND_PATTERN.pattern})$")


def by_place(registry: Registry, phrase: Phrase) -> list[Element]:
    """Elements at a bus, in a substation or area, or the switches (or buses) of a branch, as far as the phrase's first part allows."""
    what, place = _parts(phrase.text)
    if not place:
        return []
    found = _there(registry, phrase, place)
    if all(w in IDLE_WORDS for w in normalised(KIND_PATTERN.sub(" ", normalised(what))).split()):
        return found
    named = by_words(registry, read(registry, what, phrase.kinds))
    return [e for e in found if e in named]


def _parts(text: str) -> tuple[str, str]:
    """What and where: 'load', 'bus 3' from 'load at bus 3', and from 'bus 3 load' where a number or a station comes first."""
    if at := _AT.match(text):
        return at.group(1), at.group(2)
    turned = _TURNED.match(text)
    if turned and any(c.isdigit() for c in turned.group(1)) and (kinds_in(turned.group(1)) or speaks_of_place(turned.group(1))):
        return turned.group(2), turned.group(1).removeprefix("the ")
    return "", ""


def _there(registry: Registry, phrase: Phrase, place: str) -> list[Element]:
    if phrase.kinds in ((ElementKind.BUS,), (ElementKind.SWITCH,)) and not speaks_of_place(place):
        if named := _named_after(registry, phrase, place):
            return named
        owner = _owner(registry, place)
        if owner and phrase.kinds == (ElementKind.BUS,):
            return phrase.narrowed(registry, registry.at_buses(registry.bus_of(owner)))
        if owner and owner.kind in BRANCH_KINDS:
            rows = {row for leg in _rows(registry, owner) for row in bay_of(registry.model, leg)}
            return [e for e in phrase.narrowed(registry, registry.of_kind(ElementKind.SWITCH)) if e.index in rows]
    buses = buses_meant(registry, place)
    if not buses and not speaks_of_place(place):
        return _named_after(registry, phrase, place)
    if not buses or (phrase.kinds == (ElementKind.BUS,) and not speaks_of_place(place)):
        return []
    fitting = phrase.narrowed(registry, registry.at_buses(buses)) or phrase.narrowed(registry, registry.at_buses(registry.joined(buses)))
    return [e for e in fitting if e.kind is not ElementKind.BUS or speaks_of_place(place)]


def _named_after(registry: Registry, phrase: Phrase, place: str) -> list[Element]:
    """'The coupler at A': where the source knows no substations, names begin with the station's."""
    start = f"{normalised(place)} "
    found = [e for e in phrase.narrowed(registry, registry.of_kind(*phrase.kinds)) if normalised(e.name).startswith(start)]
    return found if len(found) <= FEW else []


def _owner(registry: Registry, place: str) -> Element | None:
    """The one element, no bus, whose bus or switches are asked for: 'breakers of line 14', 'bus of load 7'."""
    from grid_models.twin.resolve import resolve  # a place is a phrase itself: imported here to break the circle

    found = resolve(registry, place).element
    return found if found and found.kind is not ElementKind.BUS else None


def _rows(registry: Registry, branch: Element) -> list[int]:
    """Rows of the branch table: one, or the three legs."""
    three = branch.kind is ElementKind.THREE_WINDING
    return [int(leg) for leg in registry.model.three_winding.legs[branch.index]] if three else [branch.index]
