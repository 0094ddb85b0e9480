"""Which element does a phrase mean? One element, several candidates with scores, or none with the nearest names. Never a substitute."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grid_models.twin.by_ends import by_ends
from grid_models.twin.by_place import by_place
from grid_models.twin.by_words import by_words
from grid_models.twin.kind_words import ALL_WORDS, KIND_WORDS, family, kinds_in
from grid_models.twin.nearest import nearest, nearest_places
from grid_models.twin.normal import normalised
from grid_models.twin.parallel import parallel_to
from grid_models.twin.phrase import Phrase, read
from grid_models.twin.places import Place, places_meant
from grid_models.twin.registry import Element, ElementKind, Registry

__all__ = ["KIND_WORDS", "Resolution", "kinds_in", "nearest", "resolve"]

_PARALLEL = re.compile(r"\b(?:parallel|twin|sister|other)\b.*?\b(?:of|to|with|at) (.+)$")
_NEGATIVE = re.compile(r"^[a-z. ]*[a-z.] -\d+$", re.IGNORECASE)
_WHOLE_SCORE = 100.0
_RELATION_SCORE = 50.0  # a place or two ends that fit are half of the match, the words of the name the other half


@dataclass(frozen=True)
class Resolution:
    """`element` when the phrase means exactly one; else `candidates` (several fit, best first) or only `nearest` (none fits).

    `scores` (0-100) stand beside `candidates`: 100 is the whole name. `places` is what a phrase means that names only a
    substation or area; `place` is it when there is one.
    """

    phrase: str
    element: Element | None = None
    candidates: tuple[Element, ...] = ()
    nearest: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def place(self) -> Place | None:
        return self.places[0] if len(self.places) == 1 else None


def resolve(registry: Registry, phrase: str, kinds: Iterable[ElementKind] = ()) -> Resolution:
    """Resolve 'line 14', 'T3', 'HV1 Trafo 3', 'the line between bus 5 and 6', 'load at bus 3', 'the twin of line 14' or 'substation 3'.

    An element of another kind than the phrase (or the caller) says is never found, unless the phrase is exactly its name.
    """
    wanted = family(kinds)
    named = registry.exact(phrase)
    allowed = wanted or kinds_in(phrase) or tuple(ElementKind)
    exact = [e for e in named if e.kind in allowed] or ([] if wanted else list(named))
    if exact:
        return _several(phrase, exact, [_WHOLE_SCORE] * len(exact))
    if _NEGATIVE.search(phrase):  # no element has a negative number: 'line -1' is not line 1
        return Resolution(phrase, nearest=nearest(registry, phrase, allowed))
    said = read(registry, phrase, wanted)
    places = () if wanted or said.head else places_meant(registry, said.text)
    if places:
        return Resolution(phrase, places=places)
    found, relation = _found(registry, said)
    if found:
        return _several(phrase, found, [_score(said, e, relation) for e in found])
    near = () if wanted else nearest_places(registry, said.text)
    return Resolution(phrase, nearest=near or (nearest(registry, said.text, wanted or said.kinds) if said.kinds else ()))


def _found(registry: Registry, said: Phrase) -> tuple[list[Element], float]:
    """Elements by the first rule that speaks, and how much of the match the rule itself is."""
    if match := _PARALLEL.search(said.text):
        base = resolve(registry, match.group(1))
        chosen = (base.element,) if base.element else base.candidates
        others = dict.fromkeys(e for one in chosen for e in parallel_to(registry, one))
        return said.narrowed(registry, others), _RELATION_SCORE
    for text in (said.text, " ".join(said.words)):  # 'load north' is the load called 'north'
        if named := said.narrowed(registry, registry.exact(text)):
            return named, _WHOLE_SCORE
    joined = by_ends(registry, said)
    if joined is not None:
        return joined, _RELATION_SCORE
    words = by_words(registry, said)
    return (words, 0.0 if said.words else _RELATION_SCORE) if words else (by_place(registry, said), _RELATION_SCORE)


def _several(phrase: str, found: Sequence[Element], scores: Sequence[float]) -> Resolution:
    if len(found) == 1:
        return Resolution(phrase, found[0], scores=())
    ranked = sorted(zip(scores, found, strict=True), key=lambda pair: -pair[0])
    return Resolution(phrase, candidates=tuple(e for _, e in ranked), scores=tuple(s for s, _ in ranked))


def _score(said: Phrase, element: Element, relation: float) -> float:
    """Share of the words in common (Dice's coefficient), 0-100, above what the rule that found it is worth."""
    name, words = set(normalised(element.name).split()), set(said.words)
    if element.kind in ALL_WORDS.get(said.head, ()):
        words |= {w for w in name if element.kind in ALL_WORDS.get(w, ())}
    alike = 2 * len(words & name) / max(len(words) + len(name), 1)
    return round(relation + (_WHOLE_SCORE - relation) * alike, 1)
