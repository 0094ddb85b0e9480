"""Areas and substations: which are there, what is in them, and which one does a phrase mean?"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from grid_models.twin.model import GridModel
from grid_models.twin.normal import normalised

if TYPE_CHECKING:
    from grid_models.twin.registry import Element, Registry


class PlaceKind(StrEnum):
    SUBSTATION = "substation"
    AREA = "area"


@dataclass(frozen=True)
class Place:
    """A substation or an area by the source's own name; not an element: nothing can be switched or set on it."""

    kind: PlaceKind
    name: str


_WORDS = dict.fromkeys(("substation", "station", "switchyard"), PlaceKind.SUBSTATION) | dict.fromkeys(
    ("area", "zone", "region"), PlaceKind.AREA
)
_PATTERN = re.compile(rf"\b({'|'.join(_WORDS)})s?\b")
_IDLE = frozenset({"the", "a", "no", "number", "nr"})


def buses_by_place(model: GridModel) -> dict[Place, frozenset[int]]:
    """Rows of the buses that the source puts into each substation and area, in the order of the bus table."""
    found: dict[Place, set[int]] = {}
    for kind, names in ((PlaceKind.SUBSTATION, model.buses.substation), (PlaceKind.AREA, model.buses.area)):
        for row, name in enumerate(names):
            if name:
                found.setdefault(Place(kind, name), set()).add(row)
    return {place: frozenset(rows) for place, rows in found.items()}


def areas(registry: "Registry") -> tuple[Place, ...]:
    """The grid's areas; empty where the source names none."""
    return tuple(p for p in registry.places if p.kind is PlaceKind.AREA)


def substations(registry: "Registry") -> tuple[Place, ...]:
    """The grid's substations; empty where the source names none."""
    return tuple(p for p in registry.places if p.kind is PlaceKind.SUBSTATION)


def buses_in(registry: "Registry", place: Place) -> frozenset[int]:
    """Rows of the place's buses; a substation takes in the terminals its switches can join to its busbars."""
    rows = registry.places.get(place, frozenset())
    return registry.joined(rows) if place.kind is PlaceKind.SUBSTATION else rows


def elements_in(registry: "Registry", place: Place) -> tuple["Element", ...]:
    """Everything with at least one end in the place, in the order of the tables: a tie line belongs to both its areas."""
    return registry.at_buses(buses_in(registry, place))


def places_meant(registry: "Registry", phrase: str) -> tuple[Place, ...]:
    """Places of exactly this name, or 'substation 3', 'area HV1': of that kind and with every word (whole numbers) in their names."""
    said = normalised(phrase)
    named = tuple(p for p in registry.places if normalised(p.name) == said)
    match = _PATTERN.search(said)
    if named or not match:
        return named
    kind = _WORDS[match.group(1)]
    rest = [w for w in _PATTERN.sub(" ", said).split() if w not in _IDLE]
    of_kind = [p for p in registry.places if p.kind is kind]
    exact = tuple(p for p in of_kind if normalised(p.name) == " ".join(rest))
    return exact or tuple(p for p in of_kind if rest and set(rest) <= _words(p.name))


def speaks_of_place(phrase: str) -> bool:
    """Does the phrase use a word for a substation or an area?"""
    return bool(_PATTERN.search(normalised(phrase)))


def place_in(phrase: str) -> str:
    """The part of a phrase that names a place with its word: 'substation 5' of 'the coupler at Substation 5'; '' if there is none."""
    said = normalised(phrase)
    match = _PATTERN.search(said)
    if not match:
        return ""
    before = re.split(r"\b(?:between|from|at|on|of|in|inside|for|and|to)\b", said[: match.start()])[-1]
    return (before + re.split(r"\b(?:and|to)\b", said[match.start() :])[0]).strip()


def _words(name: str) -> set[str]:
    """The words of a place's name, also the parts that dots join: 'HV1_MV1.101_Substation' is found by '101'."""
    whole = normalised(name)
    return {*whole.split(), *whole.replace(".", " ").split()}
