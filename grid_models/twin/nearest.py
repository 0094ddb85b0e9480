"""Which names are most like one that does not exist? Only to be offered, never to be taken."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from grid_models.twin.kind_words import family, kinds_in
from grid_models.twin.normal import normalised
from grid_models.twin.places import place_in, places_meant
from grid_models.twin.registry import Element, ElementKind, Registry

_SCORE = 55.0  # of 100; below it a name has nothing to do with the phrase


def nearest(registry: Registry, phrase: str, kinds: Iterable[ElementKind] = (), count: int = 3) -> tuple[str, ...]:
    """The display names most like the phrase, best first; else those whose number is closest; none when nothing is alike."""
    allowed = tuple(kinds) or kinds_in(phrase) or tuple(ElementKind)
    names = registry.names_of(family(allowed))
    matches = process.extract(normalised(phrase), names, scorer=fuzz.ratio, limit=count, score_cutoff=_SCORE)
    found = tuple(dict.fromkeys(registry.elements[row].name for _, _, row in matches))
    return found or (_by_number(registry, phrase, allowed, count) if len(allowed) < len(ElementKind) else ())


def nearest_places(registry: Registry, phrase: str, count: int = 3) -> tuple[str, ...]:
    """Substations and areas most like the phrase; none when it speaks of no place, or of one that is there."""
    part = place_in(phrase)
    if not part or places_meant(registry, part):
        return ()
    names = {place.name: normalised(place.name) for place in registry.places}
    matches = process.extract(normalised(part), names, scorer=fuzz.token_set_ratio, limit=count, score_cutoff=_SCORE)
    return tuple(name for _, _, name in matches)


def _by_number(registry: Registry, phrase: str, kinds: tuple[ElementKind, ...], count: int) -> tuple[str, ...]:
    """Elements of the kind that carry the closest numbers ('generator 99' → 'Generator at Bus 39')."""
    said = [int(w) for w in normalised(phrase).split() if w.isdigit()]
    if not said:
        return ()
    numbered = [(abs(number - said[-1]), e) for e in registry.of_kind(*kinds) if (number := _own_number(registry, e)) is not None]
    return tuple(e.name for _, e in sorted(numbered, key=lambda pair: pair[0])[:count])


def _own_number(registry: Registry, element: Element) -> int | None:
    words = registry.own_words(element)
    return int(words[-1]) if words and words[-1].isdigit() else None
