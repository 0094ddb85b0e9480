"""Branches between two ends: 'line 5-6', 'the second circuit between 5 and 6', 'transformer 4-7 (1)', 'lines between area 1 and area 2'."""

import re

from grid_models.twin.by_words import by_words
from grid_models.twin.kind_words import IDLE_WORDS, KIND_PATTERN, WHERE, kinds_in
from grid_models.twin.normal import normalised
from grid_models.twin.phrase import Phrase, read
from grid_models.twin.places import PlaceKind, buses_in, places_meant, speaks_of_place
from grid_models.twin.registry import BRANCH_KINDS, Element, ElementKind, Registry

_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\b")
_CIRCUIT = re.compile(r"(?:,? ?\b(?:circuit|ckt|cct|no\.?) ?|#|\()(\d+)\)?(?=$| between)")
_PAIR = re.compile(r"^(?:[a-z ]*? )?(\d+) ?(?:[-/]| to ) ?(\d+)(?: [a-z ]+)?$")
_BETWEEN = re.compile(r"\b(?:between|from|joining|connecting|linking) (.+?) (?:and|to) (.+)$")
_FILLING = frozenset({"joining", "connecting", "linking", "running", "going", "that", "which", "runs", "goes", "bus", "buses", "one"})
_NUMBER = re.compile(r"\((\d+)\)$")


def by_ends(registry: Registry, phrase: Phrase) -> list[Element] | None:
    """Branches that join the two ends; empty when none does, None when the phrase is not about ends."""
    circuit, text = _circuit(phrase.text)
    match = _PAIR.match(text) or _BETWEEN.search(text)
    if not match or not set(phrase.kinds) & set(BRANCH_KINDS):
        return None
    ends = buses_meant(registry, match.group(1)), buses_meant(registry, match.group(2))
    if not all(ends) or not _understood(registry, text[: match.start(1)] + " " + text[match.end(2) :]):
        return []
    found = _joining(registry, phrase, *ends) or _joining(registry, phrase, registry.joined(ends[0]), registry.joined(ends[1]))
    return found if circuit is None else _numbered(found, circuit)


def _understood(registry: Registry, rest: str) -> bool:
    """Are all words around the ends of the trade, idle, or of the grid's names? 'Lnie 5-6' is mistyped and asked about."""
    words = normalised(KIND_PATTERN.sub(" ", WHERE.sub(" ", normalised(rest)))).split()
    return all(w in IDLE_WORDS or w in _FILLING or registry.is_word(w) for w in words)


def _circuit(text: str) -> tuple[int | None, str]:
    """The circuit's number where the phrase gives one, and the text without it."""
    if ordinal := _ORDINAL.search(text):
        return _ORDINALS[ordinal.group(1)], " ".join(_ORDINAL.sub(" ", text).split())
    number = _CIRCUIT.search(text)
    if not number:
        return None, text
    rest = " ".join((text[: number.start()] + text[number.end() :]).split())
    return (int(number.group(1)), rest) if _PAIR.match(rest) or _BETWEEN.search(rest) else (None, text)


def _numbered(found: list[Element], circuit: int) -> list[Element]:
    """The branch that its name calls '(2)'; where names carry no circuit numbers, the second one of the table."""
    numbers = [_NUMBER.search(e.name) for e in found]
    if any(numbers):
        return [e for e, number in zip(found, numbers, strict=True) if number and int(number.group(1)) == circuit]
    return found[circuit - 1 : circuit] if circuit > 0 else []


def _joining(registry: Registry, phrase: Phrase, one: frozenset[int], other: frozenset[int]) -> list[Element]:
    fewer = min(one, other, key=len)
    return [
        e for e in phrase.narrowed(registry, registry.at_buses(fewer)) if e.kind in BRANCH_KINDS and _joins(registry.bus_of(e), one, other)
    ]


def _joins(buses: tuple[int, ...], one: frozenset[int], other: frozenset[int]) -> bool:
    """Is a terminal in the one set and another terminal in the other?"""
    return any(a in one and b in other for i, a in enumerate(buses) for j, b in enumerate(buses) if i != j)


def buses_meant(registry: Registry, text: str) -> frozenset[int]:
    """Rows of the buses that a name, a number ('5', 'bus 5', 'HV1 Bus 5'), a substation or an area means; none when unknown."""
    text = text.strip(" .?!,").removeprefix("the ")
    named = [e for e in registry.exact(text) or registry.exact(f"bus {text}") if e.kind is ElementKind.BUS]
    if not named and any(w.isdigit() for w in normalised(text).split()) and not speaks_of_place(text):  # 'HV1' alone is no bus
        said = read(registry, text)
        named = by_words(registry, said if kinds_in(said.text) else read(registry, f"bus {text}", (ElementKind.BUS,)))
    rows = frozenset(e.index for e in named if e.kind is ElementKind.BUS)
    places = [p for p in places_meant(registry, text) if p.kind is PlaceKind.SUBSTATION or speaks_of_place(text)]
    return rows or (buses_in(registry, places[0]) if len(places) == 1 else frozenset())
