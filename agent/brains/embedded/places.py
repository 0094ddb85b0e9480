"""Which substations and areas does a sentence name?"""

from dataclasses import dataclass
from itertools import pairwise

from agent.brains.embedded.sentence import Sentence
from grid_models.twin.places import PlaceKind
from grid_models.twin.registry import Registry
from grid_models.twin.resolve import resolve

_LONGEST = 5  # words
_WORDS = frozenset({"substation", "station", "switchyard", "area", "zone", "region"})
_STATIONS = frozenset({"substation", "station", "switchyard"})
_MORE = frozenset({"and", "to", "or", ","})


@dataclass(frozen=True)
class Named:
    """Tokens start <= i < end name this place."""

    start: int
    end: int
    name: str
    kind: PlaceKind


def places_in(sentence: Sentence, registry: Registry) -> tuple[Named, ...]:
    """Places in the order they are named; a number alone is a place only after its word: 'areas 1 and 2'."""
    found: list[Named] = []
    i = 0
    while i < len(sentence.tokens):
        named = None if sentence.mention_at(i) else _at(sentence, registry, i) or _one_more(sentence, registry, i, found)
        if named:
            found.append(named)
        i = named.end if named else i + 1
    return tuple(found)


def unknown_place(sentence: Sentence, registry: Registry) -> tuple[str, tuple[str, ...]] | None:
    """'Substation 99': the phrase and its nearest places; None where every numbered substation is known."""
    known = {i for place in places_in(sentence, registry) for i in range(place.start, place.end)}
    for i, (word, number) in enumerate(pairwise(sentence.tokens)):
        if word.lemma in _STATIONS and number.is_number and not {i, i + 1} & known and not sentence.mention_at(i):
            phrase = sentence.text[word.start : number.end]
            found = resolve(registry, phrase)
            if found.element is None and not found.candidates:
                return phrase, found.nearest
    return None


def _at(sentence: Sentence, registry: Registry, i: int) -> Named | None:
    tokens = sentence.tokens
    for end in range(min(i + _LONGEST, len(tokens)), i, -1):
        words = [t.lemma for t in tokens[i:end]]
        spoken = any(w in _WORDS for w in (words[0], words[-1]))
        if not tokens[i].text[0].isalpha() or (not spoken and end - i > 1) or (spoken and end - i == 1) or sentence.mention_at(end - 1):
            continue
        named = _meant(registry, sentence.text[tokens[i].start : tokens[end - 1].end], i, end)
        if named:
            return named
    return None


def _one_more(sentence: Sentence, registry: Registry, i: int, found: list[Named]) -> Named | None:
    """The 2 of 'areas 1 and 2'."""
    linked = bool(found) and found[-1].end == i - 1 and sentence.tokens[i - 1].word in _MORE
    return _meant(registry, f"{found[-1].kind.value} {sentence.tokens[i].text}", i, i + 1) if linked else None


def _meant(registry: Registry, phrase: str, start: int, end: int) -> Named | None:
    place = resolve(registry, phrase).place
    return Named(start, end, place.name, place.kind) if place else None
